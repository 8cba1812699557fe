import { deriveAnchors, type FormAnchor, locateAnchors } from './anchors.ts';
import type { Node } from './ast.ts';
import { alphabetOf, clip, endsOpen, firstBytes, lastBytes, maxLengthOf, minLengthOf } from './bounds.ts';
import { toBits } from './bytes.ts';
import { emit } from './emit.ts';
import { FormError } from './error.ts';
import { generatorOf, type Sample } from './generate.ts';
import { parsePattern } from './pattern-parser.ts';
import { parseShape } from './shape-parser.ts';
import { countSecrets, hasEdges, validate, withoutLineBreaks } from './validate.ts';

export type { FormAnchor } from './anchors.ts';
export { toRe2Source } from './emit.ts';
export { FormError } from './error.ts';
export type { Sample } from './generate.ts';

/** `secretGroup`: number of the capturing group that is the secret; 0 is the first that takes text. */
export type FormSource = { readonly shape: string } | { readonly pattern: string; readonly secretGroup?: number };

export interface FormOptions {
  /** Literals to anchor the form by, instead of the derived ones. */
  readonly anchors?: readonly string[];
  /** The given anchors may stand in any case. The case of the form itself still counts. */
  readonly nocase?: boolean;
  /** Where `{m,}`, `*` and `+` end: at max(m, this). Default and most for most sets: 512. */
  readonly openLimit?: number;
  /** The same for base64 and base64url sets. Default 512, most 4096. */
  readonly encodedLimit?: number;
  /** The same for sets that take nearly everything, line breaks too. Default `openLimit`, most 4096. */
  readonly wideLimit?: number;
}

/** What the detector needs to know of a rule's shape or pattern. Lengths and offsets are bytes. */
export interface Form {
  /** Regex text with one meaning in V8, RE2 and re2js without flags; its named groups are `secret` and `secretN`. */
  readonly source: string;
  /** Otherwise the whole match is the secret. */
  readonly hasSecretGroup: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly secretMinLength: number;
  readonly anchors: readonly FormAnchor[];
  /** 256 characters '0' or '1': bytes that a match can start with, end with, hold. */
  readonly first: string;
  readonly last: string;
  readonly alphabet: string;
  /** A match may end in a class that the text goes on in: the byte behind it must be looked at. */
  readonly lastOpen: boolean;
  /** Has `^`, `$`, `\A` or `\z`: the regex must see real ends of text, or the line breaks beside a line. */
  readonly hasEdges: boolean;
  /** The syntax tree, repeats bounded. */
  readonly tree: Node;
  /** An example; `random` gives numbers in [0, 1). Throws Error when none is found. */
  generate(random: () => number): Sample;
}

const OPEN_LIMIT = 512;
/** Most for base64, base64url and nearly everything. */
const LONG_MOST = 4096;
/** Longest match of any form. */
const LENGTH_LIMIT = 65_536;

/**
 * Compiles a shape (grammar of the rule files) or a pattern (RE2 syntax) over latin1 text, where one character is one
 * byte. Throws FormError, with the 0-based offset in the source, for bad syntax, matches that are unbounded or may be
 * empty, and anchors that do not hold.
 */
export const compileForm = (source: FormSource, options: FormOptions = {}): Form => {
  const parsed = 'shape' in source ? parseShape(source.shape) : parsePattern(source.pattern, source.secretGroup);
  const limits = {
    open: Math.min(options.openLimit ?? OPEN_LIMIT, OPEN_LIMIT),
    encoded: Math.min(options.encodedLimit ?? OPEN_LIMIT, LONG_MOST),
    ...(options.wideLimit === undefined ? {} : { wide: Math.min(options.wideLimit, LONG_MOST) }),
  };
  const tree = withoutLineBreaks(clip(parsed, limits));
  validate(tree);
  const lengths = lengthsOf(tree);
  const hasSecretGroup = countSecrets(tree) > 0;
  const regex = emit(tree);
  return {
    source: regex,
    hasSecretGroup,
    ...lengths,
    secretMinLength: minLengthOf(secretOf(tree) ?? tree),
    anchors: options.anchors?.length
      ? locateAnchors(tree, options.anchors, options.nocase ?? false)
      : deriveAnchors(tree),
    first: toBits(firstBytes(tree)),
    last: toBits(lastBytes(tree)),
    alphabet: toBits(alphabetOf(tree)),
    lastOpen: endsOpen(tree),
    hasEdges: hasEdges(tree),
    tree,
    generate: generatorOf(tree, regex, hasSecretGroup),
  };
};

const lengthsOf = (tree: Node): { minLength: number; maxLength: number } => {
  const minLength = minLengthOf(tree);
  const maxLength = maxLengthOf(tree);
  if (minLength === 0) throw new FormError('can match the empty text', 0);
  if (maxLength > LENGTH_LIMIT) {
    throw new FormError(`can match ${maxLength} bytes, more than ${LENGTH_LIMIT}: bound its repeats`, 0);
  }
  return { minLength, maxLength };
};

const secretOf = (node: Node): Node | undefined => {
  if (node.kind === 'secret') return node.body;
  return node.kind === 'seq' ? node.items.map(secretOf).find((found) => found !== undefined) : undefined;
};
