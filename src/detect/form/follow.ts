import type { Node } from './ast.ts';
import { alphabetOf, maxLengthOf, minLengthOf } from './bounds.ts';
import { type ByteSet, EMPTY, has, ofRanges, sizeOf, toBits, union } from './bytes.ts';
import { bitsOfSet } from './rarity.ts';

/** At least `min` bytes right after a literal are in `set`. */
export interface FollowSet {
  readonly set: ByteSet;
  readonly min: number;
  /** Behind at most so many bytes of the set, which does not hold it, stands this byte. */
  readonly until?: { readonly byte: number; readonly max: number };
}

/** More bytes than this say nothing new about a candidate. */
const USEFUL_BYTES = 64;
/** A wider set than this is no test. */
const USEFUL_SIZE = 224;
/** A byte farther away is not looked for; nor one behind line breaks that is not next to the literal (kernel/test-reach.ts). */
const FARTHEST = 512;
const NEXT_TO = 16;
const hasBreak = (set: ByteSet): boolean => has(set, 10) || has(set, 13);
/** Statements kept when two places are joined. */
const KEPT = 8;

/**
 * What must follow a place, given the nodes that come after it: each prefix of them gives a true statement (all their
 * bytes, their least length together).
 */
export const followsOf = (rest: readonly Node[]): FollowSet[] => {
  const follows: FollowSet[] = [];
  let set = EMPTY;
  let min = 0;
  let max = 0;
  let runMin = 0;
  for (const node of rest) {
    const byte = max > 0 ? firstByte(node) : undefined;
    const isNear = max <= (hasBreak(set) ? NEXT_TO : FARTHEST);
    if (byte !== undefined && isNear && !has(set, byte)) follows.push({ set, min, until: { byte, max } });
    set = union(set, alphabetOf(node));
    min += minLengthOf(node);
    max += maxLengthOf(node);
    if (min === runMin || !isTelling({ set, min })) continue;
    follows.push({ set, min });
    runMin = min;
  }
  return follows;
};

const isTelling = ({ set, until }: FollowSet): boolean => until !== undefined || sizeOf(set) <= USEFUL_SIZE;

/** The byte that a node begins with, where there is one only. */
const firstByte = (node: Node): number | undefined =>
  node.kind === 'literal' && !(node.nocase && /^[A-Za-z]/.test(node.text)) ? node.text.charCodeAt(0) : undefined;

/** A byte behind a run counts for as much as it is rare among what may end the run. */
const worth = ({ set, min, until }: FollowSet): number => {
  const run = Math.min(min, USEFUL_BYTES) * bitsOfSet(set);
  if (!until) return run;
  const stop = 2 ** -bitsOfSet(ofRanges([[until.byte, until.byte]]));
  const others = Math.max(0, 1 - 2 ** -bitsOfSet(set) - stop);
  return run - Math.log2(stop / (stop + others));
};

/** The statement that says most; undefined when there is none. */
export const bestFollow = (follows: readonly FollowSet[]): FollowSet | undefined => {
  let best: FollowSet | undefined;
  let most = 0;
  for (const follow of follows) {
    const bits = worth(follow);
    if (bits > most) [best, most] = [follow, bits];
  }
  return best;
};

/** What holds in either of two cases. */
export const eitherFollows = (a: readonly FollowSet[], b: readonly FollowSet[]): FollowSet[] =>
  a
    .flatMap((left) => b.flatMap((right) => either(left, right) ?? []))
    .filter(isTelling)
    .toSorted((left, right) => worth(right) - worth(left))
    .slice(0, KEPT);

const either = (left: FollowSet, right: FollowSet): FollowSet | undefined => {
  const both = { set: union(left.set, right.set), min: Math.min(left.min, right.min) };
  if (!left.until && !right.until) return both;
  if (left.until?.byte !== right.until?.byte || has(both.set, left.until!.byte)) return undefined;
  return { ...both, until: { byte: left.until!.byte, max: Math.max(left.until!.max, right.until!.max) } };
};

/** As plain data. */
export const followData = ({ set, min, until }: FollowSet): FollowData => ({
  set: toBits(set),
  min,
  ...(until ? { until } : {}),
});

/** A FollowSet whose set has 256 characters '0' or '1'. */
export interface FollowData extends Omit<FollowSet, 'set'> {
  readonly set: string;
}
