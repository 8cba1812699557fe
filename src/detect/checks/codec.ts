/** Small decoders that, unlike Buffer.from, refuse what is not of their alphabet. */

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Digits of a non-negative integer in the given alphabet, most significant first, left-padded with the zero digit. */
export function encodeDigits(value: number, alphabet: string, width: number): string {
  let digits = '';
  let rest = value;
  while (rest > 0) {
    digits = alphabet[rest % alphabet.length]! + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits.padStart(width, alphabet[0]!);
}

/** A 32-bit number as 8 hex digits. */
export const hex32 = (value: number): string => value.toString(16).padStart(8, '0');

/** A 32-bit number as its 4 bytes, least significant first. */
export function littleEndian32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** Bytes of standard or URL-safe base64, padding optional; undefined when another character or a lone last digit occurs. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined;
  const digits = text.replace(/=+$/, '');
  if (digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, 'base64');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes of RFC 4648 base32 in either case, without padding; left-over bits are dropped. Undefined on another character. */
export function decodeBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text.toUpperCase()) {
    const digit = BASE32.indexOf(letter);
    if (digit < 0) return undefined;
    held = (held << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >>> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object, or undefined when the text is not one. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    // not JSON: the caller asks for exactly that
    return undefined;
  }
}

/** A base64 or base64url encoded JSON object. */
export function decodeJsonObject(text: string): JsonObject | undefined {
  const bytes = decodeBase64(text);
  return bytes === undefined ? undefined : parseJsonObject(bytes.toString('utf8'));
}

/** A text made fit for details: printable characters only, at most `limit` of them. */
export function clip(text: string, limit = 120): string {
  const clean = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}

/** Unix seconds as an ISO date, or undefined when it is no sensible time. */
export function isoDate(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > 253_402_300_799) return undefined;
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
}
