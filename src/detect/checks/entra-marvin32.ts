import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { encodeDigits } from './codec.ts';
import { marvin32 } from './marvin32.ts';

const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';
const SYMBOLS = '.-_~';

/**
 * Entra ID client secrets with `8Q~`: Marvin32 (seed AadPwd00) of the first 37 characters as a six-digit number of base 66, of
 * which the first three digits close the secret. Secrets with `7Q~` have no checksum.
 */
export const entraMarvin32: Check = (secret) => {
  if (!/^[\w.~-]{3}8Q~[\w.~-]{34}$/.test(secret)) return NOT_APPLICABLE;
  const hash = marvin32(Buffer.from(secret.slice(0, 37), 'latin1'), 'AadPwd00');
  const digits = encodeDigits(hash, DIGITS, 6).slice(0, 3);
  return checksumResult(same(digits, secret.slice(37)), 'Marvin32');
};

/** The order of the four symbols is not confirmed by any sample, so one stands for the other. */
function same(one: string, other: string): boolean {
  return [...one].every(
    (digit, at) => digit === other[at] || (SYMBOLS.includes(digit) && SYMBOLS.includes(other[at]!)),
  );
}
