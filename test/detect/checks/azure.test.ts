import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { marvin32 } from '../../../src/detect/checks/marvin32.ts';
import { changeAt, crc, random } from './tokens.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);

/** A key of `size` bytes with its mark at character `at`, closed with Marvin32. */
function identifiable(size: number, at: number, mark: string, seed: string): string {
  const text = randomBytes(size).toString('base64');
  const bytes = Buffer.from(text.slice(0, at) + mark + text.slice(at + 4), 'base64');
  bytes.writeUInt32LE(marvin32(bytes.subarray(0, -4), seed), size - 4);
  return bytes.toString('base64');
}

describe("Azure's identifiable keys", () => {
  test.each([
    [64, 76, '+ASt', 'Default0', 'Storage', 'account'],
    [64, 76, 'ACDb', 'MastRO00', 'Cosmos DB', 'read-only'],
    [64, 76, '+ABa', 'AbAcct00', 'Batch', 'account'],
    [64, 76, '+AMC', 'Classic0', 'Machine Learning (classic)', 'web service'],
    [64, 76, 'APIM', 'GitKey00', 'API Management', 'repository'],
    [40, 44, 'AzFu', 'Master00', 'Functions', 'master'],
    [32, 33, 'AzCa', 'Access00', 'Cache for Redis', 'access'],
    [32, 33, '+ASb', 'Manage00', 'Service Bus', 'manage'],
    [32, 33, '+AEh', 'Listen00', 'Event Hubs', 'listen'],
    [32, 33, '+ARm', 'Send0000', 'Relay', 'send'],
    [32, 33, 'AIoT', 'DpsKey00', 'IoT', 'provisioning'],
    [39, 42, '+ACR', 'ACRDflt0', 'Container Registry', 'access'],
    [39, 42, 'AzSe', 'Query000', 'AI Search', 'query'],
  ])('%i bytes with %i %s are valid with seed %s and name %s, %s', (size, at, mark, seed, service, key) => {
    const secret = identifiable(size, at, mark, seed);
    expect(check('azure-marvin32', secret)).toMatchObject({ proof: 'valid', details: { service, key } });
    expect(check('azure-marvin32', changeAt(secret, 3))).toMatchObject({ proof: 'invalid', details: { service } });
  });

  test('of Functions are written in the URL-safe alphabet', () => {
    const secret = identifiable(40, 44, 'AzFu', 'System00').replaceAll('+', '-').replaceAll('/', '_');
    expect(check('azure-marvin32', secret)).toMatchObject({ proof: 'valid', details: { key: 'system' } });
  });

  test('of Redis may have letters in place of + and /', () => {
    for (let round = 0; round < 20; round++) {
      const secret = identifiable(32, 33, 'AzCa', 'Access00').replaceAll('+', 'P').replaceAll('/', 'F');
      const letters = secret.match(/[PF]/g)?.length ?? 0;
      if (letters <= 10) expect(check('azure-marvin32', secret).proof).toBe('valid');
    }
  });

  test('whose seed is not published are recognised and not judged', () => {
    const secret = identifiable(32, 33, 'AZEG', 'Whatever');
    expect(check('azure-marvin32', secret)).toEqual({ proof: 'not applicable', details: { service: 'Event Grid' } });
  });

  test('are not seen in other texts', () => {
    for (const other of ['', random(88), random(44), 'ü'.repeat(88)]) {
      expect(check('azure-marvin32', other).proof).toBe('not applicable');
    }
  });
});

describe('common annotated keys', () => {
  const make = (tail: (hash: Buffer) => string): string => {
    const head = `${random(52)}JQQJ99BC${random(12)}AAAA${'AC' + 'OG'}`;
    const hash = Buffer.alloc(4);
    hash.writeUInt32LE(marvin32(Buffer.from(head, 'base64').subarray(0, 60), 'Default0'));
    return head + tail(hash);
  };

  test.each<[string, (hash: Buffer) => string]>([
    ['short', (hash) => hash.toString('base64').slice(0, 4)],
    ['long', (hash) => hash.toString('base64')],
  ])('of the %s form are valid and tell provider and month', (_, tail) => {
    let key = make(tail);
    while (/[+/]/.test(key)) key = make(tail);
    expect(check('azure-cask', key)).toMatchObject({
      proof: 'valid',
      details: { provider: 'ACOG', issued: '2025-03' },
    });
    expect(check('azure-cask', changeAt(key, 5)).proof).toBe('invalid');
    expect(check('azure-cask', key.replace('JQQJ', 'ABCD')).proof).toBe('not applicable');
  });
});

describe('Entra client secrets', () => {
  const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';
  const make = (): string => {
    const head = `${random(3)}8Q~${random(31)}`;
    const hash = marvin32(Buffer.from(head), 'AadPwd00');
    return head + [66 ** 5, 66 ** 4, 66 ** 3].map((place) => DIGITS[Math.floor(hash / place) % 66]).join('');
  };

  test('are valid with their three closing digits, invalid otherwise', () => {
    for (let round = 0; round < 50; round++) {
      const secret = make();
      expect(check('entra-marvin32', secret).proof).toBe('valid');
      expect(check('entra-marvin32', changeAt(secret, 20)).proof).toBe('invalid');
    }
  });

  test('of the form without a checksum are not judged', () => {
    expect(check('entra-marvin32', `${random(3)}7Q~${random(31)}`).proof).toBe('not applicable');
  });
});

describe('Azure DevOps tokens', () => {
  const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
  const make = (mask: number): string => {
    const bytes = randomBytes(32);
    const places = [22, 8, 7, 2];
    const rest = [...bytes].filter((_, at) => !places.includes(at));
    const sum = (crc(Buffer.from(rest).toString('latin1')) ^ mask) >>> 0;
    places.forEach((place, index) => {
      bytes[place] = (sum >>> (8 * index)) & 0xff;
    });
    let bits = BigInt(`0x${bytes.toString('hex')}`) << 4n;
    let text = '';
    for (let digit = 0; digit < 52; digit++, bits >>= 5n) text = BASE32[Number(bits & 31n)]! + text;
    return text;
  };

  test.each([
    ['user', 0xe0b9692d],
    ['app', 0x1019f92e],
  ])('of a(n) %s are valid', (tokenOf, mask) => {
    const token = make(mask);
    expect(check('ado-crc32', token)).toMatchObject({ proof: 'valid', details: { tokenOf } });
    expect(check('ado-crc32', changeAt(token, 20)).proof).toBe('invalid');
    expect(check('ado-crc32', token.toUpperCase()).proof).toBe('not applicable');
  });
});
