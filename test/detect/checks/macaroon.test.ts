import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { seededBytes } from './seeded-bytes.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const packet = (name: string, value: string | Buffer): Buffer => {
  const data = Buffer.concat([Buffer.from(`${name} `), Buffer.from(value), Buffer.from('\n')]);
  return Buffer.concat([Buffer.from((data.length + 4).toString(16).padStart(4, '0')), data]);
};
const version1 = (location: string, id: string, caveats: readonly string[], signature: Buffer): Buffer =>
  Buffer.concat([
    packet('location', location),
    packet('identifier', id),
    ...caveats.map((caveat) => packet('cid', caveat)),
    packet('signature', signature),
  ]);

const field = (type: number, data: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, Buffer.byteLength(data)]), Buffer.from(data)]);
const version2 = (location: string, caveats: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from([2]),
    field(1, location),
    field(2, 'id'),
    Buffer.from([0]),
    ...caveats.flatMap((caveat) => [field(2, caveat), Buffer.from([0])]),
    Buffer.from([0]),
    field(6, seededBytes(32)),
  ]);

describe('a macaroon of version 1', () => {
  test('is read: the first example of the README of libmacaroons', () => {
    const root = hmac('macaroons-key-generator', 'this is our super secret key; only we should know it');
    const signature = hmac(root, 'we used our secret key');
    expect(signature.toString('hex')).toMatch(/^e3d9e02908526c4c/);
    const bytes = version1('http://mybank/', 'we used our secret key', [], signature);
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      expect(check('macaroon', bytes.toString(encoding))).toEqual({
        proof: 'valid',
        details: { location: 'http://mybank/', caveats: '0' },
        reason: 'it is a complete macaroon',
      });
    }
  });

  test('tells until when it holds', () => {
    const bytes = version1('example.org', 'key', ['gen = 1', 'time < 1700000000123'], seededBytes(32));
    expect(check('macaroon', bytes.toString('base64url')).details).toEqual({
      location: 'example.org',
      caveats: '2',
      expiry: '2023-11-14T22:13:20.123Z',
    });
  });

  test('that is cut, or whose signature is short, is invalid', () => {
    const bytes = version1('example.org', 'key', [], seededBytes(32));
    expect(check('macaroon', bytes.subarray(0, -3).toString('base64url')).proof).toBe('invalid');
    expect(check('macaroon', version1('a', 'b', [], seededBytes(31)).toString('base64')).proof).toBe('invalid');
    expect(check('macaroon', Buffer.concat([bytes, Buffer.from('0004')]).toString('base64')).proof).toBe('invalid');
    const unended = Buffer.from(bytes.toString('latin1').replace('org\n', 'org!'), 'latin1');
    expect(check('macaroon', unended.toString('base64')).proof).toBe('invalid');
  });
});

describe('a macaroon of version 2', () => {
  test('is read in base64 and in hex, as lnd writes it', () => {
    const bytes = version2('lnd', ['time-before 2030-01-02T03:04:05.678901Z']);
    const expected = { proof: 'valid', details: { location: 'lnd', caveats: '1', expiry: '2030-01-02T03:04:05Z' } };
    expect(check('macaroon', bytes.toString('base64url'))).toMatchObject(expected);
    expect(check('macaroon', bytes.toString('hex').toUpperCase())).toMatchObject(expected);
  });

  test('that is cut is invalid, and what is none is not judged', () => {
    expect(check('macaroon', version2('lnd', []).subarray(0, -1).toString('hex')).proof).toBe('invalid');
    for (const other of ['', 'ab', seededBytes(120, 3).toString('base64'), seededBytes(120, 4).toString('hex')]) {
      expect(check('macaroon', other)).toEqual({ proof: 'not applicable' });
    }
  });
});

describe('a Fly.io token', () => {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0xa0 | value.length]), Buffer.from(value)]);
  const bytes = (value: Buffer): Buffer => Buffer.concat([Buffer.from([0xc4, value.length]), value]);
  const array = (...items: Buffer[]): Buffer => Buffer.concat([Buffer.from([0x90 | items.length]), ...items]);
  const number = Buffer.from([0xce, 0, 1, 2, 3]);
  const make = (location: string, signature = 32): Buffer =>
    array(
      array(bytes(seededBytes(8)), bytes(seededBytes(16)), Buffer.from([0xc2])),
      text(location),
      array(number, array(array(number, Buffer.from([0xc0])), text('all'))),
      bytes(seededBytes(signature)),
    );
  const token = (content: Buffer): string => `fm2_${content.toString('base64')}`;
  const place = 'https://api.fly.io/v1';

  test('tells its location, also behind the scheme and before another', () => {
    const expected = { proof: 'valid', details: { location: place }, reason: 'it is a complete macaroon' };
    expect(check('fly-macaroon', token(make(place)))).toEqual(expected);
    expect(check('fly-macaroon', `FlyV1 ${token(make(place))},${token(make('other'))}`)).toEqual(expected);
  });

  test('that is not whole is not judged', () => {
    const whole = make(place);
    const others = [whole.subarray(0, -1), Buffer.concat([whole, Buffer.from([0])]), make(place, 31), seededBytes(90)];
    for (const other of others) expect(check('fly-macaroon', token(other))).toEqual({ proof: 'not applicable' });
    expect(check('fly-macaroon', `fm2_${'3f////8'.repeat(20)}`)).toEqual({ proof: 'not applicable' });
  });
});
