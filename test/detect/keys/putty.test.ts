import { createHash, createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyExtraction } from '../../../src/detect/keys/key.ts';
import { readPrivateKey } from '../../../src/detect/keys/read.ts';
import { writeStrings } from '../../../src/detect/keys/ssh-wire.ts';
import { spkiOf } from './generated.ts';
import { WRAPPINGS } from './wrappings.ts';

const MARK = 'PuTTY-User-Key-File-';
const read = (text: string): KeyExtraction => readPrivateKey(text, text.indexOf(MARK)) as KeyExtraction;
const number = (value: string | undefined): Buffer => Buffer.from(value!, 'base64url');

/** A positive number of the SSH wire format: a leading zero keeps the sign bit clear. */
const mpint = (value: string | undefined): Buffer =>
  number(value)[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), number(value)]) : number(value);

/** Public and private blob as the PuTTY manual describes them in appendix C. */
function blobs(type: string, key: KeyObject): [Buffer, Buffer] {
  const name = Buffer.from(type);
  const jwk = key.export({ format: 'jwk' });
  if (type === 'ssh-rsa') {
    const rest = [jwk.d, jwk.p, jwk.q, jwk.qi].map(mpint);
    return [writeStrings(name, mpint(jwk.e), mpint(jwk.n)), writeStrings(...rest)];
  }
  if (type === 'ssh-ed25519') return [writeStrings(name, number(jwk.x)), writeStrings(number(jwk.d))];
  const point = Buffer.concat([Buffer.from([4]), number(jwk.x), number(jwk.y)]);
  return [writeStrings(name, Buffer.from('nistp256'), point), writeStrings(mpint(jwk.d))];
}

const rows = (blob: Buffer): string[] => blob.toString('base64').match(/.{1,64}/g)!;

function file(version: '2' | '3', type: string, key: KeyObject, encryption = 'none', mac?: string): string[] {
  const [publicBlob, privateBlob] = blobs(type, key);
  const parts = [type, encryption, 'made for a test'].map((part) => Buffer.from(part));
  const data = writeStrings(...parts, publicBlob, privateBlob);
  const hmac =
    version === '3'
      ? createHmac('sha256', '')
      : createHmac('sha1', createHash('sha1').update('putty-private-key-file-mac-key').digest());
  const publicRows = rows(publicBlob);
  const privateRows = rows(privateBlob);
  const kdf = encryption === 'none' ? [] : ['Key-Derivation: Argon2id', 'Argon2-Memory: 8192', 'Argon2-Passes: 13'];
  return [
    `${MARK}${version}: ${type}`,
    `Encryption: ${encryption}`,
    'Comment: made for a test',
    `Public-Lines: ${publicRows.length}`,
    ...publicRows,
    ...kdf,
    `Private-Lines: ${privateRows.length}`,
    ...privateRows,
    `Private-MAC: ${mac ?? hmac.update(data).digest('hex')}`,
  ];
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;

describe('a PuTTY key file', () => {
  test.each<['2' | '3', string, KeyObject]>([
    ['2', 'ssh-rsa', rsa],
    ['3', 'ssh-rsa', rsa],
    ['3', 'ecdsa-sha2-nistp256', ec],
    ['3', 'ssh-ed25519', ed25519],
  ])('of version %s with %s is parsed', (version, type, key) => {
    const text = `before\n${file(version, type, key).join('\r\n')}\r\nafter`;
    expect(read(text)).toMatchObject({
      start: text.indexOf(MARK),
      end: text.indexOf('\r\nafter'),
      kind: 'PuTTY',
      grade: 'parsed',
      encrypted: false,
      identity: `spki:${spkiOf(key)}`,
      details: { comment: 'made for a test' },
    });
  });

  test.each([
    'plain lines',
    'a JSON value',
    'JSON inside JSON',
    'JSON with escaped slashes',
    'JavaScript concatenation',
    'a YAML block',
    'slash comments',
    'GitHub Actions log',
    'GitLab log',
    'compose log, plain name',
    'blanks for line breaks',
    'HTML breaks',
    'terminal colours',
  ])('is read out of %s', (name) => {
    for (const [version, type, key] of [
      ['2', 'ssh-rsa', rsa],
      ['3', 'ssh-ed25519', ed25519],
    ] as const) {
      const text = `before\n${WRAPPINGS[name]!(file(version, type, key))}\nafter`;
      const found = read(text);
      expect(found, type).toMatchObject({ grade: 'parsed', identity: `spki:${spkiOf(key)}` });
      expect(text.slice(0, found.end), type).toMatch(/[0-9a-f]{40}$/);
    }
  });

  test('is proven by its numbers when its MAC was changed', () => {
    for (const [type, key] of [
      ['ssh-rsa', rsa],
      ['ecdsa-sha2-nistp256', ec],
      ['ssh-ed25519', ed25519],
    ] as const) {
      expect(read(file('3', type, key, 'none', '0'.repeat(64)).join('\n')).grade, type).toBe('parsed');
    }
  });

  test('is of the shape when neither MAC nor numbers fit', () => {
    const lines = file('3', 'ssh-ed25519', ed25519);
    const other = file('3', 'ssh-ed25519', generateKeyPairSync('ed25519').privateKey);
    const at = lines.findIndex((line) => line.startsWith('Private-Lines'));
    lines[at + 1] = other[at + 1]!;
    expect(read(lines.join('\n'))).toMatchObject({ grade: 'shape', encrypted: false });
  });

  test('is told to be encrypted', () => {
    const found = read(file('3', 'ssh-rsa', rsa, 'aes256-cbc').join('\n'));
    expect(found).toMatchObject({ grade: 'parsed', encrypted: true, details: { cipher: 'aes256-cbc' } });
    expect(found.identity).toMatch(/^key:/);
  });

  test('is truncated when its end is missing, and refused when nothing follows', () => {
    const lines = file('2', 'ssh-rsa', rsa);
    const cut = lines.slice(0, -4).join('\n');
    expect(read(cut)).toMatchObject({ grade: 'truncated', end: cut.length });
    expect(readPrivateKey(lines[0]!, 0)).toMatchObject({ refused: 'no key follows the header' });
    expect(readPrivateKey(`${MARK}`, 0)).toBeUndefined();
  });

  test('does not reach into a second file behind it', () => {
    const first = file('2', 'ssh-rsa', rsa).slice(0, 12).join('\n');
    const text = `${first}\n${file('3', 'ssh-ed25519', ed25519).join('\n')}`;
    expect(readPrivateKey(text, 0)?.end).toBeLessThanOrEqual(first.length);
    expect(readPrivateKey(text, first.length + 1)).toMatchObject({ identity: `spki:${spkiOf(ed25519)}` });
  });
});
