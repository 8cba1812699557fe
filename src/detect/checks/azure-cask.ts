import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { BASE62, encodeDigits, littleEndian32 } from './codec.ts';
import { marvin32 } from './marvin32.ts';

/** Bytes and base64 characters that the checksum covers. */
const COVERED = 80;

/**
 * Azure's common annotated keys (CASK): 52 random characters, `JQQJ99` (`9D` derived, `9H` hashed), year and month of issue, 16 of
 * platform and provider, 4 that name the provider, then Marvin32 of the first 60 bytes: 4 base64 or base62 characters in the short
 * form, 6 base64 characters and `==` in the long one (microsoft/security-utilities).
 */
export const azureCask: Check = (secret) => {
  const parts =
    /^[0-9A-Za-z]{52}JQQJ9([9DH])([0-9A-Za-z])([A-L])[0-9A-Za-z]{16}([A-Za-z][0-9A-Za-z]{3})([0-9A-Za-z+/]{4,6})(?:==)?$/.exec(
      secret,
    );
  if (parts === null || parts[5]!.length === 5) return NOT_APPLICABLE;
  const [, form, year, month, provider, stored] = parts;
  const hash = marvin32(Buffer.from(secret.slice(0, COVERED), 'base64'), 'Default0');
  const passed =
    littleEndian32(hash).toString('base64').startsWith(stored!) || encodeDigits(hash, BASE62, 6).startsWith(stored!);
  return checksumResult(passed, 'Marvin32', {
    provider: provider!,
    ...issued(year!, month!),
    ...(form === 'H' ? { form: 'hash of a key' } : form === 'D' ? { form: 'derived key' } : {}),
  });
};

/** Years count from A for 2024, months from A for January. Later digits of the year are of no use before 2050. */
function issued(year: string, month: string): { issued?: string } {
  if (!/[A-Z]/.test(year)) return {};
  const number = String(month.charCodeAt(0) - 64).padStart(2, '0');
  return { issued: `${2024 + year.charCodeAt(0) - 65}-${number}` };
}
