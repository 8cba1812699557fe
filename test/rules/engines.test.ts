import { describe, expect, it } from 'vitest';
import {
  loadRe2,
  loadRe2js,
  type Matcher,
  type MatcherFactory,
  type Span,
  v8Matchers,
} from '../../src/detect/engine.ts';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { rulesOf, shippedRules, shippedSources } from '../support/detector.ts';
import { between, pick, type Random, seeded } from '../support/random.ts';
import { expand } from './expand.ts';
import { templatesOf } from './templates.ts';

/** Shipped rules that are not on V8, each with the reason. */
const ON_RE2: Readonly<Record<string, string>> = {};

const compiled = rulesOf(shippedRules());
const sources = new Map(shippedSources().map(({ rule }) => [rule.id, rule]));

/** All matches, each search one byte behind the start of the match before, and what stands at each start. */
const spansOf = (matcher: Matcher, text: string): Span[] => {
  const spans: Span[] = [];
  for (let at = 0; at <= text.length && spans.length < 40; ) {
    const span = matcher.find(text, at);
    if (!span) break;
    spans.push(span);
    at = span.start + 1;
  }
  return spans;
};

/** A text with some characters changed, doubled or taken out, so that it nearly matches. */
const spoiled = (text: string, random: Random): string => {
  let result = text;
  for (let edits = between(random, 1, 3); edits > 0; edits--) {
    const at = between(random, 0, result.length);
    const middle = pick(random, ['', 'a', 'Z', '0', '_', '-', '\n', ' ', '\xe9', '"', result.slice(at, at + 9)]);
    result = result.slice(0, at) + middle + result.slice(at + between(random, 0, 1));
  }
  return result;
};

/** RE2 takes milliseconds a search for forms with repeats of a thousand and more: those are tried in fewer texts. */
const LONG = 400;
const FEW = 2;

/** The rule in each of its examples and ways of writing, filled in once, and a third of them with a mistake. */
const textsOf = (rule: RuleSource, maxLength: number, random: Random): string[] => {
  const texts = templatesOf(rule).map(({ text }) => expand(rule, text, random).text);
  const tried = maxLength > LONG ? texts.slice(0, FEW) : texts;
  const nearly = tried.filter((_, index) => index % 3 === 0).map((text) => spoiled(text, random));
  return [...tried, ...nearly, `${texts[0]}${texts[0]}`];
};

describe('every shipped rule', () => {
  it('is looked for at literals or words, never everywhere', () => {
    expect(compiled.filter(({ mode }) => mode === 'everywhere').map(({ facts }) => facts.id)).toEqual([]);
    expect(shippedRules().everywhere).toEqual([]);
  });

  it('is on V8, or has a reason not to be', () => {
    const others = compiled.filter(({ engine }) => engine !== 'v8').map(({ facts }) => facts.id);
    expect(others.filter((id) => !(id in ON_RE2))).toEqual([]);
  });

  it('has its source among the rule files, and the other way round', () => {
    expect(compiled.map(({ facts }) => facts.id).sort()).toEqual([...sources.keys()].sort());
  });
});

const re2js = await loadRe2js();
const re2 = loadRe2();
const others: [string, MatcherFactory | undefined][] = [
  ['re2', re2],
  ['re2js', re2js],
];

describe.each(others)('on %s', (_, factory) => {
  // The addon is optional: it may be installed without its binary.
  it.runIf(factory !== undefined)(
    'every rule finds the same spans as on V8 in its examples and what is near them',
    () => {
      for (const rule of compiled.filter(({ source }) => source !== '')) {
        const random = seeded(17);
        const v8 = v8Matchers(rule.source, rule.hasSecretGroup);
        const other = factory!(rule.source, rule.hasSecretGroup);
        for (const text of textsOf(sources.get(rule.facts.id)!, rule.maxLength, random)) {
          const spans = spansOf(v8, text);
          expect(spansOf(other, text), `${rule.facts.id} in ${JSON.stringify(text)}`).toEqual(spans);
          for (const at of [0, ...spans.flatMap(({ start }) => [start, start + 1])]) {
            expect(other.at(text, at), `${rule.facts.id} at ${at} in ${JSON.stringify(text)}`).toEqual(v8.at(text, at));
          }
        }
      }
    },
    180_000,
  );
});
