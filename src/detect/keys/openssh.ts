import { unsigned } from './der.ts';
import type { Interpretation } from './key.ts';
import { provePrivateKey } from './public-key.ts';
import {
  ecPoint,
  ed25519Pkcs8,
  powerMod,
  readSshPublicKey,
  type SshPublicKey,
  sshFingerprint,
  WireReader,
  writeStrings,
} from './ssh-wire.ts';

const MAGIC = 'openssh-key-v1\0';

/** Whether the bytes open as OpenSSH's own key format does. */
export const isOpenSsh = (bytes: Buffer): boolean => bytes.subarray(0, MAGIC.length).toString('latin1') === MAGIC;

/**
 * Interprets OpenSSH's key format (openssh-portable PROTOCOL.key): cipher, kdf, public key, then the private section, which in the
 * clear must open with two equal numbers and hold the private half of the public key.
 */
export function interpretOpenSsh(bytes: Buffer): Interpretation {
  const reader = new WireReader(bytes.subarray(MAGIC.length));
  const cipher = reader.string()?.toString('latin1');
  const kdf = reader.string()?.toString('latin1');
  const options = reader.string();
  const count = reader.number();
  const blob = count === undefined ? undefined : reader.string();
  if (cipher !== undefined && !/^[\w@.-]{3,64}$/.test(cipher)) return UNREADABLE;
  const encrypted = cipher !== undefined && cipher !== 'none';
  const details: Record<string, string> = {};
  if (encrypted) Object.assign(details, { cipher, ...(/^\w{1,20}$/.test(kdf ?? '') ? { kdf } : {}) });
  const publicKey = blob === undefined ? undefined : readSshPublicKey(blob);
  if (blob !== undefined)
    Object.assign(details, sshType(blob), publicKey?.details, { fingerprint: sshFingerprint(blob) });
  const base = { kind: 'OpenSSH', encrypted, details };
  const section = blob === undefined ? undefined : reader.string();
  if (options === undefined || section === undefined) {
    return { ...base, state: 'incomplete', reason: 'the end of the private key is missing' };
  }
  const length = MAGIC.length + reader.at;
  if (count !== 1) return { ...base, length, state: 'complete', reason: 'it holds several keys' };
  if (encrypted) return { ...base, length, state: 'proven', reason: 'the private key is encrypted with a passphrase' };
  return { ...base, length, ...readSection(section, blob!, publicKey, details) };
}

const UNREADABLE: Interpretation = {
  state: 'unknown',
  kind: 'OpenSSH',
  encrypted: false,
  details: {},
  reason: 'it opens as an OpenSSH key but goes on as something else',
};

function sshType(blob: Buffer): { type?: string } {
  const type = new WireReader(blob).string()?.toString('latin1') ?? '';
  return /^[\w@.-]{1,64}$/.test(type) ? { type } : {};
}

type Verdict = Pick<Interpretation, 'state' | 'reason'> & { spki?: string };

/** The private section of one key in the clear. Adds the comment to the details. */
function readSection(
  section: Buffer,
  blob: Buffer,
  publicKey: SshPublicKey | undefined,
  details: Record<string, string>,
): Verdict {
  const reader = new WireReader(section);
  const check = reader.number();
  if (check === undefined || check !== reader.number()) {
    return { state: 'complete', reason: 'its private section is damaged' };
  }
  const type = reader.string()?.toString('latin1') ?? '';
  const fields = reader.strings(FIELD_COUNTS[type.replace(/^(ecdsa-sha2-).*/, '$1*')] ?? 0);
  const comment = fields === undefined || fields.length === 0 ? undefined : reader.string()?.toString('utf8');
  if (comment !== undefined && /^[\x20-\x7e]{1,100}$/.test(comment)) details.comment = comment;
  if (type.startsWith('sk-')) return { state: 'complete', reason: 'it only works with the hardware key it names' };
  if (publicKey === undefined || fields === undefined || fields.length === 0) {
    return { state: 'complete', reason: 'its private section is of a form not known' };
  }
  return publicBlob(type, fields).equals(blob) && belongs(type, fields, publicKey)
    ? { state: 'proven', spki: publicKey.spki, reason: 'the private key parses' }
    : { state: 'complete', reason: 'its private and public halves do not belong together' };
}

/** Strings between the type and the comment. */
const FIELD_COUNTS: Readonly<Record<string, number>> = {
  'ssh-rsa': 6,
  'ssh-dss': 5,
  'ssh-ed25519': 2,
  'ecdsa-sha2-*': 3,
};

/** The public key that the private section repeats. */
function publicBlob(type: string, fields: readonly Buffer[]): Buffer {
  const name = Buffer.from(type, 'latin1');
  if (type === 'ssh-rsa') return writeStrings(name, fields[1]!, fields[0]!);
  if (type === 'ssh-dss') return writeStrings(name, ...fields.slice(0, 4));
  return type === 'ssh-ed25519' ? writeStrings(name, fields[0]!) : writeStrings(name, ...fields.slice(0, 2));
}

function belongs(type: string, fields: readonly Buffer[], publicKey: SshPublicKey): boolean {
  if (type === 'ssh-rsa') return rsaBelongs(fields[0]!, fields[4]!, fields[5]!);
  if (type === 'ssh-dss') return dsaBelongs(fields);
  if (type === 'ssh-ed25519') return ed25519Belongs(fields[1]!.subarray(0, 32), publicKey);
  return ecPoint(fields[0]!.toString('latin1'), fields[2]!)?.equals(fields[1]!) === true;
}

/** Whether the seed's public half is the given one. */
export const ed25519Belongs = (seed: Buffer, publicKey: SshPublicKey): boolean =>
  provePrivateKey(ed25519Pkcs8(seed), 'pkcs8')?.spki === publicKey.spki;

/** Whether the modulus is the product of the primes. */
export const rsaBelongs = (n: Buffer, p: Buffer, q: Buffer): boolean => unsigned(n) === unsigned(p) * unsigned(q);

/** Whether y = g^x mod p, from p, q, g, y, x. */
export function dsaBelongs(fields: readonly Buffer[]): boolean {
  const [p, , g, y, x] = fields.map(unsigned);
  return p! > 0n && p! < 1n << 4096n && x! < 1n << 512n && powerMod(g!, x!, p!) === y;
}
