import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BITCOIN, decodeBase58, encodeBase58 } from '../../../src/detect/checks/base58.ts';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { spkiOf } from '../keys/generated.ts';
import { seededBytes } from './seeded-bytes.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);

const pair = generateKeyPairSync('ed25519');
const { d, x } = pair.privateKey.export({ format: 'jwk' });
const publicKey = Buffer.from(x!, 'base64url');
const bytes = Buffer.concat([Buffer.from(d!, 'base64url'), publicKey]);
const broken = Buffer.concat([bytes.subarray(0, 63), Buffer.from([bytes[63]! ^ 1])]);
const identity = `spki:${spkiOf(pair.privateKey)}`;

describe('base58', () => {
  test('agrees with the vectors of its Internet draft', () => {
    expect(encodeBase58(Buffer.from('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U');
    expect(encodeBase58(Buffer.from('0000287fb4cd', 'hex'))).toBe('11233QC4');
    expect(decodeBase58('11233QC4', BITCOIN).toString('hex')).toBe('0000287fb4cd');
  });

  test.each([0, 1, 3])('keeps %d leading zero bytes', (zeros) => {
    const text = encodeBase58(Buffer.concat([Buffer.alloc(zeros), seededBytes(20)]));
    expect(decodeBase58(text, BITCOIN)).toEqual(Buffer.concat([Buffer.alloc(zeros), seededBytes(20)]));
    expect(decodeBase58(encodeBase58(Buffer.alloc(zeros)), BITCOIN)).toEqual(Buffer.alloc(zeros));
  });
});

describe('an Ed25519 pair', () => {
  test('in base64 has the identity of the key in PEM', () => {
    expect(check('ed25519-keypair', bytes.toString('base64'))).toMatchObject({ proof: 'valid', identity });
    expect(check('ed25519-keypair', broken.toString('base64')).proof).toBe('invalid');
    expect(check('ed25519-keypair', bytes.subarray(1).toString('base64'))).toEqual({ proof: 'not applicable' });
  });

  test('of Solana is read as numbers and as base58, and tells its address', () => {
    const account = encodeBase58(publicKey);
    const expected = { proof: 'valid', identity, details: { type: 'Ed25519', account } };
    expect(check('solana-ed25519-pair', JSON.stringify([...bytes]))).toMatchObject(expected);
    expect(check('solana-ed25519-pair', `[ ${[...bytes].join(' ,\n ')} ]`)).toMatchObject(expected);
    expect(check('solana-ed25519-pair', encodeBase58(bytes))).toMatchObject(expected);
  });

  test('of Solana whose halves do not fit is invalid, as signatures are', () => {
    expect(check('solana-ed25519-pair', JSON.stringify([...broken])).proof).toBe('invalid');
    expect(check('solana-ed25519-pair', encodeBase58(seededBytes(64))).proof).toBe('invalid');
  });

  test('of other numbers is not judged', () => {
    for (const numbers of [[...bytes].slice(1), [256, ...bytes.subarray(1)], [...bytes, 1]]) {
      expect(check('solana-ed25519-pair', JSON.stringify(numbers))).toEqual({ proof: 'not applicable' });
    }
  });

  test('of RFC 8032 is marked as known', () => {
    const seed = Buffer.from(
      ['9d61b19deffd5a60', 'ba844af492ec2cc4', '4449c5697b326919', '703bac031cae7f60'].join(''),
      'hex',
    );
    const head = Buffer.from('302e020100300506032b657004220420', 'hex');
    const key = createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
    const half = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
    const expected = { confidence: 'low', details: { known: expect.stringContaining('RFC 8032') } };
    expect(check('ed25519-keypair', Buffer.concat([seed, half]).toString('base64'))).toMatchObject(expected);
    expect(check('jwk', JSON.stringify(key.export({ format: 'jwk' })))).toMatchObject(expected);
  });
});

describe('a WireGuard key', () => {
  const clamped = seededBytes(32, 5);
  clamped[0]! &= 0xf8;
  clamped[31] = (clamped[31]! & 0x3f) | 0x40;

  test('with the bits of wg genkey is sure and tells its public key', () => {
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), clamped]),
      format: 'der',
      type: 'pkcs8',
    });
    const half = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
    expect(check('x25519-clamp', clamped.toString('base64'))).toMatchObject({
      proof: 'not applicable',
      confidence: 'high',
      identity: `spki:${spkiOf(key)}`,
      details: { publicKey: half.toString('base64') },
    });
  });

  test.each([
    ['the lowest bit', 0, 1],
    ['the highest bit', 31, 0x80],
    ['the bit below that', 31, 0x40],
  ])('with %s changed is doubted', (_, at, bit) => {
    const other = Buffer.from(clamped);
    other[at]! ^= bit;
    expect(check('x25519-clamp', other.toString('base64'))).toMatchObject({
      proof: 'not applicable',
      confidence: 'medium',
    });
  });

  test('that is not base64 of 32 bytes is invalid', () => {
    expect(check('x25519-clamp', `${clamped.toString('base64').slice(0, 42)}B=`).proof).toBe('invalid');
    expect(check('x25519-clamp', clamped.subarray(2).toString('base64'))).toEqual({ proof: 'not applicable' });
  });
});

describe('a JSON Web Key', () => {
  const jwk: JsonWebKey = pair.privateKey.export({ format: 'jwk' });

  test('is proven when it makes a pair', () => {
    expect(check('jwk', JSON.stringify(jwk))).toEqual({
      proof: 'valid',
      identity,
      details: { kind: 'Ed25519' },
      reason: 'the private key parses',
    });
  });

  test('whose numbers make none is invalid, a symmetric or public one is not judged', () => {
    const wrong = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.x, d: jwk.d };
    expect(check('jwk', JSON.stringify(wrong)).proof).toBe('invalid');
    const symmetric = check('jwk', JSON.stringify({ kty: 'oct', k: jwk.d }));
    expect(symmetric).toMatchObject({ proof: 'not applicable', details: { kind: 'oct' } });
    expect(check('jwk', JSON.stringify({ ...jwk, d: undefined }))).toEqual({ proof: 'not applicable' });
  });
});
