import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { decodeBase32 } from './codec.ts';
import { crc32 } from './crc32.ts';

/** Where the four checksum bytes stand in the 32, least significant first. */
const PLACES = [22, 8, 7, 2] as const;
const KINDS: Readonly<Record<string, number>> = { user: 0xe0b9692d, app: 0x1019f92e };

/**
 * Azure DevOps personal access tokens of the old form: base32 of 32 bytes, four of which hold CRC-32 of the others XOR a constant
 * (microsoft/security-utilities AdoPat.cs).
 */
export const adoCrc32: Check = (secret) => {
  const bytes = /^[a-z2-7]{52}$/.test(secret) ? decodeBase32(secret) : undefined;
  if (bytes === undefined || bytes.length !== 32) return NOT_APPLICABLE;
  const places: readonly number[] = PLACES;
  const crc = crc32(bytes.filter((_, at) => !places.includes(at)));
  const stored = Buffer.from(places.map((at) => bytes[at]!)).readUInt32LE();
  const kind = Object.keys(KINDS).find((name) => (crc ^ KINDS[name]!) >>> 0 === stored);
  return checksumResult(kind !== undefined, 'CRC-32', kind === undefined ? undefined : { tokenOf: kind });
};
