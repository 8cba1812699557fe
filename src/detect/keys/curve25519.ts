import type { KeyObject } from 'node:crypto';
import { crypto } from '../crypto.ts';
import { sha256 } from './public-key.ts';

/** The public half that follows from 32 private bytes. */
export interface Curve25519Key {
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** Hex sha256 of the public half's SubjectPublicKeyInfo in DER. */
  readonly spki: string;
}

/** PKCS#8 up to the private bytes, and the length of SPKI before the public ones (RFC 8410). */
const PKCS8_HEAD = {
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
} as const;
const SPKI_HEAD = 12;

/**
 * Derives the public half by OpenSSL.
 * @param privateBytes 32 bytes: the seed of Ed25519 (RFC 8032), the scalar of X25519 (RFC 7748, clamped or not)
 */
export function publicHalf(curve: 'ed25519' | 'x25519', privateBytes: Buffer): Curve25519Key {
  const key = Buffer.concat([PKCS8_HEAD[curve], privateBytes]);
  return describe(crypto().createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

function describe(key: KeyObject): Curve25519Key {
  const spki = crypto().createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: spki.subarray(SPKI_HEAD), spki: sha256(spki) };
}
