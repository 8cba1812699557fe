/** Bits that each character class takes in the result of `characterClasses`. */
export const DIGIT = 1;
export const LOWER = 2;
export const UPPER = 4;
export const SYMBOL = 8;

const CLASS_OF = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code >= 48 && code <= 57) return DIGIT;
  if (code >= 97 && code <= 122) return LOWER;
  return code >= 65 && code <= 90 ? UPPER : SYMBOL;
});

const counts = new Uint32Array(256);

/**
 * Shannon entropy of a latin1 text in bits per character: 0 for the empty text, at most 8.
 * Source: C. E. Shannon, A Mathematical Theory of Communication (1948).
 */
export function entropy(text: string): number {
  const length = text.length;
  if (length === 0) return 0;
  counts.fill(0);
  for (let i = 0; i < length; i++) counts[text.charCodeAt(i) & 255]!++;
  let sum = 0;
  for (let i = 0; i < 256; i++) {
    const count = counts[i]!;
    if (count > 0) sum += count * Math.log2(count);
  }
  return Math.max(0, Math.log2(length) - sum / length);
}

/** The character classes a latin1 text uses, as a set of the bits DIGIT, LOWER, UPPER and SYMBOL. */
export function characterClasses(text: string): number {
  let classes = 0;
  for (let i = 0; i < text.length && classes !== 15; i++) classes |= CLASS_OF[text.charCodeAt(i) & 255]!;
  return classes;
}

/** How many of the four character classes a latin1 text uses. */
export function classCount(text: string): number {
  const classes = characterClasses(text);
  return (classes & 1) + ((classes >> 1) & 1) + ((classes >> 2) & 1) + (classes >> 3);
}

/** How many different characters a latin1 text has. */
export function distinctCharacters(text: string): number {
  return new Set(text).size;
}
