import type { Random } from '../../src/detect/rules/seeded.ts';

/** Seeded randomness, so that no literal of a secret stands in the tests and every run is the same. */
export { type Random, seeded } from '../../src/detect/rules/seeded.ts';

/** A whole number in [low, high]. */
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** A text of `length` characters of the alphabet. */
export const randomText = (random: Random, length: number, alphabet: string): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]!).join('');

export const DIGITS = '0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const HEX = `${DIGITS}abcdef`;
export const BASE62 = DIGITS + UPPER + LOWER;

/** A text of letters and digits that has at least one digit and one letter of either case. */
export const mixedText = (random: Random, length: number): string => {
  for (;;) {
    const text = randomText(random, length, BASE62);
    if (/\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)) return text;
  }
};

const WORDS = (
  'the value of this function is read from a file and written to another table when server starts with options for users ' +
  'return const await import class public void string number list map filter index length left right name type data item'
).split(' ');

/** Ordinary text of at least `length` bytes: words, numbers and punctuation on lines of usual length. */
export const prose = (random: Random, length: number): string => {
  let text = '';
  while (text.length < length) {
    const words = Array.from({ length: between(random, 3, 12) }, () => pick(random, WORDS));
    text += `${'  '.repeat(between(random, 0, 3))}${words.join(' ')}${pick(random, ['.', ';', ' {', ' }', ',', ''])}\n`;
  }
  return text;
};
