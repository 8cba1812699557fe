import { crypto } from '../crypto.ts';
import type { Interpretation } from './key.ts';

const SECRET_KEY = 5;
const ALGORITHMS: Readonly<Record<number, string>> = {
  1: 'RSA',
  2: 'RSA',
  3: 'RSA',
  16: 'Elgamal',
  17: 'DSA',
  18: 'ECDH',
  19: 'ECDSA',
  22: 'EdDSA',
  25: 'X25519',
  26: 'X448',
  27: 'Ed25519',
  28: 'Ed448',
};
/** Public numbers of an algorithm: `m` a multiprecision integer, `o` an octet-counted string, a number of plain bytes. */
const PUBLIC_FIELDS: Readonly<Record<number, readonly ('m' | 'o' | number)[]>> = {
  1: ['m', 'm'],
  2: ['m', 'm'],
  3: ['m', 'm'],
  16: ['m', 'm', 'm'],
  17: ['m', 'm', 'm', 'm'],
  18: ['o', 'm', 'o'],
  19: ['o', 'm'],
  22: ['o', 'm'],
  25: [32],
  26: [56],
  27: [32],
  28: [57],
};

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  readonly end: number;
}

/**
 * Interprets an OpenPGP transferable secret key (RFC 9580, RFC 4880): a secret-key packet first, then others that fill the bytes.
 * @param checksum the armour's CRC-24 in base64, where there is one
 */
export function interpretPgp(bytes: Buffer, checksum: string | undefined): Interpretation {
  const base = { kind: 'PGP', encrypted: false, details: {} };
  const first = readPacket(bytes, 0);
  if (first === undefined || first.tag !== SECRET_KEY) {
    return { ...base, state: 'unknown', reason: 'its body is not an OpenPGP secret key' };
  }
  const key = describe(first.body);
  const found = { kind: 'PGP', encrypted: key.encrypted, details: key.details };
  if (!packetsFill(bytes)) return { ...found, state: 'incomplete', reason: 'the end of the private key is missing' };
  if (checksum !== undefined && crc24(bytes) !== Buffer.from(checksum, 'base64').readUIntBE(0, 3)) {
    return { ...found, state: 'complete', reason: 'its packets are whole but the armour checksum is wrong' };
  }
  if (!key.understood)
    return { ...found, state: 'complete', reason: 'it is an OpenPGP secret key of a form not known' };
  const reason = key.encrypted ? 'the private key is encrypted with a passphrase' : 'the private key parses';
  return { ...found, state: 'proven', reason };
}

function packetsFill(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    const packet = readPacket(bytes, at);
    if (packet === undefined || packet.end > bytes.length) return false;
    at = packet.end;
  }
  return true;
}

/** Old and new packet headers (RFC 9580 section 4.2); partial lengths do not occur in keys. */
function readPacket(bytes: Buffer, at: number): Packet | undefined {
  const first = bytes[at];
  if (first === undefined || !(first & 0x80)) return undefined;
  const size = first & 0x40 ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
  if (size === undefined) return undefined;
  const start = at + 1 + size.octets;
  const tag = first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
  return { tag, body: bytes.subarray(start, start + size.length), end: start + size.length };
}

interface Size {
  readonly octets: number;
  readonly length: number;
}

function oldLength(bytes: Buffer, at: number, type: number): Size | undefined {
  if (type === 3) return { octets: 0, length: bytes.length - at };
  const octets = 1 << type;
  return at + octets > bytes.length ? undefined : { octets, length: bytes.readUIntBE(at, octets) };
}

function newLength(bytes: Buffer, at: number): Size | undefined {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first === undefined || (first >= 224 && first < 255)) return undefined;
  if (first < 192) return { octets: 1, length: first };
  if (first < 224) return second === undefined ? undefined : { octets: 2, length: ((first - 192) << 8) + second + 192 };
  return at + 5 > bytes.length ? undefined : { octets: 5, length: bytes.readUInt32BE(at + 1) };
}

interface Described {
  readonly understood: boolean;
  readonly encrypted: boolean;
  readonly details: Readonly<Record<string, string>>;
}

/** Version 4 and 6 key packets: version, time, algorithm, (count,) public numbers, then the octet that tells how the rest is locked. */
function describe(packet: Buffer): Described {
  const version = packet[0] ?? 0;
  const algorithm = packet[5] ?? 0;
  const details: Record<string, string> = { version: String(version) };
  if (packet.length < 8 || (version !== 4 && version !== 6)) return { understood: false, encrypted: false, details };
  const type = ALGORITHMS[algorithm];
  if (type !== undefined) details.type = type;
  details.created = new Date(packet.readUInt32BE(1) * 1000).toISOString().slice(0, 10);
  const end = publicEnd(packet, version === 4 ? 6 : 10, PUBLIC_FIELDS[algorithm] ?? []);
  const usage = end === undefined ? undefined : packet[end];
  if (end === undefined || usage === undefined || type === undefined)
    return { understood: false, encrypted: false, details };
  if (type === 'RSA') details.bits = String(packet.readUInt16BE(version === 4 ? 6 : 10));
  details.fingerprint = fingerprint(packet.subarray(0, end), version);
  return { understood: true, encrypted: usage !== 0, details };
}

function publicEnd(packet: Buffer, from: number, fields: readonly ('m' | 'o' | number)[]): number | undefined {
  let at = from;
  for (const field of fields) {
    if (field === 'm') at += at + 2 > packet.length ? packet.length : 2 + Math.ceil(packet.readUInt16BE(at) / 8);
    else at += field === 'o' ? 1 + (packet[at] ?? packet.length) : field;
  }
  return fields.length > 0 && at < packet.length ? at : undefined;
}

/** RFC 9580 section 5.5.4: what `gpg --list-keys` prints. */
function fingerprint(publicPart: Buffer, version: number): string {
  const length = Buffer.alloc(version === 4 ? 2 : 4);
  length.writeUIntBE(publicPart.length, 0, length.length);
  const hash = crypto().createHash(version === 4 ? 'sha1' : 'sha256');
  return hash
    .update(Buffer.from([version === 4 ? 0x99 : 0x9b]))
    .update(length)
    .update(publicPart)
    .digest('hex')
    .toUpperCase();
}

/** The armour checksum (RFC 9580 section 6.1.1). */
function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : crc << 1;
  }
  return crc;
}
