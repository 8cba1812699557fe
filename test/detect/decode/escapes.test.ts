import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEscapes, escapedRegion } from '../../../src/detect/decode/escapes.ts';
import { SPOT } from '../../../src/detect/kernel/kernel.ts';
import { BASE62, randomText, seeded } from '../../support/random.ts';

const decodeAll = (text: string, kind: number) => {
  const bytes = Buffer.from(text);
  return decodeEscapes(bytes, 0, bytes.length, kind);
};
const textOf = (text: string, kind: number): string => Buffer.from(decodeAll(text, kind).bytes).toString();

/** A text of printable characters, and one of anything in Unicode. */
const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

describe('escapes', () => {
  it('of percent signs are undone', () => {
    fc.assert(
      fc.property(any, (text) => {
        const written = encodeURIComponent(text);
        if (written !== text) expect(textOf(written, SPOT.percent)).toBe(text);
      }),
    );
  });

  it('of JSON and of source code are undone', () => {
    const units = (text: string, prefix: string, width: number) =>
      text.replace(/[\s\S]/g, (c) => `\\${prefix}${c.charCodeAt(0).toString(16).padStart(width, '0')}`);
    fc.assert(
      fc.property(ascii, (text) => {
        expect(textOf(units(text, 'u', 4), SPOT.backslash)).toBe(text);
        expect(textOf(units(text, 'x', 2), SPOT.backslash)).toBe(text);
        const json = JSON.stringify(text).slice(1, -1);
        if (json !== text) expect(textOf(json, SPOT.backslash)).toBe(text);
      }),
    );
  });

  it('of terminals are taken out: colours, cursors, titles, links', () => {
    const codes = [
      '\x1b[0m',
      '\x1b[1;31m',
      '\x1b[38;5;208m',
      '\x1b[2K',
      '\x1b[?25l',
      '\x1b]0;title\x07',
      '\x1b]8;;u\x1b\\',
    ];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...codes), ascii), { minLength: 1, maxLength: 6 }), (pieces) => {
        const written = pieces.map(([code, text]) => code + text.replace(/\x1b/g, '')).join('');
        expect(textOf(written, SPOT.ansi)).toBe(pieces.map(([, text]) => text.replace(/\x1b/g, '')).join(''));
      }),
    );
  });

  it('that are none hold no bytes, and need no second look', () => {
    for (const [text, kind] of [
      ['\x1b['.repeat(50), SPOT.ansi],
      ['\x1b]'.repeat(50), SPOT.ansi],
      ['100% of it', SPOT.percent],
      ['\\d+\\w', SPOT.backslash],
    ] as const) {
      const { bytes, end } = decodeAll(text, kind);
      expect(bytes.length).toBe(0);
      expect(end).toBe(text.length);
    }
  });

  it('tell for each stretch of what they decode to where it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'Z', '%5F', '%c3%a9', '%', '-'), { minLength: 1 }), (parts) => {
        const written = parts.join('');
        const decoding = decodeAll(written, SPOT.percent);
        let decodedAt = 0;
        let writtenAt = 0;
        for (const part of decoding.bytes.length === 0 ? [] : (written.match(/%[0-9a-fA-F]{2}|./g) ?? [])) {
          expect(decoding.source(decodedAt, decodedAt + 1)).toEqual([writtenAt, writtenAt + part.length]);
          decodedAt++;
          writtenAt += part.length;
        }
        expect(decoding.source(0, decodedAt)).toEqual(decodedAt === 0 ? [decoding.end, decoding.end] : [0, writtenAt]);
      }),
    );
  });
});

describe('the stretch around an escape', () => {
  const regionText = (text: string, mark: string, kind: number): string => {
    const bytes = Buffer.from(text);
    const [start, end] = escapedRegion(bytes, text.indexOf(mark), kind, bytes.length);
    return text.slice(start, end);
  };

  it('is the line of a terminal code and the token of another', () => {
    expect(regionText('one\ntwo \x1b[1mthree\x1b[0m four\r\nfive', '\x1b', SPOT.ansi)).toBe(
      'two \x1b[1mthree\x1b[0m four',
    );
    expect(regionText('see https://a.test/?q=%20b&c="d" there', '%20', SPOT.percent)).toBe('https://a.test/?q=%20b&c=');
    expect(regionText('x = "a\\u0062c" + d', '\\u', SPOT.backslash)).toBe('a\\u0062c');
  });

  it('holds every token that is written in escapes whole, however long the line', () => {
    // As the detector does: the next stretch begins with the first escape that the one before does not answer for.
    const random = seeded(3);
    const tokens = Array.from({ length: 900 }, () => `g_${randomText(random, 30, BASE62)}`);
    const text = tokens.map((token) => token.replace(/_/, '%5F').replace(/[0-4]/g, (c) => `%3${c}`)).join('/');
    const bytes = Buffer.from(text);
    let decoded = '';
    for (let at = text.indexOf('%'); at >= 0; ) {
      const [start, end] = escapedRegion(bytes, at, SPOT.percent, bytes.length);
      const decoding = decodeEscapes(bytes, start, end, SPOT.percent);
      decoded += `${Buffer.from(decoding.bytes).toString()}\n`;
      expect(decoding.end).toBeGreaterThan(at);
      at = text.indexOf('%', decoding.end);
    }
    expect(tokens.filter((token) => !decoded.includes(token)).length).toBe(0);
    expect(decoded.length).toBeLessThan(text.length * 2);
  });

  it('does not begin within a word when it had to be cut', () => {
    const text = `${'a'.repeat(5000)}%41`;
    expect(regionText(text, '%', SPOT.percent)).toBe('%41');
    expect(regionText(`${'-'.repeat(5000)}bc%41`, '%', SPOT.percent)).toMatch(/^-+bc%41$/);
  });
});
