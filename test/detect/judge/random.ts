/** Seeded generator of secret-like strings, so that no literal of one stands in the tests. */
export function randomText(seed: number, length: number, alphabet: string): string {
  let state = (seed * 2654435761 + 12345) >>> 0;
  let out = '';
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    out += alphabet[state % alphabet.length];
  }
  return out;
}

export const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz';
export const HEX_DIGITS = '0123456789abcdef';
export const BASE62 = `0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER_CASE}`;
