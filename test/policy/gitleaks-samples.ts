import { createDetector } from '../../src/detect/detector.ts';
import { type Engines, loadRe2js, v8Matchers } from '../../src/detect/engine.ts';
import { encodeRuleSet } from '../../src/detect/rules/encode.ts';
import type { CompiledRule } from '../../src/detect/rules/rule.ts';
import { decodeRuleSet } from '../../src/detect/rules/ruleset.ts';
import type { GitleaksDocument } from '../../src/policy/gitleaks/document.ts';
import { readGitleaks } from '../../src/policy/gitleaks/read.ts';
import { type TranslatedRule, translateRule } from '../../src/policy/gitleaks/translate.ts';
import { detectIn, kernelModule, testEngines } from '../support/detector.ts';

/** A regex as a TOML literal: no escape is read in it. */
export const literal = (regex: string): string => `'''${regex}'''`;

export const documentOf = (...lines: readonly string[]): GitleaksDocument =>
  readGitleaks(lines.join('\n'), 'leaks.toml');

/** The first rule of a file with these lines below `[[rules]]`. */
export const translated = (...lines: readonly string[]): TranslatedRule => {
  const [rule] = documentOf('[[rules]]', 'id = "acme"', ...lines).rules;
  if (!rule) throw new Error('the text has no rule');
  return translateRule(rule, 'Acme');
};

const re2js: Engines = { name: 're2js', v8: v8Matchers, linear: await loadRe2js() };

/** What rules find in a text: on the re2 addon where it loads, and the same on re2js, or this throws. */
export const foundBy = (rules: readonly CompiledRule[], text: string) => {
  const set = decodeRuleSet(encodeRuleSet(rules));
  const on = (engines: Engines) => detectIn(createDetector(kernelModule(), set, { engines }), text);
  const [one, other] = [on(testEngines()), on(re2js)];
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error('re2 and re2js do not find the same');
  return one;
};

/** The secrets that a rule with these lines finds. */
export const secretsIn = (text: string, ...lines: readonly string[]): string[] => {
  const { rule, untranslated } = translated(...lines);
  if (!rule) throw new Error(untranslated[0]?.message);
  return foundBy([rule], text).matches.map(({ secret }) => secret);
};
