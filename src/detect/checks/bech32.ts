import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';

const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const BECH32 = 1;
const BECH32M = 0x2bc830a3;
/** The longest known, age's post-quantum recipients, have 1,959 characters. */
const LONGEST = 4096;

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((term, bit) => {
      if ((top >>> bit) & 1) check ^= term;
    });
  }
  return check >>> 0;
}

/** Bech32 (BIP-173) and Bech32m (BIP-350) of any length: age identities, Nostr keys. The human-readable part is in the details. */
export const bech32: Check = (secret) => {
  if (secret.length > LONGEST) return NOT_APPLICABLE;
  const text = secret.toLowerCase();
  if (secret !== text && secret !== secret.toUpperCase()) return NOT_APPLICABLE;
  const split = text.lastIndexOf('1');
  const data = [...text.slice(split + 1)].map((letter) => DIGITS.indexOf(letter));
  if (split < 1 || data.length < 6 || data.includes(-1)) return NOT_APPLICABLE;
  const hrp = text.slice(0, split);
  const codes = Array.from(hrp, (letter) => letter.charCodeAt(0));
  const rest = polymod([...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data]);
  return checksumResult(rest === BECH32 || rest === BECH32M, rest === BECH32M ? 'Bech32m' : 'Bech32', { hrp });
};
