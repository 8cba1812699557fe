import type { Node } from './ast.ts';
import { alphabetOf, minLengthOf } from './bounds.ts';
import { type ByteSet, EMPTY, sizeOf, toBits, union } from './bytes.ts';
import { literalNode } from './parts.ts';
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

/**
 * What must follow a place, given the nodes that come after it. Each prefix of them gives a true statement (all their
 * bytes, their least length together); the one that says most is taken. Undefined when none says anything.
 */
export const followOf = (rest: readonly Node[]): FollowSet | undefined => {
  let set = EMPTY;
  let min = 0;
  let best: { follow: FollowSet; bits: number } | undefined;
  for (const node of rest) {
    set = union(set, alphabetOf(node));
    min += minLengthOf(node);
    if (sizeOf(set) > USEFUL_SIZE) break;
    const bits = Math.min(min, USEFUL_BYTES) * bitsOfSet(set);
    if (min > 0 && bits > (best?.bits ?? 0)) best = { follow: { set, min }, bits };
  }
  return best?.follow;
};

/** The same with some text of the literal itself coming first. */
export const followOfTail = (tail: string, nocase: boolean, rest: readonly Node[]): FollowSet | undefined =>
  followOf(tail === '' ? rest : [literalNode(tail, nocase), ...rest]);

/** What holds in either of two cases. */
export const eitherFollow = (a: FollowSet | undefined, b: FollowSet | undefined): FollowSet | undefined => {
  if (!a || !b) return undefined;
  const set = union(a.set, b.set);
  return sizeOf(set) > USEFUL_SIZE ? undefined : { set, min: Math.min(a.min, b.min) };
};

/** As plain data. */
export const followData = ({ set, min }: FollowSet): { set: string; min: number } => ({ set: toBits(set), min });
