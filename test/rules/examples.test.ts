import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFound, isFoundExactly, type Trial, tryExamples } from '../../src/detect/rules/example-trials.ts';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { awakeRules, detectorOn, shippedRules, shippedSources } from '../support/detector.ts';
import { expand } from './expand.ts';

/** Rules that may speak up in positive examples of one of another provider, and why that is right. */
const ACCEPTED: Readonly<Record<string, string>> = {};

/** Rules that may speak up in negative examples of any other, and why that is right. */
const OTHERWISE: Readonly<Record<string, string>> = {
  jwt: 'what is no token of the provider may be a JWT all the same',
};

const asShipped = detectorOn(shippedRules());
const allAwake = detectorOn(awakeRules());
const ruleNamed = new Map(shippedSources().map(({ rule }) => [rule.id, rule]));

/** Readers of assignments and what carries any credential are for what nobody else knows. */
const isForAnything = ({ carrier, extract }: RuleSource): boolean => carrier === true || extract === 'assignment';

/** Is it right that `other` has the better match in an example of the rule? */
const mayClaim = (rule: RuleSource, other: RuleSource, kind: Trial['kind'], alsoMatched: readonly string[]): boolean =>
  other.provider === rule.provider ||
  other.pair === rule.id ||
  rule.pair === other.id ||
  isForAnything(other) ||
  (isForAnything(rule) && alsoMatched.includes(rule.id)) ||
  // Its form is common: that is why it is optional.
  rule.optional === true ||
  (kind === 'negative' ? other.id in OTHERWISE : `${other.id} in ${rule.id}` in ACCEPTED);

/** What is wrong with one example filled in once. */
const complaintsOf = (rule: RuleSource, trial: Trial): string[] => {
  const where = `${rule.id}: ${trial.name} (seed ${trial.seed})`;
  const own =
    trial.kind === 'positive' && !isFoundExactly(rule, trial)
      ? [`${where} is not found`]
      : trial.kind === 'negative' && isFound(rule, trial)
        ? [`${where} is found`]
        : [];
  const claims = trial.matches
    .map(({ ruleId, alsoMatched }) => ({ other: ruleNamed.get(ruleId)!, alsoMatched }))
    .filter(({ other, alsoMatched }) => other !== rule && !mayClaim(rule, other, trial.kind, alsoMatched))
    .map(({ other }) => `${where} is claimed by ${other.id}`);
  return [...own, ...claims];
};

const files = [...new Set(shippedSources().map(({ file }) => file))].map((file) => ({
  name: path.basename(file),
  rules: shippedSources().flatMap((loaded) => (loaded.file === file ? [loaded.rule] : [])),
}));

describe('the examples of', () => {
  it.each(files)(
    '$name are found, or not, as they should be, and by no rule that has nothing to do with them',
    ({ rules }) => {
      const complaints = rules.flatMap((rule) => {
        const trials = tryExamples(rule, expand, rule.optional ? allAwake : asShipped);
        const missing = (['positive', 'negative'] as const)
          .filter((kind) => trials.every((trial) => trial.kind !== kind))
          .map((kind) => `${rule.id}: there is no ${kind} example`);
        return [...missing, ...trials.flatMap((trial) => complaintsOf(rule, trial))];
      });
      expect(complaints).toEqual([]);
    },
  );
});

describe('the accepted exceptions', () => {
  it('name rules that there are', () => {
    const ids = [...Object.keys(OTHERWISE), ...Object.keys(ACCEPTED).flatMap((pair) => pair.split(' in '))];
    expect(ids.filter((id) => !ruleNamed.has(id))).toEqual([]);
  });
});
