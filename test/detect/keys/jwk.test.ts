import { createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readJwk } from '../../../src/detect/keys/jwk.ts';
import { KNOWN_PUBLIC_KEYS, publishedAt } from '../../../src/detect/keys/known.ts';
import { readPrivateKey } from '../../../src/detect/keys/read.ts';
import { spkiOf } from './generated.ts';

const pairs = [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['EC', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ['Ed25519', generateKeyPairSync('ed25519')],
  ['X25519', generateKeyPairSync('x25519')],
] as const;

describe('a JSON Web Key', () => {
  test.each(pairs)('of %s has the identity that its PEM form has', (kind, { privateKey, publicKey }) => {
    const jwk: JsonWebKey = privateKey.export({ format: 'jwk' });
    const expected = { kind, identity: `spki:${spkiOf(privateKey)}` };
    expect(readJwk(JSON.stringify(jwk))).toEqual(expected);
    expect(readJwk(JSON.stringify({ use: 'sig', ...jwk }, null, 2))).toEqual(expected);
    expect(readJwk(JSON.stringify(JSON.stringify(jwk)).slice(1, -1))).toEqual(expected);
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(readPrivateKey(pem, 0)).toMatchObject({ identity: expected.identity });
    expect(readJwk(JSON.stringify(publicKey.export({ format: 'jwk' })))).toBeUndefined();
  });

  test('that is symmetric has the identity of its bytes', () => {
    const k = randomBytes(32).toString('base64url');
    expect(readJwk(JSON.stringify({ kty: 'oct', k }))).toEqual({
      kind: 'oct',
      identity: expect.stringMatching(/^key:/),
    });
  });

  test('with numbers that make no key is told by its bytes', () => {
    const d = randomBytes(32).toString('base64url');
    const text = JSON.stringify({ kty: 'EC', crv: 'P-256', x: d, y: d, d });
    expect(readJwk(text)).toEqual({ kind: 'EC', identity: expect.stringMatching(/^key:/) });
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"kty":"RSA"}',
    '{"kty":"oct","k":"short"}',
    '{"kty":"EC","d":"<your key>"}',
    '{\\"kty',
  ])('is not read from %j', (text) => {
    expect(readJwk(text)).toBeUndefined();
  });
});

describe('keys known in public', () => {
  // RFC 8032 section 7.1, test 1: the seed in four parts
  const seed = Buffer.from(
    ['9d61b19deffd5a60', 'ba844af492ec2cc4', '4449c5697b326919', '703bac031cae7f60'].join(''),
    'hex',
  );
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });

  test('are recognised whatever their encoding', () => {
    expect(publishedAt(`spki:${spkiOf(key)}`)).toContain('RFC 8032');
    const found = readPrivateKey(key.export({ format: 'pem', type: 'pkcs8' }) as string, 0);
    expect(found).toMatchObject({
      grade: 'parsed',
      details: { known: expect.stringContaining('RFC 8032') },
      reasons: expect.arrayContaining(['it is a key published for tests']),
    });
  });

  test('are listed as hashes', () => {
    for (const hash of KNOWN_PUBLIC_KEYS) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(publishedAt(`key:${spkiOf(key)}`)).toBeUndefined();
    expect(publishedAt(`spki:${'0'.repeat(64)}`)).toBeUndefined();
  });
});
