import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64, isoDate } from './codec.ts';

const AES = 1;

/**
 * Keys of a Ceph keyring: base64 of type, time of creation (seconds and nanoseconds), length and 16 bytes, all numbers little-endian
 * (ceph/ceph, src/auth/Crypto.cc, CryptoKey::encode).
 */
export const cephKey: Check = (secret) => {
  const bytes = /^AQ[A-Za-z0-9+/]{36}==$/.test(secret) ? decodeBase64(secret) : undefined;
  if (bytes?.length !== 28) return NOT_APPLICABLE;
  const isKey = bytes.readUInt16LE(0) === AES && bytes.readUInt32LE(6) < 1e9 && bytes.readUInt16LE(10) === 16;
  if (!isKey) return { proof: 'invalid', reason: 'it is not the structure of a Ceph key' };
  const created = isoDate(bytes.readUInt32LE(2));
  return {
    proof: 'valid',
    ...(created === undefined ? {} : { details: { created } }),
    reason: 'it is the structure of a Ceph key',
  };
};
