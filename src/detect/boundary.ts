import type { CompiledRule } from './rules/rule.ts';

/**
 * Token boundaries, decided here and not by `\b`, so that every engine agrees and so that an escape before a token
 * (`\n`, `%3D`, `\u003d`, a terminal colour) does not glue it to its neighbour.
 */

const isAlnum = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

const ESCAPE_LETTER = /(?:^|[^\\])(?:\\\\)*\\[abfnrtv0]$/;
const PERCENT = /%[0-9A-Fa-f]{2}$/;
const CODE_POINT = /\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})$/;
const COLOUR = /\x1b\[[0-9;:]*m$/;

const BACKSLASH = 92;

/**
 * Is the character before `at` the end of an escape rather than part of a word? Looks back 16 characters at most. Asked
 * for every byte of a long word, so each regex runs only where its first character stands.
 */
const endsEscape = (text: string, at: number): boolean => {
  const code = (back: number) => text.charCodeAt(at - back);
  const before = () => text.slice(Math.max(0, at - 16), at);
  return (
    (code(2) === BACKSLASH && ESCAPE_LETTER.test(before())) ||
    (code(3) === 37 && PERCENT.test(before())) ||
    ((code(6) === BACKSLASH || code(4) === BACKSLASH) && CODE_POINT.test(before())) ||
    (code(1) === 109 && COLOUR.test(before()))
  );
};

/** May a match of the rule start at `at`? */
export const startsToken = (rule: CompiledRule, text: string, at: number): boolean => {
  if (rule.boundary === 'none' || at === 0) return true;
  const before = text.charCodeAt(at - 1);
  const glued =
    rule.mode === 'form'
      ? isAlnum(before) && isAlnum(text.charCodeAt(at))
      : (isAlnum(before) || rule.first[before] === '1' || before === 45 || before === 95) && before !== 61;
  return !glued || endsEscape(text, at);
};

/** May a match of the rule end at `end` (exclusive)? */
export const endsToken = (rule: CompiledRule, text: string, end: number): boolean => {
  if (rule.boundary === 'none' || end >= text.length || end === 0) return true;
  const after = text.charCodeAt(end);
  // A form that ends with its line takes one of the two characters of a line break.
  if (after === 10 || after === 13) return true;
  if (rule.lastOpen && rule.last[after] === '1') return false;
  if (!isAlnum(text.charCodeAt(end - 1))) return true;
  return !isAlnum(after) && after !== 95;
};
