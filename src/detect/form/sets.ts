import { ALL, type ByteSet, complement, ofRanges, ofText } from './bytes.ts';

const DIGIT = [0x30, 0x39] as const;
const UPPER = [0x41, 0x5a] as const;
const LOWER = [0x61, 0x7a] as const;

/** White space as RE2 has it: tab, line feed, form feed, carriage return, space. */
export const SPACE = ofText('\t\n\f\r ');
export const DIGITS = ofRanges([DIGIT]);
export const WORD = ofRanges([DIGIT, UPPER, LOWER, [0x5f, 0x5f]]);
export const ALNUM = ofRanges([DIGIT, UPPER, LOWER]);
export const NOT_NEWLINE = complement(ofText('\n'));
export const NEWLINE = ofText('\r\n');
export const QUOTE = ofText('"\'`');
export const PRINTABLE = ofRanges([[0x20, 0x7e]]);

const BASE64 = ofText('+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const BASE64_PADDED = ofText('+/=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const BASE64URL = ofText('-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');

/** Sets whose unbounded repeats may be clipped later than others: encoded text is long. */
export const ENCODED: readonly ByteSet[] = [BASE64, BASE64_PADDED, BASE64URL];

/** The sets that a shape names. */
export const NAMED: Readonly<Record<string, ByteSet>> = {
  digit: DIGITS,
  hex: ofRanges([DIGIT, [0x61, 0x66]]),
  HEX: ofRanges([DIGIT, [0x41, 0x46]]),
  hexi: ofRanges([DIGIT, [0x41, 0x46], [0x61, 0x66]]),
  lower: ofRanges([LOWER]),
  upper: ofRanges([UPPER]),
  alpha: ofRanges([UPPER, LOWER]),
  alnum: ALNUM,
  base62: ALNUM,
  alnumlow: ofRanges([DIGIT, LOWER]),
  ALNUM: ofRanges([DIGIT, UPPER]),
  base32: ofRanges([UPPER, [0x32, 0x37]]),
  base58: ofText('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
  base64: BASE64_PADDED,
  base64url: BASE64URL,
  word: WORD,
  wordash: BASE64URL,
  any: ofRanges([[0x21, 0x7e]]),
};

/** Padding belongs at the end only, so examples of base64 are drawn without it. */
export const SAMPLES: Readonly<Record<string, ByteSet>> = { base64: BASE64 };

/** POSIX classes, ASCII only. */
export const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: ALNUM,
  alpha: ofRanges([UPPER, LOWER]),
  ascii: ofRanges([[0, 0x7f]]),
  blank: ofText('\t '),
  cntrl: ofRanges([
    [0, 0x1f],
    [0x7f, 0x7f],
  ]),
  digit: DIGITS,
  graph: ofRanges([[0x21, 0x7e]]),
  lower: ofRanges([LOWER]),
  print: PRINTABLE,
  punct: ofRanges([
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ]),
  space: ofText('\t\n\v\f\r '),
  upper: ofRanges([UPPER]),
  word: WORD,
  xdigit: ofRanges([DIGIT, [0x41, 0x46], [0x61, 0x66]]),
};

/** The sets of one-letter escapes: \d \s \w and their complements. */
export const ESCAPED: Readonly<Record<string, ByteSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  s: SPACE,
  S: complement(SPACE),
  w: WORD,
  W: complement(WORD),
};

export const ANY_BYTE: ByteSet = ALL;
