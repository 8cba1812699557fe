import { type ByteSet, complement, EMPTY, foldCase, ofRanges, union } from './bytes.ts';
import { type Cursor, fail, take, takeMatch } from './cursor.ts';
import { ESCAPED, POSIX } from './sets.ts';

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** What an escape stands for: one code point, or a set of bytes. */
export type Escape = { readonly code: number; readonly byte: boolean } | { readonly set: ByteSet };

/**
 * Reads an escape that may stand inside and outside of classes; the cursor is at its backslash. `byte` tells a byte
 * written as a number from a character. Throws FormError for what RE2 does not know or this engine refuses.
 */
export const takeEscape = (cursor: Cursor): Escape => {
  const start = cursor.at;
  cursor.at++;
  const hex = takeMatch(cursor, /x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/y);
  if (hex) return numbered(Number.parseInt(hex[1] ?? hex[2]!, 16), start);
  const octal = takeMatch(cursor, /0[0-7]{0,2}|[1-7][0-7]{2}/y);
  if (octal) return numbered(Number.parseInt(octal[0], 8), start);
  const char = cursor.text[cursor.at] ?? fail('a backslash at the end', start);
  cursor.at++;
  const set = Object.hasOwn(ESCAPED, char) ? ESCAPED[char] : undefined;
  if (set) return { set };
  const control = Object.hasOwn(CONTROLS, char) ? CONTROLS[char] : undefined;
  if (control !== undefined) return { code: control, byte: true };
  if (/[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e ]/.test(char)) return { code: char.charCodeAt(0), byte: true };
  if (char === 'p' || char === 'P') return fail('Unicode classes are not supported: text is matched as bytes', start);
  if (/[1-9k]/.test(char)) return fail('back-references are not supported', start);
  return fail(`unknown escape \\${char}`, start);
};

const numbered = (code: number, start: number): Escape => {
  if (code > 0x10ffff) fail('no such character', start);
  return { code, byte: code <= 0xff };
};

/**
 * Reads `[...]`; the cursor is at the bracket. A `]` that comes first stands for itself. `fold` adds the other case of
 * each letter, before a negation turns the class round. Throws FormError.
 */
export const takeClass = (cursor: Cursor, fold = false): ByteSet => {
  const start = cursor.at;
  cursor.at++;
  const negated = take(cursor, '^');
  let set = EMPTY;
  for (let first = true; first || cursor.text[cursor.at] !== ']'; first = false) {
    if (cursor.at >= cursor.text.length) fail('a class that is not closed', start);
    set = union(set, takeClassItem(cursor, fold));
  }
  cursor.at++;
  const folded = fold ? foldCase(set) : set;
  const result = negated ? complement(folded) : folded;
  if (result.every((word) => word === 0)) fail('a class of nothing', start);
  return result;
};

const takeClassItem = (cursor: Cursor, fold: boolean): ByteSet => {
  const posix = takePosix(cursor, fold);
  if (posix) return posix;
  const start = cursor.at;
  const low = takeClassAtom(cursor);
  if (typeof low !== 'number') return low;
  const dash = cursor.text[cursor.at] === '-' && ![']', undefined].includes(cursor.text[cursor.at + 1]);
  if (!dash) return ofRanges([[low, low]]);
  cursor.at++;
  const high = takeClassAtom(cursor);
  if (typeof high !== 'number') return fail('a range that ends in a class', start);
  if (high < low) fail('a range that is out of order', start);
  return ofRanges([[low, high]]);
};

const takePosix = (cursor: Cursor, fold: boolean): ByteSet | undefined => {
  const start = cursor.at;
  const match = takeMatch(cursor, /\[:(\^?)([a-z]+):\]/y);
  if (!match) return undefined;
  const set = Object.hasOwn(POSIX, match[2]!) ? POSIX[match[2]!] : undefined;
  if (!set) return fail(`unknown class ${match[0]}`, start);
  return match[1] ? complement(fold ? foldCase(set) : set) : set;
};

const takeClassAtom = (cursor: Cursor): number | ByteSet => {
  const start = cursor.at;
  if (cursor.text[start] === '\\') {
    const escaped = takeEscape(cursor);
    if ('set' in escaped) return escaped.set;
    return escaped.byte ? escaped.code : fail('a class holds bytes: \\x00 to \\xff', start);
  }
  const code = cursor.text.charCodeAt(start);
  if (code > 0x7f) fail('only ASCII in a class; write bytes as \\x80-\\xff', start);
  cursor.at++;
  return code;
};
