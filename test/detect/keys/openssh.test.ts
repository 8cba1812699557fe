import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyExtraction } from '../../../src/detect/keys/key.ts';
import { readPrivateKey } from '../../../src/detect/keys/read.ts';
import { writeStrings } from '../../../src/detect/keys/ssh-wire.ts';
import { spkiOf } from './generated.ts';
import { WRAPPINGS } from './wrappings.ts';

const BEGIN = `${'-'.repeat(5)}BEGIN `;
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

const read = (text: string): KeyExtraction => readPrivateKey(text, text.indexOf(BEGIN)) as KeyExtraction;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openssh-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function generate(name: string, type: string, bits: string, passphrase = ''): string {
  const file = join(folder, name);
  const size = bits === '' ? [] : ['-b', bits];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', passphrase, '-C', 'someone@somewhere', '-f', file]);
  return file;
}

/** The public half as ssh-keygen itself converts it, or Node's for the kinds it does not convert. */
function fingerprint(file: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', file]).toString().split(' ')[1]!;
}

describe.runIf(hasSshKeygen)('a key made by ssh-keygen', () => {
  test.each([
    ['rsa', '2048', 'RSA'],
    ['ecdsa', '256', 'EC'],
    ['ecdsa', '384', 'EC'],
    ['ecdsa', '521', 'EC'],
    ['ed25519', '', 'Ed25519'],
  ])('%s %s has the identity of its other encodings in every wrapping', (type, bits, kind) => {
    const file = generate(`${type}${bits}`, type, bits);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const plain = read(lines.join('\n'));
    expect(plain).toMatchObject({ kind: 'OpenSSH', grade: 'parsed', encrypted: false });
    expect(plain.details).toMatchObject({ type: kind, comment: 'someone@somewhere', fingerprint: fingerprint(file) });
    expect(plain.identity).toMatch(/^spki:[0-9a-f]{64}$/);
    for (const [name, wrap] of Object.entries(WRAPPINGS)) expect(read(wrap(lines)).identity, name).toBe(plain.identity);
    if (type === 'ed25519') return;
    execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-m', 'PEM', '-f', file]);
    const pem = readFileSync(file, 'utf8');
    expect(plain.identity).toBe(`spki:${spkiOf(createPrivateKey(pem))}`);
    expect(read(pem).identity).toBe(plain.identity);
  });

  test('is told to be encrypted, with its public fingerprint', () => {
    const file = generate('locked', 'ed25519', '', 'made up for this');
    const found = read(readFileSync(file, 'utf8'));
    expect(found).toMatchObject({ kind: 'OpenSSH', grade: 'parsed', encrypted: true });
    expect(found.details).toMatchObject({ cipher: 'aes256-ctr', kdf: 'bcrypt', fingerprint: fingerprint(file) });
    expect(found.identity).toMatch(/^key:/);
  });

  test('is truncated when its end is missing', () => {
    const file = generate('cut', 'rsa', '2048');
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, 12);
    expect(read(lines.join('\n'))).toMatchObject({ kind: 'OpenSSH', grade: 'truncated', encrypted: false });
  });
});

describe('an OpenSSH key put together by hand', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d, x } = privateKey.export({ format: 'jwk' });
  const name = Buffer.from('ssh-ed25519');
  const point = Buffer.from(x!, 'base64url');
  const seed = Buffer.from(d!, 'base64url');

  function armour(publicPoint: Buffer, check: string): string {
    const section = Buffer.concat([
      Buffer.from(check, 'hex'),
      writeStrings(name, publicPoint, Buffer.concat([seed, publicPoint]), Buffer.from('me')),
      Buffer.from([1, 2, 3]),
    ]);
    const none = Buffer.from('none');
    const body = Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      writeStrings(none, none, Buffer.alloc(0)),
      Buffer.from([0, 0, 0, 1]),
      writeStrings(writeStrings(name, publicPoint), section),
    ]);
    const label = 'OPENSSH PRIVATE KEY-----';
    return [`${BEGIN}${label}`, ...body.toString('base64').match(/.{1,70}/g)!, `${'-'.repeat(5)}END ${label}`].join(
      '\n',
    );
  }

  test('is parsed', () => {
    expect(read(armour(point, '0a0b0c0d0a0b0c0d'))).toMatchObject({
      grade: 'parsed',
      identity: `spki:${spkiOf(privateKey)}`,
    });
  });

  test('is only of the shape when its halves do not belong together', () => {
    const other = Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }).x!, 'base64url');
    expect(read(armour(other, '0a0b0c0d0a0b0c0d'))).toMatchObject({ grade: 'shape' });
  });

  test('is only of the shape when its two check numbers differ', () => {
    expect(read(armour(point, '0a0b0c0d0a0b0c0e'))).toMatchObject({ grade: 'shape' });
  });
});
