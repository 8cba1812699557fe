import type { Node } from './ast.ts';
import { alphabetOf, minLengthOf } from './bounds.ts';
import { type ByteSet, EMPTY, sizeOf, toBits, union } from './bytes.ts';
import { bitsOfSet } from './rarity.ts';

/** At least `min` bytes right after a literal are in `set`. */
export interface FollowSet {
  readonly set: ByteSet;
  readonly min: number;
}

/** More bytes than this say nothing new about a candidate. */
const USEFUL_BYTES = 64;
/** A wider set than this is no test. */
const USEFUL_SIZE = 224;
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
  for (const node of rest) {
    set = union(set, alphabetOf(node));
    if (sizeOf(set) > USEFUL_SIZE) break;
    min += minLengthOf(node);
    if (min > 0 && min !== follows.at(-1)?.min) follows.push({ set, min });
  }
  return follows;
};

const worth = ({ set, min }: FollowSet): number => Math.min(min, USEFUL_BYTES) * bitsOfSet(set);

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
    .flatMap((left) => b.map((right) => ({ set: union(left.set, right.set), min: Math.min(left.min, right.min) })))
    .filter(({ set }) => sizeOf(set) <= USEFUL_SIZE)
    .toSorted((left, right) => worth(right) - worth(left))
    .slice(0, KEPT);

/** As plain data. */
export const followData = ({ set, min }: FollowSet): { set: string; min: number } => ({ set: toBits(set), min });
