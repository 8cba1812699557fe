import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { seededBytes } from './seeded-bytes.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);
const NOTHING = { proof: 'not applicable' };

const number = (value: number, size = 4): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};

describe('a Java key store', () => {
  const block = (content: string | Buffer, size: number): Buffer =>
    Buffer.concat([number(Buffer.byteLength(content), size), Buffer.from(content)]);
  const certificate = Buffer.concat([block('X.509', 2), block(seededBytes(300), 4)]);
  const head = (tag: number, alias: string): Buffer => Buffer.concat([number(tag), block(alias, 2), Buffer.alloc(8)]);
  const keyEntry = (alias: string): Buffer =>
    Buffer.concat([head(1, alias), block(seededBytes(700), 4), number(2), certificate, certificate]);
  const certificateEntry = Buffer.concat([head(2, 'root'), certificate]);
  const secretEntry = Buffer.concat([head(3, 'aes'), seededBytes(90)]);
  const store = (magic: number, ...entries: Buffer[]): Buffer =>
    Buffer.concat([number(magic), number(2), number(entries.length), ...entries, seededBytes(20)]);

  test('tells what it holds', () => {
    const bytes = store(0xfeedfeed, keyEntry('upload'), certificateEntry, keyEntry('old'));
    const details = { kind: 'JKS', keys: 'upload, old', certificates: '5' };
    expect(check('jks', bytes.toString('base64'))).toMatchObject({ proof: 'valid', details });
    const lines = bytes.toString('base64').match(/.{1,76}/g)!;
    expect(check('jks', lines.join('\n')).proof).toBe('valid');
    expect(check('jks', lines.join('\\n')).proof).toBe('valid');
  });

  test('with certificates only is of low confidence', () => {
    expect(check('jks', store(0xfeedfeed, certificateEntry).toString('base64'))).toMatchObject({
      proof: 'valid',
      confidence: 'low',
      details: { certificates: '1' },
    });
  });

  test('with a secret key is read up to there', () => {
    const result = check('jks', store(0xcececece, keyEntry('upload'), secretEntry, keyEntry('x')).toString('base64'));
    expect(result).toMatchObject({ proof: 'valid', details: { kind: 'JCEKS', keys: 'upload, aes' } });
  });

  test('that is cut, or has more behind it, is invalid', () => {
    const bytes = store(0xfeedfeed, keyEntry('upload'));
    expect(check('jks', bytes.subarray(0, -3).toString('base64')).proof).toBe('invalid');
    expect(check('jks', bytes.subarray(0, 400).toString('base64')).proof).toBe('invalid');
    expect(check('jks', Buffer.concat([bytes, Buffer.alloc(3)]).toString('base64')).proof).toBe('invalid');
    expect(check('jks', Buffer.concat([bytes.subarray(0, 8), number(0xffffffff)]).toString('base64')).proof).toBe(
      'invalid',
    );
  });

  test('of another magic or version is not judged', () => {
    expect(check('jks', store(0xfeedfeee, certificateEntry).toString('base64'))).toEqual(NOTHING);
    expect(check('jks', Buffer.concat([number(0xfeedfeed), number(9), Buffer.alloc(40)]).toString('base64'))).toEqual(
      NOTHING,
    );
  });
});

describe('a PKCS#12 file', () => {
  /** One DER element with a length of two bytes, as files of this size have them. */
  const der = (tag: number, ...contents: Buffer[]): Buffer => {
    const content = Buffer.concat(contents);
    return Buffer.concat([Buffer.from([tag, 0x82]), number(content.length, 2), content]);
  };
  const small = (tag: number, hex: string): Buffer =>
    Buffer.concat([Buffer.from([tag, hex.length / 2]), Buffer.from(hex, 'hex')]);
  const DATA = small(6, '2a864886f70d010701');
  const bag = (last: string): Buffer => small(6, `2a864886f70d010c0a01${last}`);
  const file = (content: Buffer, version = '03', type = DATA): Buffer =>
    der(0x30, small(2, version), der(0x30, type, der(0xa0, der(4, content))), der(0x30, seededBytes(40)));
  const body = (...parts: Buffer[]): Buffer => Buffer.concat([seededBytes(300), ...parts, seededBytes(1200, 2)]);

  test('tells whether a private key is inside', () => {
    const make = (content: Buffer) => check('pkcs12', file(content).toString('base64'));
    expect(make(body(bag('02')))).toMatchObject({ proof: 'valid', details: { privateKey: 'encrypted' } });
    expect(make(body(bag('01')))).toMatchObject({ proof: 'valid', details: { privateKey: 'in the clear' } });
    expect(make(body())).toEqual({ proof: 'valid', reason: 'it is a whole PKCS#12 file' });
  });

  test('that is cut is invalid', () => {
    const bytes = file(body(bag('02')));
    expect(check('pkcs12', bytes.subarray(0, -30).toString('base64'))).toEqual({
      proof: 'invalid',
      reason: 'the end of the PKCS#12 file is missing',
    });
  });

  test('of another version or content is not judged', () => {
    const encode = (bytes: Buffer): string => bytes.toString('base64');
    expect(check('pkcs12', encode(file(body(), '02')))).toEqual(NOTHING);
    expect(check('pkcs12', encode(file(body(), '03', bag('02'))))).toEqual(NOTHING);
    expect(check('pkcs12', encode(seededBytes(500)))).toEqual(NOTHING);
  });
});
