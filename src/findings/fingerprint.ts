import { createHmac } from 'node:crypto';

/** Key used when the user gives none. It is public: see `fingerprintOf` for what that means. */
export const DEFAULT_FINGERPRINT_KEY = 'leakgate-fingerprint-v1';

/** Hex digits of a fingerprint: 128 bits, far beyond accidental collision. */
export const FINGERPRINT_LENGTH = 32;

/**
 * Names a secret without telling it: the first 32 hex digits of HMAC-SHA256 (RFC 2104) over the identity's UTF-8 bytes.
 *
 * The same secret has the same fingerprint in every file, commit, report and baseline made with the same key, so an
 * allow entry survives moved lines and renames.
 *
 * What it protects: a random token (80 bits and more) can't be worked out from its fingerprint, and precomputed tables
 * of plain SHA-256 hashes don't apply.
 * What it does not: with the default key, which is public, anyone who holds a fingerprint can test guesses, so a
 * password that can be guessed can be confirmed. A key of one's own, kept out of the repository, closes that: without
 * the key no guess can be tested. Fingerprints made with different keys can't be compared.
 *
 * @param identity what the secret is told apart by (`Match.identity`)
 * @param key the user's key; the public default when left out
 * @returns 32 lower-case hex digits
 */
export const fingerprintOf = (identity: string, key: string = DEFAULT_FINGERPRINT_KEY): string =>
  createHmac('sha256', key).update(identity, 'utf8').digest('hex').slice(0, FINGERPRINT_LENGTH);
