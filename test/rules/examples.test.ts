import { describe, expect, it } from 'vitest';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import type { Match } from '../../src/types.ts';
import { detectIn, detectorOn, shippedRules, shippedSources } from '../support/detector.ts';
import { seeded } from '../support/random.ts';
import { expand } from './expand.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Other rules that speak up in a rule's positive examples, and why that is right. */
const COMPANIONS: Readonly<Record<string, string>> = {
  'aws-access-key-id + aws-secret-access-key': 'the example shows the pair',
  'aws-secret-access-key + aws-access-key-id': 'the example shows the pair',
  'twilio-account-sid + twilio-auth-token': 'the example shows the pair',
  'twilio-auth-token + twilio-account-sid': 'the example shows the pair',
  'nats-nkey-seed-named + nats-nkey-seed': 'a seed with a valid checksum needs no name',
  'openai-admin-key + openai-key-fragment': 'the mark inside of the key is found too',
};

/** Rules that may speak up in a negative example of another, and why that is right. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'generic-secret': 'a token glued to something is still the value of a variable named as a secret',
  jwt: 'what is no token of the provider may be a JWT all the same',
  'pagerduty-api-token': 'three letters less make the provider’s other form',
};

const detector = detectorOn(shippedRules());
const find = (text: string): readonly Match[] => detectIn(detector, Buffer.from(text, 'latin1')).matches;
const isOf = ({ id }: RuleSource, match: Match): boolean => match.ruleId === id || match.alsoMatched.includes(id);

/** The secret is the one that was put in, in the spelling of the file or as the file's encoding hides it. */
const isSecret = (match: Match, secrets: readonly string[]): boolean =>
  secrets.length === 0 ||
  secrets.some(
    (secret) => match.secret === secret || match.secret === Buffer.from(secret, 'base64').toString('latin1'),
  );

describe.each(shippedSources().map(({ rule }) => ({ id: rule.id, rule })))('$id', ({ rule }) => {
  const { positive, negative } = rule.examples ?? { positive: [], negative: [] };

  it('has positive and negative examples', () => {
    expect(positive.length).toBeGreaterThan(0);
    expect(negative.length).toBeGreaterThan(0);
  });

  it('finds its positive examples', () => {
    for (const template of positive) {
      for (const seed of SEEDS) {
        const { text, secrets } = expand(rule, template, seeded(seed));
        const own = find(text).filter((match) => isOf(rule, match));
        const exact = own.filter((match) => match.ruleId !== rule.id || isSecret(match, secrets));
        expect(exact.length, `${template} (seed ${seed})`).toBeGreaterThan(0);
      }
    }
  });

  it('finds none of its negative examples', () => {
    for (const template of negative) {
      for (const seed of SEEDS) {
        const found = find(expand(rule, template, seeded(seed)).text).filter((match) => isOf(rule, match));
        expect(found.length, `${template} (seed ${seed})`).toBe(0);
      }
    }
  });

  it('leaves its examples to itself, but for what is listed', () => {
    const others = new Set<string>();
    for (const seed of SEEDS) {
      for (const template of positive) {
        for (const { ruleId } of find(expand(rule, template, seeded(seed)).text)) {
          if (ruleId !== rule.id && !(`${rule.id} + ${ruleId}` in COMPANIONS)) others.add(`${ruleId} in ${template}`);
        }
      }
      for (const template of negative) {
        for (const { ruleId } of find(expand(rule, template, seeded(seed)).text)) {
          if (!(ruleId in OTHERWISE)) others.add(`${ruleId} in ${template}`);
        }
      }
    }
    expect([...others]).toEqual([]);
  });
});
