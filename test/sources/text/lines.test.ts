import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, regionOf } from '../../../src/sources/text/lines.ts';

const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\r\n', 'é', '中', '😀', '\u2028') });

/** Line and column of a place in a string, the slow and obvious way. */
function placeInString(before: string): { line: number; column: number } {
  const lines = before.split('\n');
  return { line: lines.length, column: 1 + lines.at(-1)!.length };
}

function regionInString(before: string, span: string) {
  const first = placeInString(before);
  const last = placeInString(before + span);
  return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column };
}

describe('regionOf', () => {
  it('counts lines by LF and columns in UTF-16 code units', () => {
    fc.assert(
      fc.property(text, text, text, (before, span, after) => {
        const start = Buffer.byteLength(before);
        const region = regionOf(Buffer.from(before + span + after), start, start + Buffer.byteLength(span));
        expect(region).toEqual(regionInString(before, span));
      }),
    );
  });

  it('gives the same from any known place before the span', () => {
    fc.assert(
      fc.property(text, text, text, (one, two, span) => {
        const bytes = Buffer.from(one + two + span);
        const offset = Buffer.byteLength(one);
        const start = offset + Buffer.byteLength(two);
        const whole = regionOf(bytes, start, bytes.length);
        const place = advance(bytes, { offset: 0, line: 1, column: 1 }, offset);
        const lineStart = bytes.subarray(0, offset).lastIndexOf(10) + 1;
        expect(regionOf(bytes, start, bytes.length, place)).toEqual(whole);
        expect(regionOf(bytes, start, bytes.length, { offset, line: place.line, lineStart })).toEqual(whole);
      }),
    );
  });

  it('works on a window whose first column is known', () => {
    const window = Buffer.from('tail of a line\nnext');
    expect(regionOf(window, 5, 7, { offset: 0, line: 40, column: 101 })).toEqual({
      startLine: 40,
      startColumn: 106,
      endLine: 40,
      endColumn: 108,
    });
  });

  it('counts each byte that is not UTF-8 as one column', () => {
    const invalid = [
      [0xff],
      [0x80],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe0, 0x80, 0x80],
      [0xe4, 0xb8],
    ];
    for (const bytes of invalid) {
      const line = Buffer.from([...bytes, 0x78]);
      expect(regionOf(line, bytes.length, line.length).startColumn, `${bytes}`).toBe(1 + bytes.length);
    }
  });

  it('takes a lone CR for a character and CR LF for one line end', () => {
    expect(regionOf(Buffer.from('a\rb\r\ncd'), 5, 6)).toEqual({
      startLine: 2,
      startColumn: 1,
      endLine: 2,
      endColumn: 2,
    });
    expect(regionOf(Buffer.from('a\rb'), 2, 3).startColumn).toBe(3);
  });

  it('gives no width to a byte order mark at the start of the text, and only there', () => {
    expect(regionOf(Buffer.from('\ufeffkey'), 3, 6)).toEqual({
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 4,
    });
    expect(regionOf(Buffer.from('\ufeffkey'), 0, 6).startColumn).toBe(1);
    expect(regionOf(Buffer.from('a\n\ufeffkey'), 5, 8).startColumn).toBe(2);
  });

  it('handles a line of 100 MB, and the next span on it from the place of the last one', () => {
    const bytes = Buffer.alloc(100_000_000, 'x');
    expect(regionOf(bytes, 99_999_990, 99_999_999).startColumn).toBe(99_999_991);
    const place = { offset: 99_999_990, line: 1, column: 99_999_991 };
    expect(regionOf(bytes, 99_999_995, 99_999_999, place).startColumn).toBe(99_999_996);
  });
});
