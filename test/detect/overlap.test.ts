import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RankedMatch, resolveOverlaps } from '../../src/detect/overlap.ts';
import { shown } from '../support/detector.ts';

const match = (fields: Partial<RankedMatch>): RankedMatch => ({
  ruleId: 'one',
  secret: 'value',
  identity: 'value',
  start: 0,
  end: 10,
  severity: 'high',
  confidence: 'medium',
  proof: 'not applicable',
  chain: [],
  reasons: [],
  details: {},
  alsoMatched: [],
  specificity: 20,
  ...fields,
});

const someMatch: fc.Arbitrary<RankedMatch> = fc
  .record({
    ruleId: fc.constantFrom('a', 'b', 'c', 'd'),
    start: fc.nat(60),
    length: fc.integer({ min: 1, max: 25 }),
    confidence: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    proof: fc.constantFrom('valid' as const, 'invalid' as const, 'not applicable' as const),
    specificity: fc.constantFrom(0, 5, 20, 24),
    chain: fc.constantFrom([], ['base64']),
  })
  .map(({ length, ...fields }) => match({ ...fields, end: fields.start + length }));

const touch = (a: RankedMatch, b: RankedMatch) => a.start < b.end && b.start < a.end;

const winner = (...matches: RankedMatch[]): string[] => resolveOverlaps(matches).map(({ ruleId }) => ruleId);

describe('of overlapping matches', () => {
  it('none stay that overlap, and none is lost without one that it overlaps', () => {
    fc.assert(
      fc.property(fc.array(someMatch, { maxLength: 25 }), (all) => {
        const kept = resolveOverlaps(all);
        for (const [i, one] of kept.entries()) {
          if (i > 0) expect(one.start).toBeGreaterThanOrEqual(kept[i - 1]!.end);
        }
        for (const one of all) expect(kept.some((other) => touch(one, other))).toBe(true);
        const places = new Set(shown(all));
        for (const place of shown(kept)) expect(places).toContain(place);
      }),
      { numRuns: 2000 },
    );
  });

  it('the same stay in whatever order they come, and when they are resolved again', () => {
    fc.assert(
      fc.property(fc.array(someMatch, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (all, numbers) => {
        const kept = resolveOverlaps(all);
        const order = all.map((one) => ({ one, key: numbers.next().value! })).sort((a, b) => a.key - b.key);
        expect(shown(resolveOverlaps(order.map(({ one }) => one)))).toEqual(shown(kept));
        expect(resolveOverlaps(kept)).toEqual(kept);
      }),
      { numRuns: 1000 },
    );
  });

  it('a proved one stays before all others', () => {
    const proved = match({ ruleId: 'proved', proof: 'valid', specificity: 6, confidence: 'high' });
    expect(winner(match({ specificity: 90, end: 40 }), proved)).toEqual(['proved']);
  });

  it('the more specific stays before the surer and the longer', () => {
    const specific = match({ ruleId: 'specific', specificity: 25, confidence: 'low', start: 4, end: 8 });
    expect(winner(match({ confidence: 'high' }), specific)).toEqual(['specific']);
  });

  it('one whose proof failed gives way to an equal', () => {
    expect(winner(match({ ruleId: 'a', proof: 'invalid' }), match({ ruleId: 'b' }))).toEqual(['b']);
  });

  it('the longer stays, then the one that needed no decoding', () => {
    expect(winner(match({ ruleId: 'a' }), match({ ruleId: 'b', end: 11 }))).toEqual(['b']);
    expect(winner(match({ ruleId: 'a', chain: ['base64'] }), match({ ruleId: 'b' }))).toEqual(['b']);
  });

  it('the one that stays names the others, in order and once', () => {
    const [kept] = resolveOverlaps([
      match({ ruleId: 'best', specificity: 50 }),
      match({ ruleId: 'z' }),
      match({ ruleId: 'c', start: 2, alsoMatched: [] }),
      match({ ruleId: 'c', start: 4 }),
      match({ ruleId: 'best', start: 1, specificity: 50 }),
    ]);
    expect(kept!.alsoMatched).toEqual(['c', 'z']);
  });

  it('neighbours that only touch both stay', () => {
    expect(winner(match({ ruleId: 'a' }), match({ ruleId: 'b', start: 10, end: 20 }))).toEqual(['a', 'b']);
  });
});
