import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip } from './codec.ts';
import { keystoreBytes } from './keystore-bytes.ts';

const KINDS: Readonly<Record<number, string>> = { 4277010157: 'JKS', 3469659854: 'JCEKS' };
/** Tags of entries. JCEKS has a third, secret keys, whose length is not written. */
const PRIVATE_KEY = 1;
const CERTIFICATE = 2;
const SECRET_KEY = 3;
/** The SHA-1 over password and file that closes it; without the password it cannot be checked. */
const DIGEST_SIZE = 20;

interface Content {
  readonly keys: readonly string[];
  readonly certificates: number;
}

/** Java key stores of the forms JKS and JCEKS in base64, walked entry by entry (OpenJDK, sun.security.provider.JavaKeyStore). */
export const jks: Check = (secret) => {
  const bytes = keystoreBytes(secret);
  const kind = bytes !== undefined && bytes.length >= 12 ? KINDS[bytes.readUInt32BE(0)] : undefined;
  const version = kind === undefined ? 0 : bytes!.readUInt32BE(4);
  if (kind === undefined || version < 1 || version > 2) return NOT_APPLICABLE;
  const content = walk(bytes!, version);
  return content === undefined
    ? { proof: 'invalid', details: { kind }, reason: 'it is not a whole Java key store' }
    : described(kind, content);
};

function described(kind: string, { keys, certificates }: Content): CheckResult {
  const details = { kind, certificates: String(certificates) };
  if (keys.length === 0) {
    return { proof: 'valid', confidence: 'low', details, reason: 'it is a Java key store without any key' };
  }
  return {
    proof: 'valid',
    details: { ...details, keys: clip(keys.join(', ')) },
    reason: 'it is a whole Java key store with keys',
  };
}

/** All entries, or undefined when a length does not fit or the digest is not right behind the last. */
function walk(bytes: Buffer, version: number): Content | undefined {
  const reader = new Reader(bytes);
  const keys: string[] = [];
  let certificates = 0;
  for (let left = reader.number(4); left > 0; left--) {
    const tag = reader.number(4);
    const alias = reader.block(2).toString('utf8');
    reader.skip(8);
    if (tag === PRIVATE_KEY || tag === SECRET_KEY) keys.push(alias);
    // the length of a secret key is not written: what follows it cannot be read
    if (tag === SECRET_KEY && reader.whole) return { keys, certificates };
    if (tag === PRIVATE_KEY) reader.block(4);
    else if (tag !== CERTIFICATE) return undefined;
    for (let chain = tag === PRIVATE_KEY ? reader.number(4) : 1; chain > 0 && reader.whole; chain--) {
      if (version === 2) reader.block(2);
      reader.block(4);
      certificates++;
    }
    if (!reader.whole) return undefined;
  }
  return reader.at + DIGEST_SIZE === bytes.length ? { keys, certificates } : undefined;
}

/** Reads big-endian numbers and blocks one behind the other; behind the end everything is empty and `whole` is false. */
class Reader {
  readonly #bytes: Buffer;
  /** Behind magic and version. */
  at = 8;
  whole = true;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(size: number): number {
    const start = this.at;
    this.skip(size);
    return this.at === start ? 0 : this.#bytes.readUIntBE(start, size);
  }

  /** Bytes whose length stands before them in `size` bytes. */
  block(size: number): Buffer {
    const length = this.number(size);
    const start = this.at;
    this.skip(length);
    return this.#bytes.subarray(start, this.at);
  }

  skip(length: number): void {
    if (this.at + length > this.#bytes.length) this.whole = false;
    else this.at += length;
  }
}
