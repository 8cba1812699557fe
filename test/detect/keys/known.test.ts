import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KNOWN_PUBLIC_KEYS, publishedAt } from '../../../src/detect/keys/known.ts';
import { PUBLISHED_KEYS } from '../../../src/detect/keys/published-keys.ts';
import { spkiOf } from './generated.ts';

const fromSeed = (seed: string): KeyObject =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });

/** The public key of a private number on a curve. */
function onCurve(curve: string, crv: string, d: string): KeyObject {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(Buffer.from(d, 'hex'));
  const point = ecdh.getPublicKey();
  const half = (point.length - 1) / 2;
  const [x, y] = [point.subarray(1, 1 + half), point.subarray(1 + half)];
  const jwk = { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

const hashOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex');

/** Keys of standards in parts, so that none of them stands here. */
const SHA_ABC = ['833fe62409237b9d', '62ec77587520911e', '9a759cec1d19755b', '7da901b96dca3d42'].join('');
const TEST_1024 = ['f5e5767cf1533195', '17630f226876b86c', '8160cc583bc01374', '4c6bf255f5cc0ee5'].join('');
const P384 = [
  ['6b9d3dad2e1b8c1c', '05b19875b6659f4d', 'e23c3b667bf297ba'].join(''),
  ['9aa47740787137d8', '96d5724e4c70a825', 'f872c9ea60d2edf5'].join(''),
].join('');

describe('a key of a standard', () => {
  test('of RFC 8032 is known', () => {
    expect(publishedAt(`spki:${spkiOf(fromSeed(SHA_ABC))}`)).toContain('SHA(abc)');
    expect(publishedAt(`spki:${spkiOf(fromSeed(TEST_1024))}`)).toContain('test 1024');
    expect(publishedAt(`spki:${spkiOf(fromSeed(SHA_ABC.replace(/^8/, '9')))}`)).toBeUndefined();
  });

  test('of RFC 6979 is known', () => {
    const key = onCurve('secp384r1', 'P-384', P384);
    expect(publishedAt(`spki:${hashOf(key)}`)).toBe('RFC 6979 appendix A.2.6');
  });
});

describe('the list of published keys', () => {
  test('names each key once, in words', () => {
    const all = Object.values(PUBLISHED_KEYS).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(KNOWN_PUBLIC_KEYS.size).toBe(all.length);
    for (const where of Object.keys(PUBLISHED_KEYS)) expect(where).toMatch(/^(?:RFC \d|a |the )/);
  });
});
