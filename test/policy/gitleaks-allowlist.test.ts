import { describe, expect, it } from 'vitest';
import { loadRe2, loadRe2js } from '../../src/detect/engine.ts';
import type { Located } from '../../src/findings/grouping.ts';
import { createAllowlist } from '../../src/policy/gitleaks/allowlist.ts';
import { createReview, type PlaceConditions, type ReviewSource } from '../../src/policy/gitleaks/review.ts';
import { loadTester } from '../../src/policy/gitleaks/tester.ts';
import type { CommitInfo, LocatedMatch } from '../../src/types.ts';
import { commit, located, region } from '../findings/sample.ts';
import { LOWER, randomText, seeded } from '../support/random.ts';
import { documentOf, literal } from './gitleaks-samples.ts';

const random = seeded(90_210);
const word = () => randomText(random, 12, LOWER);
const makeTest = await loadTester();

/** The allowlist with these lines. */
const listOf = (...lines: readonly string[]) => {
  const [list] = documentOf('[[allowlists]]', ...lines).allowlists;
  if (!list) throw new Error('the text has no allowlist');
  return createAllowlist(list, makeTest);
};

const at = (path: string, fields: Partial<LocatedMatch> = {}, more: Partial<Omit<Located, 'match'>> = {}): Located =>
  located(path, { secret: word(), ...fields }, more);

const review = (source: Partial<ReviewSource>, ...placed: readonly Located[]) =>
  createReview({ conditions: new Map(), global: [], byRule: new Map(), ...source })(placed);

/** Reasons in the order of the matches; undefined for one that is not accepted. */
const reasons = (lines: readonly string[], ...placed: readonly Located[]) =>
  review({ global: [listOf(...lines)] }, ...placed).map(({ allowed }) => allowed);
const accepts = (lines: readonly string[], placed: Located): boolean => reasons(lines, placed)[0] !== undefined;

describe('an allowlist', () => {
  it('says which file it is in and what it is for, or where it stands', () => {
    expect(reasons(['description = "samples"', 'paths = ["a"]'], at('a'))).toEqual([
      'allowlist of leaks.toml: samples',
    ]);
    expect(reasons(['paths = ["a"]'], at('a'))).toEqual(['allowlist of leaks.toml:1']);
  });

  it('looks for its regexes somewhere in the path, the secret, the whole match or the lines', () => {
    const one = at('src/test/a.go', { secret: 'abcdefgh', form: 'key=abcdefgh', lines: 'set key=abcdefgh # sample' });
    const target = (name: string, regex: string) =>
      accepts([`regexTarget = "${name}"`, `regexes = [${literal(regex)}]`], one);
    expect(accepts([`paths = [${literal('(?i)(^|/)TEST/')}]`], one)).toBe(true);
    expect(accepts([`paths = [${literal('^test/')}]`], one)).toBe(false);
    expect([target('secret', '^abc'), target('secret', 'key')]).toEqual([true, false]);
    expect([target('match', '^key=[a-h]+$'), target('match', 'sample')]).toEqual([true, false]);
    expect([target('line', 'sample$'), target('line', 'other')]).toEqual([true, false]);
    expect(accepts(['regexes = ["key"]'], one)).toBe(false);
  });

  it('takes the secret for a match of which no more is known', () => {
    const lines = ['regexTarget = "match"', 'regexes = ["^abc"]'];
    expect(accepts(lines, at('a', { secret: 'abcdefgh' }))).toBe(true);
  });

  it('looks for stop words in the secret in any case', () => {
    expect(accepts(['stopwords = ["SAMPLE"]'], at('a', { secret: 'my-Sample-key' }))).toBe(true);
    expect(accepts(['stopwords = ["sample"]'], at('sample', { secret: 'my-key' }))).toBe(false);
  });

  it('is enough with one kind of criterion, or asks for all with AND', () => {
    const lines = ['paths = ["^a$"]', 'stopwords = ["sample"]'];
    const [both, path, word, none] = [
      at('a', { secret: 'sample' }),
      at('a', { secret: 'x' }),
      at('b', { secret: 'sample' }),
      at('b', { secret: 'x' }),
    ];
    const all = (...more: string[]) => [both, path, word, none].map((one) => accepts([...more, ...lines], one));
    expect(all()).toEqual([true, true, true, false]);
    expect(all('condition = "or"')).toEqual([true, true, true, false]);
    expect(all('condition = "AND"')).toEqual([true, false, false, false]);
  });

  it('without criteria accepts nothing, with AND neither', () => {
    expect(accepts(['description = "x"'], at('a'))).toBe(false);
    expect(accepts(['condition = "AND"'], at('a'))).toBe(false);
  });

  it('does not accept by its path what has none', () => {
    const { path: _, ...message } = at('a');
    expect(accepts([`paths = [${literal('.*')}]`], message)).toBe(false);
  });

  it('accepts by commit also the later versions of the file, and nothing of other files', () => {
    const [listed, later] = ['b', 'c'].map((digit) => commit({ oid: digit.repeat(40) })) as [CommitInfo, CommitInfo];
    const secret = word();
    const list = [`commits = ["${listed.oid.toUpperCase()}"]`];
    const placed = [
      at('a', { secret }, { commit: listed }),
      at('a', { secret }, { commit: later }),
      at('b', { secret }, { commit: later }),
      at('a', {}, { commit: later }),
    ];
    expect(reasons(list, ...placed).map((reason) => reason !== undefined)).toEqual([true, true, false, false]);
  });

  it('with a wrong regex is refused with its place', () => {
    expect(() => listOf('paths = ["a", "("]')).toThrow(/^leaks\.toml:1: the regex "\(" is wrong: \S/);
  });
});

