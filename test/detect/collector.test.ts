import { describe, expect, it } from 'vitest';
import { ACCEPTED, createCollector } from '../../src/detect/collector.ts';
import type { Draft } from '../../src/detect/finding-draft.ts';
import { compileRule } from '../../src/detect/rules/compile.ts';
import type { Dropped } from '../../src/types.ts';
import { ruleSource } from '../support/detector.ts';

const rule = compileRule(ruleSource({ id: 'acme', shape: "'acme_' hex{32}" }), 'v8');
const draft = (fields: Partial<Draft> = {}): Draft => ({
  start: 4,
  end: 9,
  secret: 'value',
  identity: 'value',
  confidence: 'medium',
  severity: 'high',
  proof: 'not applicable',
  reasons: [],
  details: {},
  chain: [],
  ...fields,
});
const refusal = { start: 4, end: 9, refused: 'a placeholder' };

const gather = (...found: (Draft | typeof refusal)[]) => {
  const dropped: Dropped[] = [];
  const { collect, matches } = createCollector(dropped, true);
  for (const one of found) collect(rule, 0, one);
  return { matches, dropped: dropped.filter((one) => one !== ACCEPTED) };
};

describe('of one span found several times', () => {
  it('the surest reading counts, whatever its place', () => {
    const low = draft({ confidence: 'low' });
    for (const order of [
      [low, draft()],
      [draft(), low],
    ])
      expect(gather(...order).matches).toMatchObject([{ confidence: 'medium' }]);
  });

  it('the weightier reading counts among those that are as sure', () => {
    const { matches } = gather(draft({ weight: 1, reasons: ['one'] }), draft({ weight: 2, reasons: ['two'] }));
    expect(matches).toMatchObject([{ reasons: ['two'], specificity: rule.specificity + 2 }]);
  });

  it('a match takes back a refusal, and no refusal takes back a match', () => {
    for (const order of [
      [refusal, draft()],
      [draft(), refusal],
    ])
      expect(gather(...order)).toMatchObject({ matches: [{ secret: 'value' }], dropped: [] });
    expect(gather(refusal, refusal)).toMatchObject({ matches: [], dropped: [{ reason: 'a placeholder' }] });
  });

  it('others that start with it are others', () => {
    expect(gather(draft(), draft({ end: 12 })).matches).toHaveLength(2);
  });
});
