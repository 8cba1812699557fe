import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyExtraction } from '../../../src/detect/keys/key.ts';
import { readPrivateKey } from '../../../src/detect/keys/read.ts';
import { WRAPPINGS } from './wrappings.ts';

const BEGIN = `${'-'.repeat(5)}BEGIN `;
const LABEL = `PGP PRIVATE KEY BLOCK${'-'.repeat(5)}`;
const read = (text: string): KeyExtraction => readPrivateKey(text, text.indexOf(BEGIN)) as KeyExtraction;

/** CRC-24 of RFC 4880 section 6.1, written from the text of the standard. */
function crc24(bytes: Buffer): Buffer {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte * 0x10000;
    for (let bit = 0; bit < 8; bit++) {
      crc *= 2;
      if (crc >= 0x1000000) crc = (crc ^ 0x1864cfb) & 0xffffff;
    }
  }
  return Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]);
}

/** A version 4 Ed25519 secret-key packet and a user id; `usage` 0 means in the clear. */
function packets(usage: number): Buffer {
  const curve = Buffer.from('092b06010401da470f01', 'hex');
  const point = Buffer.concat([Buffer.from('010740', 'hex'), randomBytes(32)]);
  const secret = usage === 0 ? Buffer.concat([Buffer.from([1, 0]), randomBytes(32), randomBytes(2)]) : randomBytes(70);
  const body = Buffer.concat([
    Buffer.from('045f000000', 'hex'),
    Buffer.from([22]),
    curve,
    point,
    Buffer.from([usage]),
    secret,
  ]);
  const user = Buffer.from('Some One <one@example.org>');
  return Buffer.concat([Buffer.from([0xc5, body.length]), body, Buffer.from([0xcd, user.length]), user]);
}

function armour(bytes: Buffer, checksum: Buffer | undefined = crc24(bytes)): string[] {
  const sum = checksum === undefined ? [] : [`=${checksum.toString('base64')}`];
  const rows = bytes.toString('base64').match(/.{1,64}/g)!;
  return [`${BEGIN}${LABEL}`, 'Version: GnuPG v2', '', ...rows, ...sum, `${'-'.repeat(5)}END ${LABEL}`];
}

describe('a PGP secret key', () => {
  test.each(Object.keys(WRAPPINGS).filter((name) => name !== 'no line breaks at all'))('is read out of %s', (name) => {
    const lines = armour(packets(0));
    const text = `before\n${WRAPPINGS[name]!(lines)}\nafter`;
    const found = read(text);
    expect(found).toMatchObject({ kind: 'PGP', grade: 'parsed', encrypted: false });
    expect(found.identity).toBe(read(lines.join('\n')).identity);
    expect(text.slice(0, found.end).endsWith(LABEL)).toBe(true);
  });

  test('tells algorithm, version, time and fingerprint', () => {
    expect(read(armour(packets(0)).join('\n')).details).toMatchObject({
      type: 'EdDSA',
      version: '4',
      created: '2020-07-04',
      fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
  });

  test('is told to be encrypted by its usage octet', () => {
    expect(read(armour(packets(254)).join('\n'))).toMatchObject({ grade: 'parsed', encrypted: true });
  });

  test('needs no checksum', () => {
    const lines = armour(packets(0)).filter((line) => !line.startsWith('='));
    expect(read(lines.join('\n'))).toMatchObject({ grade: 'parsed' });
  });

  test('is only of the shape when the checksum is wrong', () => {
    expect(read(armour(packets(0), Buffer.from([1, 2, 3])).join('\n'))).toMatchObject({ grade: 'shape' });
  });

  test('is truncated when packets are missing', () => {
    expect(read(armour(packets(0).subarray(0, 80)).join('\n'))).toMatchObject({ grade: 'truncated', kind: 'PGP' });
  });
});

const hasGpg = spawnSync('gpg', ['--version']).status === 0;

describe.runIf(hasGpg)('a key made by gpg', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'gpg-'));
    // without this the agent spends seconds on measuring how slow to make the passphrase
    writeFileSync(join(home, 'gpg-agent.conf'), 's2k-count 65536\n');
  });
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true });
  });

  test.each([
    ['rsa2048', 'RSA', ''],
    ['ed25519', 'EdDSA', ''],
    ['ed25519', 'EdDSA', 'made up for this'],
  ])('%s is parsed (%s, passphrase "%s")', (algorithm, type, passphrase) => {
    const user = `${algorithm}${passphrase.length}@example.org`;
    const gpg = (...args: string[]): string => {
      const common = [
        '--homedir',
        home,
        '--batch',
        '--quiet',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        passphrase,
      ];
      const run = spawnSync('gpg', [...common, ...args], { encoding: 'utf8' });
      expect(run.status, run.stderr).toBe(0);
      return run.stdout;
    };
    gpg('--quick-generate-key', user, algorithm, 'default', 'never');
    const found = read(gpg('--armor', '--export-secret-keys', user));
    expect(found).toMatchObject({ kind: 'PGP', grade: 'parsed', encrypted: passphrase !== '', details: { type } });
    expect(gpg('--with-colons', '--list-keys', user)).toContain(`:${found.details.fingerprint}:`);
  });
});
