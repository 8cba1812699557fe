import { describe, expect, it } from 'vitest';
import type { FoundItem } from '../../src/scan/jobs.ts';
import { createTally, MATCHES_KEPT } from '../../src/scan/tally.ts';
import type { LocatedMatch } from '../../src/types.ts';

/** Only their number counts here. */
const itemWith = (count: number): FoundItem => ({
  origin: { type: 'file', path: 'many' },
  matches: Array.from({ length: count }, () => ({}) as LocatedMatch),
  dropped: [],
});
const reportOf = (...found: FoundItem[]) => ({
  items: { file: found.length },
  bytes: 1,
  found,
  dropped: {},
  skipped: [],
  unread: [],
});
const keptOf = ({ found }: { found: readonly FoundItem[] }) =>
  found.reduce((sum, { matches }) => sum + matches.length, 0);

describe('the matches that a tally keeps', () => {
  it('are all, up to a bound', () => {
    const tally = createTally();
    tally.add(reportOf(itemWith(MATCHES_KEPT - 1), itemWith(1)));
    expect([keptOf(tally), tally.incompleteReasons.size]).toEqual([MATCHES_KEPT, 0]);
  });

  it('are the first ones when there are more, be it in one item, and the scan is then incomplete', () => {
    const tally = createTally();
    tally.add(reportOf(itemWith(MATCHES_KEPT + 5), itemWith(1)));
    tally.add(reportOf(itemWith(1)));
    expect(keptOf(tally)).toBe(MATCHES_KEPT);
    const facts = { target: '', mode: 'dir', rules: 1, engine: 'v8', startedAt: 0, interrupted: false };
    expect(tally.receipt(facts)).toMatchObject({ complete: false, skippedCounts: { 'too many findings': 1 } });
  });
});
