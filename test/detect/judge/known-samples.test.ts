import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { knownPayload, knownSample } from '../../../src/detect/judge/known-samples.ts';
import { SAMPLE_PAYLOADS, SAMPLES } from '../../../src/detect/judge/sample-hashes.ts';
import { BASE62, HEX_DIGITS, randomText } from './random.ts';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const repeat = (word: string, count: number): string => `${word} `.repeat(count);

/** Samples that everybody knows, in parts so that none of them stands here. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['AWS', ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')],
  ['AWS', `${['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCY'].join('/')}${'EXAMPLE'}KEY`],
  ['GitHub', `gh${'p'}_${['16C7e42F292c', '6912E7710c83', '8347Ae178B4a'].join('')}`],
  ['Stripe', `sk_${'test'}_${['4eC39HqLyjWD', 'arjtT1zdp7dc'].join('')}`],
  ['Slack', ['8f742231b10e8888', 'abcd99yyyzzz85a5'].join('')],
  [
    'Discord',
    [Buffer.from('198622483471925248').toString('base64'), 'Cl2FMQ', 'ZnCjm1XVW7vRze' + '4b7Cq4se7kKWs'].join('.'),
  ],
  ['RFC 7617', Buffer.from('Aladdin:open sesame').toString('base64')],
  ['RFC 6749', Buffer.from(`s6BhdRkqt3:${'gX1fBat3bV'}`).toString('base64')],
  ['Turnstile', `1x${'0'.repeat(31)}AA`],
  ['one-time', ['JBSWY3DP', 'EHPK3PXP'].join('')],
  ['BIP-39', `${repeat('abandon', 11)}about`],
  ['BIP-39', `${repeat('zoo', 23)}vote`],
  ['development chain', `${repeat('test', 11)}junk`],
];

describe('a sample that everybody has', () => {
  test.each(KNOWN)('of %s is recognised', (from, secret) => {
    expect(knownSample(secret)).toContain(from);
    expect(knownSample(`${secret}x`)).toBeUndefined();
    expect(knownSample(secret.slice(1))).toBeUndefined();
  });

  test('is recognised with 0x before it, with blanks around it, and over lines', () => {
    const key = ['ac0974bec39a17e3', '6ba4a6b4d238ff94', '4bacb478cbed5efc', 'ae784d7bf4f2ff80'].join('');
    expect(knownSample(key)).toContain('development chain');
    expect(knownSample(`0x${key}`)).toContain('development chain');
    expect(knownSample(` ${repeat('test', 11).replaceAll(' ', '\n  ')}junk\n`)).toContain('development chain');
  });

  test.each([
    '',
    randomText(1, 40, BASE62),
    randomText(2, 64, HEX_DIGITS),
    randomText(3, 100_000, BASE62),
    'constructor',
  ])('is not every secret (%#)', (secret) => {
    expect(knownSample(secret)).toBeUndefined();
  });

  test('is listed once, as a hash', () => {
    for (const table of [SAMPLES, SAMPLE_PAYLOADS]) {
      const hashes = Object.values(table).flat();
      for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(hashes).size).toBe(hashes.length);
      expect(hashes).not.toContain(createHash('sha256').update('').digest('hex'));
    }
  });
});

describe('the payload of a token in documentation', () => {
  test('is recognised', () => {
    const person = { sub: '1234567890', name: 'John Doe' };
    expect(knownPayload(base64url({ ...person, iat: 1516239022 }))).toContain('jwt.io');
    expect(knownPayload(base64url({ ...person, iat: 1516239023 }))).toBeUndefined();
    const rfc = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
    expect(knownPayload(Buffer.from(rfc).toString('base64url'))).toContain('RFC 7519');
  });
});
