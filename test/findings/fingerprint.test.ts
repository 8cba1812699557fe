import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_FINGERPRINT_KEY, fingerprintOf } from '../../src/findings/fingerprint.ts';
import { random, randomToken } from './sample.ts';

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** HMAC as RFC 2104 writes it, for keys of at most 64 bytes. */
const hmacByHand = (key: string, text: string): string => {
  const padded = Buffer.concat([Buffer.from(key)], 64);
  const inner = sha256(padded.map((byte) => byte ^ 0x36) as Buffer, text);
  return sha256(padded.map((byte) => byte ^ 0x5c) as Buffer, inner).toString('hex');
};

test('a fingerprint is the HMAC-SHA256 of the identity, cut to 32 digits', () => {
  const token = `${randomToken()}é`;
  const key = random(20);
  expect(fingerprintOf(token)).toBe(hmacByHand(DEFAULT_FINGERPRINT_KEY, token).slice(0, 32));
  expect(fingerprintOf(token, key)).toBe(hmacByHand(key, token).slice(0, 32));
});

test('it stays the same between releases, so that baselines hold', () => {
  expect(fingerprintOf('fixed text').slice(0, 8)).toBe('d19eedd3');
});

test('different secrets and different keys give different fingerprints', () => {
  const token = randomToken();
  const prints = [fingerprintOf(token), fingerprintOf(`${token}x`), fingerprintOf(token, 'own key')];
  expect(new Set(prints).size).toBe(3);
  for (const print of prints) expect(print).toMatch(/^[0-9a-f]{32}$/);
});
