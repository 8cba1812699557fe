import { crypto } from '../crypto.ts';
import { BIT_STRING, der, derInteger, INTEGER, NULL, OCTET_STRING, OID, SEQUENCE, unsigned } from './der.ts';
import { sha256 } from './public-key.ts';

/** Reads the length-prefixed strings of the SSH wire format (RFC 4251 section 5). */
export class WireReader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** 0-based offset of what is read next. */
  get at(): number {
    return this.#at;
  }

  get rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** The next 32-bit number, or undefined when the bytes end. */
  number(): number | undefined {
    if (this.#at + 4 > this.#bytes.length) return undefined;
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  /** The next string, or undefined when the bytes end before it does (nothing is consumed then). */
  string(): Buffer | undefined {
    const from = this.#at;
    const length = this.number();
    if (length === undefined || length > this.#bytes.length - this.#at) {
      this.#at = from;
      return undefined;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** That many strings, or undefined when one is missing. */
  strings(count: number): Buffer[] | undefined {
    const found: Buffer[] = [];
    for (let index = 0; index < count; index++) {
      const next = this.string();
      if (next === undefined) return undefined;
      found.push(next);
    }
    return found;
  }
}

/** Writes byte strings with their lengths before them. */
export function writeStrings(...strings: readonly Buffer[]): Buffer {
  return Buffer.concat(
    strings.flatMap((content) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return [length, content];
    }),
  );
}

/** A public key in SSH's form, understood. */
export interface SshPublicKey {
  readonly spki: string;
  readonly details: Readonly<Record<string, string>>;
}

const oid = (...bytes: readonly number[]): Buffer => der(OID, Buffer.from(bytes));
const RSA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);
const DSA = oid(0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01);
const EC = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
const ED25519 = oid(0x2b, 0x65, 0x70);

interface Curve {
  readonly name: string;
  readonly openssl: string;
  readonly oid: Buffer;
}

const CURVES: Readonly<Record<string, Curve>> = {
  nistp256: { name: 'P-256', openssl: 'prime256v1', oid: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07) },
  nistp384: { name: 'P-384', openssl: 'secp384r1', oid: oid(0x2b, 0x81, 0x04, 0x00, 0x22) },
  nistp521: { name: 'P-521', openssl: 'secp521r1', oid: oid(0x2b, 0x81, 0x04, 0x00, 0x23) },
};

/** `SHA256:…` as ssh-keygen -l prints it: names the key in authorized_keys and at the hosts. */
export const sshFingerprint = (blob: Buffer): string =>
  `SHA256:${crypto().createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

const spki = (algorithm: Buffer, key: Buffer): string =>
  sha256(der(SEQUENCE, algorithm, der(BIT_STRING, Buffer.alloc(1), key)));

const bitLength = (magnitude: Buffer): string => String(unsigned(magnitude).toString(2).length);

/** Rebuilds the SubjectPublicKeyInfo of an RSA, DSA, ECDSA or Ed25519 key blob (RFC 4253, RFC 5656, RFC 8709); undefined for others. */
export function readSshPublicKey(blob: Buffer): SshPublicKey | undefined {
  const reader = new WireReader(blob);
  const type = reader.string()?.toString('latin1') ?? '';
  if (type === 'ssh-rsa') {
    const parts = reader.strings(2);
    return parts && rsaPublic(parts[1]!, parts[0]!);
  }
  if (type === 'ssh-dss') {
    const parts = reader.strings(4);
    return parts && dsaPublic(parts);
  }
  if (type === 'ssh-ed25519') {
    const point = reader.string();
    if (point?.length !== 32) return undefined;
    return { spki: spki(der(SEQUENCE, ED25519), point), details: { type: 'Ed25519' } };
  }
  const curve = type.startsWith('ecdsa-sha2-') ? CURVES[type.slice(11)] : undefined;
  const parts = curve === undefined ? undefined : reader.strings(2);
  if (curve === undefined || parts === undefined) return undefined;
  return { spki: spki(der(SEQUENCE, EC, curve.oid), parts[1]!), details: { type: 'EC', curve: curve.name } };
}

function rsaPublic(n: Buffer, e: Buffer): SshPublicKey {
  const key = der(SEQUENCE, derInteger(n), derInteger(e));
  return { spki: spki(der(SEQUENCE, RSA, der(NULL)), key), details: { type: 'RSA', bits: bitLength(n) } };
}

function dsaPublic([p, q, g, y]: readonly Buffer[]): SshPublicKey {
  const parameters = der(SEQUENCE, derInteger(p!), derInteger(q!), derInteger(g!));
  return { spki: spki(der(SEQUENCE, DSA, parameters), derInteger(y!)), details: { type: 'DSA', bits: bitLength(p!) } };
}

/** The uncompressed point that belongs to a private number on one of SSH's curves, or undefined. */
export function ecPoint(curve: string, secret: Buffer): Buffer | undefined {
  const openssl = CURVES[curve]?.openssl;
  if (openssl === undefined) return undefined;
  try {
    const ecdh = crypto().createECDH(openssl);
    const digits = secret[0] === 0 ? secret.subarray(1) : secret;
    ecdh.setPrivateKey(digits);
    return ecdh.getPublicKey();
  } catch {
    // a number that is none of the curve's
    return undefined;
  }
}

/** PKCS#8 of an Ed25519 seed (RFC 8410), to have OpenSSL derive its public half. */
export const ed25519Pkcs8 = (seed: Buffer): Buffer =>
  der(SEQUENCE, Buffer.from([INTEGER, 1, 0]), der(SEQUENCE, ED25519), der(OCTET_STRING, der(OCTET_STRING, seed)));

/** g^x mod p for DSA. */
export function powerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
