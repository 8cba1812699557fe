import { describe, expect, test } from 'vitest';
import { judgeToken, type TokenInput } from '../../../src/detect/judge/token.ts';
import { BASE62, HEX_DIGITS, LOWER_CASE, randomText } from './random.ts';

const judge = (secret: string, more: Partial<TokenInput> = {}) =>
  judgeToken({ ruleId: 'acme-token', confidence: 'high', secret, before: '', after: '', ...more });

describe('judging a match of a provider’s format', () => {
  test('a real-looking token keeps the confidence of its rule', () => {
    const verdict = judge(`acme_${randomText(1, 36, BASE62)}`, { entropyMin: 3, needs: ['digit', 'letter'] });
    expect(verdict).toMatchObject({ keep: true, confidence: 'high' });
    expect(verdict.keep && verdict.reasons.length).toBeGreaterThan(0);
  });

  test('hardly any random token is dropped', () => {
    const dropped = Array.from({ length: 1000 }, (_, i) =>
      judge(`acme_${randomText(i + 1, 32, i % 2 ? BASE62 : HEX_DIGITS)}`),
    );
    expect(dropped.filter((verdict) => !verdict.keep)).toEqual([]);
  });

  test.each([
    ['masked', `acme_${'x'.repeat(32)}`],
    ['masked in part', `acme_${randomText(2, 8, BASE62)}${'*'.repeat(12)}`],
    ['one repeated character', `acme_${'a'.repeat(32)}`],
    ['counting', `acme_${'1234567890abcdef'.repeat(2)}`],
    ['the alphabet', `acme_${LOWER_CASE}`],
    ['an example of a vendor', `${randomText(3, 20, BASE62)}EXAMPLEKEY`],
    ['words', 'acme_example-token-for-documentation'],
  ])('a clear placeholder is dropped: %s', (_, secret) => {
    expect(judge(secret).keep).toBe(false);
  });

  test('a token without a character class that every real one has is dropped, and says which', () => {
    const letters = `acme_${randomText(4, 30, LOWER_CASE)}`;
    expect(judge(letters, { needs: ['digit'] })).toEqual({ keep: false, reason: 'has no digit' });
    expect(judge(letters, { needs: ['lower'] }).keep).toBe(true);
  });

  test('a token with too little entropy is dropped', () => {
    const poor = randomText(5, 30, 'ab1');
    expect(judge(poor, { entropyMin: 3 })).toEqual({ keep: false, reason: 'too little entropy' });
  });

  test('reasons never hold the secret', () => {
    const secret = `acme_${'z'.repeat(30)}`;
    expect(JSON.stringify(judge(secret))).not.toContain(secret);
  });
});
