import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupFindings, type Located } from '../../src/findings/grouping.ts';
import { KEY_MASK } from '../../src/findings/redact.ts';
import type { Confidence, Severity } from '../../src/types.ts';
import { commit, located, random, randomToken, region, ruleFacts } from './sample.ts';

const group = (input: Iterable<Located>) => groupFindings(input, ruleFacts);

describe('groupFindings', () => {
  test('joins all places of a secret into one finding, sorted by path, line and column', () => {
    const secret = randomToken();
    const [finding, ...rest] = group([
      located('b.txt', { secret }),
      located('a.txt', { secret, region: region(10, 1) }),
      located('a.txt', { secret, region: region(9, 7) }),
      located('a.txt', { secret, region: region(9, 3) }),
    ]);
    expect(rest).toEqual([]);
    expect(finding?.occurrences.map(({ path, region: r }) => [path, r.startLine, r.startColumn])).toEqual([
      ['a.txt', 9, 3],
      ['a.txt', 9, 7],
      ['a.txt', 10, 1],
      ['b.txt', 1, 1],
    ]);
  });

  test('two rules on the same bytes are one place; the more confident rule speaks', () => {
    const secret = randomToken();
    const [finding] = group([
      located('a', { secret, ruleId: 'generic', severity: 'critical', confidence: 'low' }),
      located('a', { secret, ruleId: 'acme-token', severity: 'high', confidence: 'high', alsoMatched: ['other'] }),
    ]);
    expect(finding?.rule.id).toBe('acme-token');
    expect([finding?.severity, finding?.confidence]).toEqual(['high', 'high']);
    expect(finding?.alsoMatched).toEqual(['generic', 'other']);
    expect(finding?.occurrences).toHaveLength(1);
  });

  test('at equal confidence the more severe rule speaks, then the first by id', () => {
    const secret = randomToken();
    const pick = (...rules: [string, Severity][]) =>
      group(rules.map(([ruleId, severity]) => located('a', { secret, ruleId, severity })))[0]?.rule.id;
    expect(pick(['a', 'low'], ['b', 'high'])).toBe('b');
    expect(pick(['b', 'high'], ['a', 'high'])).toBe('a');
  });

  test('one key in two encodings is one finding, shown as a key', () => {
    const identity = `spki:${random(64)}`;
    const [finding, ...rest] = group([
      located('a.pem', { identity, secret: random(200) }),
      located('a.der', { identity, secret: random(180) }),
    ]);
    expect(rest).toEqual([]);
    expect(finding?.redacted).toBe(KEY_MASK);
  });

  test('is pre-existing only when no place was introduced', () => {
    const secret = randomToken();
    const old = located('a', { secret }, { introduced: false });
    const added = located('b', { secret }, { introduced: true });
    expect(group([old])[0]?.status).toBe('pre-existing');
    expect(group([old, added])[0]?.status).toBe('active');
    expect(group([old, located('a', { secret }, { introduced: true })])[0]?.status).toBe('active');
    expect(group([located('a', { secret })])[0]?.status).toBe('active');
  });

  test('orders findings by severity, confidence, path and line; places without a path come last', () => {
    const message = { type: 'commit-message', oid: 'c'.repeat(40) } as const;
    const { path: _, ...inMessage } = located('', { severity: 'critical' }, { origin: message });
    const findings = group([
      located('z', { severity: 'low' }),
      inMessage,
      located('b', { severity: 'critical', region: region(2) }),
      located('b', { severity: 'critical', region: region(1) }),
      located('a', { severity: 'critical', confidence: 'medium' }),
    ]);
    expect(findings.map(({ occurrences: [first] }) => `${first?.path}:${first?.region.startLine}`)).toEqual([
      'b:1',
      'b:2',
      'undefined:1',
      'a:1',
      'z:1',
    ]);
  });

  test('the answer does not depend on the order of arrival', () => {
    const secrets = [randomToken(), randomToken(), randomToken()];
    const place = fc.record({
      path: fc.constantFrom('a', 'b', 'é', '\udcff'),
      secret: fc.constantFrom(...secrets),
      ruleId: fc.constantFrom('acme-token', 'generic', 'acme-account'),
      severity: fc.constantFrom<Severity>('low', 'high', 'critical'),
      confidence: fc.constantFrom<Confidence>('low', 'high'),
      line: fc.integer({ min: 1, max: 3 }),
      oid: fc.constantFrom('1'.repeat(40), '2'.repeat(40)),
      introduced: fc.boolean(),
      reason: fc.constantFrom('one', 'two'),
    });
    const toLocated = (p: typeof place extends fc.Arbitrary<infer T> ? T : never) =>
      located(
        p.path,
        {
          secret: p.secret,
          ruleId: p.ruleId,
          severity: p.severity,
          confidence: p.confidence,
          region: region(p.line),
          reasons: [p.reason],
        },
        { origin: { type: 'blob', oid: p.oid }, commit: commit({ oid: p.oid }), introduced: p.introduced },
      );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (places, numbers) => {
        const input = places.map(toLocated);
        const shuffled = input
          .map((item) => ({ item, key: numbers.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        expect(group(shuffled)).toEqual(group(input));
        expect(group([...input, ...shuffled])).toEqual(group(input));
      }),
    );
  });

  test("a key of one's own changes every fingerprint", () => {
    const input = [located('a')];
    expect(groupFindings(input, ruleFacts, 'own key')[0]?.fingerprint).not.toBe(group(input)[0]?.fingerprint);
  });
});
