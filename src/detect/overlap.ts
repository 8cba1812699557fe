import { CONFIDENCES, type Match } from '../types.ts';

/** A match with what decides an overlap. */
export interface RankedMatch extends Match {
  readonly specificity: number;
}

/** Positive when `a` should give way to `b`. A total order: no two different matches compare as equal. */
const compare = (a: RankedMatch, b: RankedMatch): number =>
  Number(b.proof === 'valid') - Number(a.proof === 'valid') ||
  b.specificity - a.specificity ||
  Number(a.proof === 'invalid') - Number(b.proof === 'invalid') ||
  CONFIDENCES.indexOf(b.confidence) - CONFIDENCES.indexOf(a.confidence) ||
  b.end - b.start - (a.end - a.start) ||
  a.chain.length - b.chain.length ||
  a.start - b.start ||
  (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0);

/**
 * Of matches that share bytes only the best stays: a proved one before an unproved, a provider's form before what
 * carries any credential, the longer. The ids of those that give way are kept in `alsoMatched`.
 * @returns the survivors, sorted by start.
 */
export const resolveOverlaps = (matches: readonly RankedMatch[]): RankedMatch[] => {
  if (matches.length < 2) return [...matches];
  const kept: RankedMatch[] = [];
  const lost = new Map<RankedMatch, Set<string>>();
  // Best first, against those kept so far: few matches overlap, but a file may hold many.
  const byStart: RankedMatch[] = [];
  for (const match of [...matches].sort(compare)) {
    const winner = overlapping(byStart, match);
    if (winner) {
      if (winner.ruleId !== match.ruleId) lost.get(winner)!.add(match.ruleId);
      continue;
    }
    lost.set(match, new Set());
    insertSorted(byStart, match);
  }
  for (const match of byStart) {
    const also = [...lost.get(match)!].sort();
    kept.push(also.length ? { ...match, alsoMatched: [...new Set([...match.alsoMatched, ...also])].sort() } : match);
  }
  return kept;
};

/** Index of the first kept match that ends behind `at`; kept matches are disjoint and sorted. */
export const firstEndingAfter = (kept: readonly Pick<Match, 'end'>[], at: number): number => {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (kept[middle]!.end > at) high = middle;
    else low = middle + 1;
  }
  return low;
};

const overlapping = (kept: readonly RankedMatch[], { start, end }: RankedMatch): RankedMatch | undefined => {
  const next = kept[firstEndingAfter(kept, start)];
  return next && next.start < end ? next : undefined;
};

const insertSorted = (kept: RankedMatch[], match: RankedMatch): void => {
  kept.splice(firstEndingAfter(kept, match.start), 0, match);
};
