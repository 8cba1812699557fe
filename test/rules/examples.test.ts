import { describe, expect, it } from 'vitest';
import { isFound, isFoundExactly, type Trial, tryExamples } from '../../src/detect/rules/example-trials.ts';
import { detectorOn, shippedRules, shippedSources } from '../support/detector.ts';
import { expand } from './expand.ts';

/** Other rules that speak up in a rule's positive examples, and why that is right. */
const COMPANIONS: Readonly<Record<string, string>> = {
  'aws-access-key-id + aws-secret-access-key': 'the example shows the pair',
  'aws-secret-access-key + aws-access-key-id': 'the example shows the pair',
  'twilio-account-sid + twilio-auth-token': 'the example shows the pair',
  'twilio-auth-token + twilio-account-sid': 'the example shows the pair',
  'nats-nkey-seed-named + nats-nkey-seed': 'a seed with a valid checksum needs no name',
};

/** Rules that may speak up in a negative example of another, and why that is right. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'generic-secret': 'a token glued to something is still the value of a variable named as a secret',
  jwt: 'what is no token of the provider may be a JWT all the same',
  'pagerduty-api-token': 'three letters less make the provider’s other form',
};

const detector = detectorOn(shippedRules());
const shown = (trials: readonly Trial[]): string[] =>
  trials.map(({ kind, index, seed }) => `${kind} example ${index + 1} (seed ${seed})`);

describe.each(shippedSources().map(({ rule }) => ({ id: rule.id, rule })))('$id', ({ rule }) => {
  const trials = tryExamples(rule, expand, detector);
  const positive = trials.filter(({ kind }) => kind === 'positive');
  const negative = trials.filter(({ kind }) => kind === 'negative');
  const othersIn = (some: readonly Trial[], isRight: (id: string) => boolean): Set<string> =>
    new Set(
      some.flatMap(({ kind, index, matches }) =>
        matches
          .filter(({ ruleId }) => ruleId !== rule.id && !isRight(ruleId))
          .map(({ ruleId }) => `${ruleId} in ${kind} example ${index + 1}`),
      ),
    );

  it('has positive and negative examples', () => {
    expect(positive.length).toBeGreaterThan(0);
    expect(negative.length).toBeGreaterThan(0);
  });

  it('finds its positive examples', () => {
    expect(shown(positive.filter((trial) => !isFoundExactly(rule, trial)))).toEqual([]);
  });

  it('finds none of its negative examples', () => {
    expect(shown(negative.filter((trial) => isFound(rule, trial)))).toEqual([]);
  });

  it('leaves its examples to itself, but for what is listed', () => {
    expect([...othersIn(positive, (id) => `${rule.id} + ${id}` in COMPANIONS)]).toEqual([]);
    expect([...othersIn(negative, (id) => id in OTHERWISE)]).toEqual([]);
  });
});
