import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { decodeBase32 } from './codec.ts';
import { crc16 } from './crc32.ts';

const ROLES: Readonly<Record<string, string>> = {
  A: 'account',
  C: 'cluster',
  N: 'server',
  O: 'operator',
  U: 'user',
  X: 'curve',
};

/** Whether the last two bytes are the little-endian CRC-16 of the others; undefined when it is not base32. */
function crcFits(secret: string): boolean | undefined {
  const bytes = decodeBase32(secret);
  return bytes === undefined ? undefined : bytes.readUInt16LE(bytes.length - 2) === crc16(bytes.subarray(0, -2));
}

/** NATS nkeys seeds: `S`, a role letter, base32 of prefix, 32 bytes and CRC-16 (nats-io/nkeys strkey.go). */
export const nkeysCrc16: Check = (secret) => {
  if (!/^S[UAONCX][A-Z2-7]{56}$/.test(secret)) return NOT_APPLICABLE;
  return checksumResult(crcFits(secret) === true, 'CRC-16', { role: ROLES[secret[1]!]! });
};

/** Stellar secret seeds: base32 of version byte, 32 bytes and CRC-16 (SEP-23). */
export const stellarCrc16: Check = (secret) => {
  if (!/^S[A-D][A-Z2-7]{54}$/.test(secret)) return NOT_APPLICABLE;
  return checksumResult(crcFits(secret) === true, 'CRC-16');
};
