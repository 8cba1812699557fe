import { FormError } from './error.ts';

/** A place in the source text of a form; the parsers move `at` forward. */
export interface Cursor {
  readonly text: string;
  at: number;
}

export const fail = (message: string, offset: number): never => {
  throw new FormError(message, offset);
};

/** Skips `token` when it comes next. */
export const take = (cursor: Cursor, token: string): boolean => {
  if (!cursor.text.startsWith(token, cursor.at)) return false;
  cursor.at += token.length;
  return true;
};

/** Skips what the sticky expression matches here and returns it. */
export const takeMatch = (cursor: Cursor, sticky: RegExp): RegExpExecArray | undefined => {
  sticky.lastIndex = cursor.at;
  const match = sticky.exec(cursor.text);
  if (!match) return undefined;
  cursor.at += match[0].length;
  return match;
};

/** The most times that a repeat may be written to run. */
const COUNT_LIMIT = 65_536;

export interface Quantifier {
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
}

/**
 * Reads `?`, `*`, `+`, `{n}`, `{m,}` or `{m,n}` and a following `?` that makes it lazy. Undefined when none comes next; a
 * brace that is no quantifier is left alone. Throws FormError for bounds out of order or out of range.
 */
export const takeQuantifier = (cursor: Cursor): Quantifier | undefined => {
  const start = cursor.at;
  const match = takeMatch(cursor, /(?:[?*+]|\{(\d{1,9})(,(\d{1,9})?)?\})/y);
  if (!match) return undefined;
  const lazy = take(cursor, '?');
  const sign = match[0];
  if (sign === '?') return { min: 0, max: 1, lazy };
  if (sign === '*' || sign === '+') return { min: sign === '+' ? 1 : 0, max: Number.POSITIVE_INFINITY, lazy };
  const min = Number(match[1]);
  const max = match[3] !== undefined ? Number(match[3]) : match[2] ? Number.POSITIVE_INFINITY : min;
  if (min > max) fail(`the bounds of ${sign} are out of order`, start);
  if (min > COUNT_LIMIT || (max !== Number.POSITIVE_INFINITY && max > COUNT_LIMIT)) {
    fail(`${sign} repeats more than ${COUNT_LIMIT} times`, start);
  }
  if (max === 0) fail(`${sign} repeats nothing`, start);
  return { min, max, lazy };
};