describe('a match of several rules', () => {
  const one = () => at('a', { ruleId: 'one', alsoMatched: ['two'] });
  const everywhere = listOf('paths = ["a"]');
  const ids = (source: Partial<ReviewSource>, placed: Located) =>
    review(source, placed).map(({ placed: { match }, allowed }) => [
      match.ruleId,
      match.alsoMatched.join(),
      allowed !== undefined,
    ]);
  const condition = (fields: Partial<PlaceConditions>): PlaceConditions => ({
    skipReport: false,
    required: [],
    ...fields,
  });

  it('is accepted when the allowlists of all accept it, and else goes by the name of one that is not', () => {
    expect(ids({}, one())).toEqual([['one', 'two', false]]);
    expect(ids({ byRule: new Map([['one', [everywhere]]]) }, one())).toEqual([['two', 'one', false]]);
    expect(ids({ byRule: new Map([['two', [everywhere]]]) }, one())).toEqual([['one', 'two', false]]);
    const both = new Map([
      ['one', [everywhere]],
      ['two', [everywhere]],
    ]);
    expect(ids({ byRule: both }, one())).toEqual([['one', 'two', true]]);
    expect(ids({ global: [everywhere] }, one())).toEqual([['one', 'two', true]]);
  });

  it('counts for those whose path it is, and that are reported', () => {
    const elsewhere = condition({ path: makeTest('^b$', { file: 'a', line: 1 }) });
    expect(ids({ conditions: new Map([['one', elsewhere]]) }, one())).toEqual([['two', '', false]]);
    const neither = new Map([
      ['one', elsewhere],
      ['two', condition({ skipReport: true })],
    ]);
    expect(ids({ conditions: neither }, one())).toEqual([]);
  });

  it('is required near, where a rule says so', () => {
    const near = { id: 'two', place: { file: 'a', line: 1 }, withinLines: 2, withinColumns: undefined };
    const conditions = new Map([['one', condition({ required: [near] })]]);
    const rule = (ruleId: string, line: number, path = 'a') =>
      at(path, { ruleId, region: region(line) }, { origin: { type: 'file', path } });
    const kept = (...placed: readonly Located[]) =>
      review({ conditions }, ...placed).map(({ placed: { match } }) => match.ruleId);
    expect(kept(rule('one', 5), rule('two', 7))).toEqual(['one', 'two']);
    expect(kept(rule('one', 5), rule('two', 8))).toEqual(['two']);
    expect(kept(rule('one', 5), rule('two', 5, 'b'))).toEqual(['two']);
    expect(kept(rule('one', 5))).toEqual([]);
  });
});

describe('regexes of allowlists', () => {
  const re2 = loadRe2();
  it.skipIf(re2 === undefined)('mean the same on both engines', async () => {
    const re2js = await loadRe2js();
    for (const regex of ['(?i)ABC$', '\\Aabc\\z', '[[:alpha:]]+', '\\Qa.b\\E', '(?s:a.c)', '^\\pL+$', '(^|/)é/'])
      for (const text of ['abc', 'ABC\n', 'a.b', 'a\nc', '12', 'x/é/y', ''])
        expect(re2?.(regex, false).find(text, 0) !== undefined, `${regex} ${text}`).toBe(
          re2js(regex, false).find(text, 0) !== undefined,
        );
  });
});
