/** Lines and columns of byte offsets, counted on the bytes: no line is ever turned into a string. */

/** Line, column: 1-based; columns count UTF-16 code units; the end is the place after the last character. */
export interface LineRegion {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place in the bytes whose line and column are known. */
export interface Place {
  /** 0-based offset in the bytes at hand. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/** A place at or before the span whose line is known, and where in the bytes that line begins. */
export interface LineStart {
  readonly offset: number;
  readonly line: number;
  /** 0-based offset of the line's first byte, `<= offset`. */
  readonly lineStart: number;
}

const LF = 0x0a;
const FIRST: Place = { offset: 0, line: 1, column: 1 };

/**
 * Tells the lines and columns of a span of UTF-8 text.
 *
 * A line ends with LF, so CR LF is one line end and a lone CR none. A byte that is not part of valid UTF-8 (RFC 3629) counts
 * as one column. A byte order mark at the very start has no width, as in editors.
 *
 * @param bytes the text, or a window of it when `known` is given
 * @param start 0-based offset in `bytes` of the span's first byte
 * @param end 0-based offset in `bytes` after the span's last byte, `>= start`
 * @param known a place at or before `start`, so that counting need not begin at the first byte; the place of `start` in
 *   one call (see `advance`) makes the next call cheap, even on a line of 100 MB
 */
export function regionOf(bytes: Uint8Array, start: number, end: number, known: Place | LineStart = FIRST): LineRegion {
  const from = 'column' in known ? known : { offset: known.lineStart, line: known.line, column: 1 };
  const first = advance(bytes, from, start);
  const last = advance(bytes, first, end);
  return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column };
}

/**
 * Moves a known place forward.
 *
 * @param bytes the text or a window of it that holds everything from `from.offset` to `offset`
 * @param from a known place in `bytes`, on a character border
 * @param offset 0-based offset in `bytes`, `>= from.offset`
 * @returns the place of `offset`
 */
export function advance(bytes: Uint8Array, from: Place, offset: number): Place {
  let line = from.line;
  let lineStart = -1;
  for (let i = from.offset; i < offset; i++) {
    if (bytes[i] === LF) {
      line++;
      lineStart = i + 1;
    }
  }
  if (lineStart >= 0) return { offset, line, column: 1 + utf16Length(bytes, lineStart, offset) };
  const mark = from.line === 1 && from.column === 1 && startsWithMark(bytes, from.offset) ? 3 : 0;
  const counted = Math.min(from.offset + mark, offset);
  return { offset, line, column: from.column + utf16Length(bytes, counted, offset) };
}

function startsWithMark(bytes: Uint8Array, at: number): boolean {
  return at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/**
 * Counts the UTF-16 code units that UTF-8 bytes stand for; a byte that is not part of valid UTF-8 counts as one.
 *
 * @param start 0-based offset of the first byte to count
 * @param end 0-based offset after the last byte to count; a character that it cuts counts by its bytes
 */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  let i = start;
  while (i < end) {
    units++;
    if (bytes[i]! < 0x80) {
      i++;
      continue;
    }
    const length = characterLength(bytes, i, end);
    if (length === 4) units++;
    i += length;
  }
  return units;
}

/**
 * Bytes of the character that begins at an offset: 1 to 4; 1 for a byte that begins no valid character before `end`.
 * Source: RFC 3629, section 4 (no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  if (length === 1 || at + length > end) return 1;
  const second = bytes[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 1;
  for (let i = at + 2; i < at + length; i++) {
    if ((bytes[i]! & 0xc0) !== 0x80) return 1;
  }
  return length;
}
