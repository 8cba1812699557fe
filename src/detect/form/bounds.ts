import { childrenOf, type Node, type Repeat } from './ast.ts';
import { type ByteSet, EMPTY, equals, foldCase, intersects, letterOfPair, ofText, sizeOf, union } from './bytes.ts';
import { ENCODED, NEWLINE } from './sets.ts';

/** Where unbounded repeats end. */
export interface Limits {
  /** For most repeats. */
  readonly open: number;
  /** For repeats of a base64 or base64url set. */
  readonly encoded: number;
  /** For repeats of a set that takes nearly everything, line breaks too; `open` by default. */
  readonly wide?: number;
}

/** A set of at least this many bytes that has the line feed reaches over lines: key blocks, quoted text. */
const WIDE_SET = 200;

/** An unbounded repeat inside of another, and the one around it, end sooner: their counts multiply. */
const NESTED_LIMIT = 64;

/** The same tree with `{m,}`, `*` and `+` ended at max(m, limit). They stay marked as `open`. */
export const clip = (node: Node, limits: Limits): Node => {
  if (node.kind === 'seq') return { ...node, items: node.items.map((item) => clip(item, limits)) };
  if (node.kind === 'alt') return { ...node, options: node.options.map((option) => clip(option, limits)) };
  if (node.kind === 'secret') return { ...node, body: clip(node.body, limits) };
  if (node.kind !== 'repeat') return node;
  if (!node.open) return { ...node, body: clip(node.body, limits) };
  const tight = hasOpen(node.body) ? nested(limits) : limits;
  return { ...node, body: clip(node.body, nested(limits)), max: Math.max(node.min, limitOf(node, tight)) };
};

const nested = ({ open, encoded }: Limits): Limits => ({
  open: Math.min(open, NESTED_LIMIT),
  encoded: Math.min(encoded, NESTED_LIMIT),
});

const hasOpen = (node: Node): boolean => (node.kind === 'repeat' && node.open) || childrenOf(node).some(hasOpen);

const limitOf = ({ body }: Repeat, limits: Limits): number => {
  if (body.kind !== 'set') return limits.open;
  if (ENCODED.some((set) => equals(set, body.set))) return limits.encoded;
  return sizeOf(body.set) >= WIDE_SET && intersects(body.set, LINE_FEED) ? (limits.wide ?? limits.open) : limits.open;
};

const LINE_FEED = ofText('\n');

const lineEdge = (node: Node): boolean =>
  node.kind === 'edge' && (node.edge === 'lineStart' || node.edge === 'lineEnd');

/** Bytes of the shortest text that the node matches. */
export const minLengthOf = (node: Node): number => {
  if (node.kind === 'literal') return node.text.length;
  if (node.kind === 'set') return 1;
  if (node.kind === 'seq') return node.items.reduce((sum, item) => sum + minLengthOf(item), 0);
  if (node.kind === 'alt') return Math.min(...node.options.map(minLengthOf));
  if (node.kind === 'repeat') return node.min * minLengthOf(node.body);
  return node.kind === 'secret' ? minLengthOf(node.body) : 0;
};

/** Bytes of the longest text that the node matches; Infinity for a repeat that is not clipped. */
export const maxLengthOf = (node: Node): number => {
  if (node.kind === 'literal') return node.text.length;
  if (node.kind === 'set') return 1;
  if (node.kind === 'seq') return node.items.reduce((sum, item) => sum + maxLengthOf(item), 0);
  if (node.kind === 'alt') return Math.max(...node.options.map(maxLengthOf));
  if (node.kind === 'repeat') return maxLengthOf(node.body) === 0 ? 0 : node.max * maxLengthOf(node.body);
  if (node.kind === 'secret') return maxLengthOf(node.body);
  return lineEdge(node) ? 1 : 0;
};

const bytesOfText = (text: string, nocase: boolean): ByteSet => (nocase ? foldCase(ofText(text)) : ofText(text));

const unionOf = (sets: readonly ByteSet[]): ByteSet => sets.reduce(union, EMPTY);

/** Every byte that may stand anywhere in a match of the node. */
export const alphabetOf = (node: Node): ByteSet => {
  if (node.kind === 'literal') return bytesOfText(node.text, node.nocase);
  if (node.kind === 'set') return node.set;
  if (node.kind === 'seq') return unionOf(node.items.map(alphabetOf));
  if (node.kind === 'alt') return unionOf(node.options.map(alphabetOf));
  if (node.kind === 'edge') return lineEdge(node) ? NEWLINE : EMPTY;
  return alphabetOf(node.body);
};

const endBytes = (node: Node, last: boolean): ByteSet => {
  if (node.kind === 'literal') return bytesOfText(node.text.at(last ? -1 : 0)!, node.nocase);
  if (node.kind === 'seq') return endOfSequence(last ? node.items.toReversed() : node.items, last);
  if (node.kind === 'alt') return unionOf(node.options.map((option) => endBytes(option, last)));
  if (node.kind === 'repeat' || node.kind === 'secret') return endBytes(node.body, last);
  return alphabetOf(node);
};

const endOfSequence = (items: readonly Node[], last: boolean): ByteSet => {
  let set = EMPTY;
  for (const item of items) {
    set = union(set, endBytes(item, last));
    if (minLengthOf(item) > 0) break;
  }
  return set;
};

/** Bytes that a non-empty match of the node can start with. */
export const firstBytes = (node: Node): ByteSet => endBytes(node, false);

/** Bytes that a non-empty match of the node can end with. */
export const lastBytes = (node: Node): ByteSet => endBytes(node, true);

/**
 * Whether a match may end in a class whose count is bounded as written, so that the text may go on in the same class
 * without the match taking it. An unbounded repeat takes all there is; a literal has nothing to go on with.
 */
export const endsOpen = (node: Node): boolean => {
  if (node.kind === 'set') return sizeOf(node.set) > 1 && letterOfPair(node.set) === undefined;
  if (node.kind === 'alt') return node.options.some(endsOpen);
  if (node.kind === 'secret') return endsOpen(node.body);
  if (node.kind === 'repeat') return !(node.open && node.body.kind === 'set') && endsOpen(node.body);
  if (node.kind !== 'seq') return false;
  for (const item of node.items.toReversed()) {
    if (endsOpen(item)) return true;
    if (minLengthOf(item) > 0) return false;
  }
  return false;
};
