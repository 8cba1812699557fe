import { WORD_TABLE } from './word-table.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** log2 probabilities of the four levels in the table; must agree with scripts/word-table.mjs. */
const LEVELS = [-9, -9 + 8 / 3, -9 + 16 / 3, -1] as const;

/** Mean log2 probability a letter above which letters read like a word: 95 in 100 words do, 5 in 100 random strings. */
export const WORD_LIKE = -5.2;

const table = unpack();

function unpack(): Float32Array {
  const values = new Float32Array(WORD_TABLE.length * 3);
  for (let i = 0; i < WORD_TABLE.length; i++) {
    const packed = DIGITS.indexOf(WORD_TABLE[i]!);
    values[i * 3] = LEVELS[(packed >> 4) as 0 | 1 | 2 | 3];
    values[i * 3 + 1] = LEVELS[((packed >> 2) & 3) as 0 | 1 | 2 | 3];
    values[i * 3 + 2] = LEVELS[(packed & 3) as 0 | 1 | 2 | 3];
  }
  return values;
}

/** 1..26 for a letter in either case, 0 for anything else. */
function letter(code: number): number {
  const lower = code | 32;
  return lower >= 97 && lower <= 122 && code < 128 ? lower - 96 : 0;
}

/**
 * How much `text` reads like a word of technical English: the mean log2 probability of its letters, each after the two
 * before it. Words lie around -3.4, random letters around -7. Characters that are not letters count as word borders.
 */
export function wordScore(text: string, from = 0, to = text.length): number {
  let first = 0;
  let second = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const third = letter(text.charCodeAt(i));
    sum += table[(first * 27 + second) * 27 + third]!;
    first = second;
    second = third;
  }
  return to > from ? sum / (to - from) : 0;
}

/** Splits a text into its runs of letters, at case changes too: `getHTMLText2` → `get`, `HTML`, `Text`. Keeps the case. */
export function letterParts(text: string): string[] {
  const parts: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = text.charCodeAt(i);
    const isLetter = i < text.length && letter(code) > 0;
    if (start >= 0 && (!isLetter || startsPart(text, i, start))) {
      parts.push(text.slice(start, i));
      start = -1;
    }
    if (isLetter && start < 0) start = i;
  }
  return parts;
}

const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;

function startsPart(text: string, at: number, start: number): boolean {
  if (!isUpper(text.charCodeAt(at))) return false;
  const before = text.charCodeAt(at - 1);
  return isLower(before) || (at - start > 0 && isUpper(before) && isLower(text.charCodeAt(at + 1)));
}

/** The share (0 to 1) of a text's characters that stand in word-like runs of three letters or more. */
export function wordShare(text: string): number {
  if (text.length === 0) return 0;
  let inside = 0;
  for (const part of letterParts(text)) {
    if (part.length >= 3 && wordScore(part) > WORD_LIKE + (part.length < 5 ? 0.8 : 0)) inside += part.length;
  }
  return inside / text.length;
}
