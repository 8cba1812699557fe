import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { detectIn, detectorOn, ruleSetOf, ruleSource } from '../support/detector.ts';
import { mixedText, randomText, seeded } from '../support/random.ts';

const find = (rule: Partial<RuleSource>, text: string) => {
  const detector = detectorOn(ruleSetOf(ruleSource({ id: 'acme', ...rule })));
  return detectIn(detector, Buffer.from(text, 'latin1'));
};
const secrets = (rule: Partial<RuleSource>, text: string): string[] =>
  find(rule, text).matches.map(({ secret }) => secret);
const reasons = (rule: Partial<RuleSource>, text: string): string[] =>
  find(rule, text).dropped.map(({ reason }) => reason);

const random = seeded(21);
const hex = () => `${randomText(random, 30, '0123456789abcdef')}7c`;

describe('a form with context words', () => {
  const rule = { shape: "'acme_' hex{32}", context: ['billing_api'], within: 30 } as const;

  it('is found with one of them near, on either side and on any line, in any spelling', () => {
    const token = `acme_${hex()}`;
    for (const text of [
      `BILLING_API: ${token}`,
      `billingApi = "${token}"`,
      `${token} # for the billing-api`,
      `# billing api\n${token}`,
    ]) {
      expect(secrets(rule, text), text).toEqual([token]);
    }
  });

  it('is not found without, or with one too far off', () => {
    const token = `acme_${hex()}`;
    expect(find(rule, token)).toMatchObject({ matches: [], dropped: [] });
    expect(secrets(rule, `billing_api${' '.repeat(31)}${token}`)).toEqual([]);
    expect(secrets(rule, `billing_api${' '.repeat(19)}${token}`)).toEqual([token]);
  });
});

describe('a form behind context words', () => {
  const rule = { shape: 'hex{32}', context: ['acme_key'], within: 12 } as const;

  it('is found within reach on the same line', () => {
    fc.assert(
      fc.property(fc.nat(20), (gap) => {
        const token = hex();
        const between = ' '.repeat(gap);
        expect(secrets(rule, `ACME_KEY${between}${token}`)).toEqual(
          gap > 0 && gap <= 12 ? [token] : gap === 0 ? [] : [],
        );
        expect(secrets(rule, `${token} acme_key`)).toEqual([]);
      }),
    );
    expect(secrets(rule, `acme_key:\n${hex()}`)).toEqual([]);
  });

  it('takes the first whole token, not a part of a longer one', () => {
    const token = hex();
    expect(secrets(rule, `acme_key=${hex()}ab`)).toEqual([]);
    expect(secrets({ ...rule, within: 60 }, `acme_key=${hex()}ab,${token}`)).toEqual([token]);
  });
});

describe('a match', () => {
  it('is the part between the marks, with its place', () => {
    const inner = mixedText(random, 20);
    const text = `x <acme>${inner}</acme> y`;
    const { matches } = find({ shape: "'<acme>' «base62{20}» '</acme>'", boundary: 'none' }, text);
    expect(matches.map(({ start, end, secret }) => [start, end, secret])).toEqual([[8, 28, inner]]);
  });

  it('needs the entropy and the characters that its rule asks for', () => {
    const shape = "'acme_' base62{20}";
    expect(reasons({ shape, needs: ['digit'] }, `acme_${randomText(random, 20, 'abcdefghijkLMNOP')}`)).toEqual([
      'has no digit',
    ]);
    expect(reasons({ shape, entropy: 3.5 }, `acme_${'ab1c'.repeat(5)}`)).toEqual(['too little entropy']);
    expect(secrets({ shape, entropy: 3, needs: ['digit', 'upper'] }, `acme_${mixedText(random, 20)}`)).toHaveLength(1);
  });

  it('among binary data is believed only when it is unmistakable', () => {
    const token = `acme_${mixedText(random, 20)}`;
    const noise = '\0\x01\x02\x03\x04';
    const shape = "'acme_' base62{20}";
    expect(secrets({ shape, confidence: 'high' }, `${noise}${token}${noise}`)).toEqual([token]);
    expect(reasons({ shape, confidence: 'medium' }, `${noise}${token}${noise}`)).toEqual(['among binary data']);
    expect(secrets({ shape, confidence: 'medium' }, `${noise}${' '.repeat(64)}${token}`)).toEqual([token]);
  });

  it('of text that is not ASCII is given as text, at the offsets of its bytes', () => {
    const detector = detectorOn(ruleSetOf(ruleSource({ id: 'acme', shape: "'pass=' «[^ ]{9,40}» ' '" })));
    const secret = ['p\u00e4ssw\u00f6rt', '\u{1f511}9Kx'].join('-');
    const text = `é pass=${secret} .`;
    const [match] = detectIn(detector, text).matches;
    expect(match!.secret).toBe(secret);
    expect(Buffer.from(text).subarray(match!.start, match!.end).toString()).toBe(secret);
  });

  it('found through several literals counts once', () => {
    const rule = { shape: "('acme_' | 'ACME_') base62{10} '_acme_' base62{10}" } as const;
    expect(secrets(rule, `acme_${mixedText(random, 10)}_acme_${mixedText(random, 10)}`)).toHaveLength(1);
  });

  it('of a form with line ends is found at the ends of the text and of lines only', () => {
    const rule = { shape: "^ 'acme:' «hex{32}» $" } as const;
    const token = hex();
    for (const text of [`acme:${token}`, `x\nacme:${token}\ny`, `x\r\nacme:${token}\r\n`]) {
      expect(secrets(rule, text), JSON.stringify(text)).toEqual([token]);
    }
    for (const text of [` acme:${token}`, `acme:${token} `, `${'x'.repeat(40)}acme:${token}`]) {
      expect(secrets(rule, text), JSON.stringify(text)).toEqual([]);
    }
  });
});
