import type { Node, OneOf, Repeat } from './ast.ts';
import { complement, intersection, intersects, members, ofText, sizeOf, union } from './bytes.ts';
import { ALNUM, PRINTABLE, SPACE } from './sets.ts';

/** A text that a form matches as a whole, and where the secret stands in it (bytes, end exclusive). */
export interface Sample {
  readonly text: string;
  readonly secretStart: number;
  readonly secretEnd: number;
}

type Random = () => number;

interface Draft {
  text: string;
  readonly random: Random;
}

const TRIES = 200;

/**
 * A generator of examples of a form. `random` gives numbers in [0, 1). What a draft says can be read in another way by
 * the regex (a lazy gap that ends early, an alternative that is a prefix of another), so drafts are tried until the
 * regex takes the whole, and the spans are those of the regex. Throws Error when no draft does.
 */
export const generatorOf = (node: Node, source: string, hasSecret: boolean): ((random: Random) => Sample) => {
  let regex: RegExp | undefined;
  return (random) => {
    regex ??= new RegExp(source, 'd');
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const draft: Draft = { text: '', random };
      write(node, draft);
      const match = regex.exec(draft.text);
      const span = hasSecret ? match?.indices?.groups?.secret : match?.indices?.[0];
      if (match && match[0].length === draft.text.length && span) {
        return { text: draft.text, secretStart: span[0], secretEnd: span[1] };
      }
    }
    throw new Error('no example found that the form matches as a whole');
  };
};

const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)]!;

const write = (node: Node, draft: Draft): void => {
  if (node.kind === 'literal') draft.text += node.nocase ? anyCase(node.text, draft.random) : node.text;
  else if (node.kind === 'set') draft.text += pick(sampleOf(node), draft.random);
  else if (node.kind === 'seq') for (const item of node.items) write(item, draft);
  else if (node.kind === 'alt') write(pick(node.options, draft.random), draft);
  else if (node.kind === 'repeat') writeRepeat(node, draft);
  else if (node.kind === 'secret') write(node.body, draft);
};

/** Mostly as written, sometimes all upper or all lower: the way names are spelled. */
const anyCase = (text: string, random: Random): string => {
  const kind = random();
  if (kind < 0.5) return text;
  const change = (letters: string) => (kind < 0.75 ? letters.toLowerCase() : letters.toUpperCase());
  return text.replace(/[A-Za-z]+/g, change);
};

const writeRepeat = (node: Repeat, draft: Draft): void => {
  const range = Math.min(node.max - node.min, longestExtra(node));
  // Wide ranges stand for "long enough": examples near the lower bound are the ones people meet.
  const share = range > 16 ? draft.random() ** 3 : draft.random();
  const count = node.min + Math.floor(share * (range + 1));
  for (let done = 0; done < count; done++) write(node.body, draft);
};

/** Gaps stay short, white space is rarely more than one, what has no bound as written gets a moderate one. */
const longestExtra = ({ body, lazy, open }: Repeat): number => {
  if (body.kind === 'set' && !intersects(body.set, NOT_SPACE)) return 1;
  if (lazy) return 24;
  return open ? 64 : Number.POSITIVE_INFINITY;
};

const NOT_SPACE = complement(SPACE);

/** What wide sets are drawn from: characters that need no escape where examples are put. */
const PLAIN = union(ALNUM, ofText('-_.+'));

const samples = new WeakMap<OneOf, readonly string[]>();

/** Characters to draw from: of a wide set the plain ones only, of a set with printable ones only these. */
const sampleOf = (node: OneOf): readonly string[] => {
  const known = samples.get(node);
  if (known) return known;
  const wanted = node.sample ?? node.set;
  const printable = intersection(wanted, PRINTABLE);
  const count = sizeOf(printable);
  const drawn = count > 80 ? intersection(printable, PLAIN) : count > 0 ? printable : wanted;
  const characters = members(drawn).map((byte) => String.fromCharCode(byte));
  samples.set(node, characters);
  return characters;
};
