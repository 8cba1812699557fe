import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathFromBytes, pathToBytes } from '../../src/sources/path-bytes.ts';

describe('paths as text', () => {
  it('decodes valid UTF-8 as such', () => {
    expect(pathFromBytes(Buffer.from('src/é/日本/😀.env'))).toBe('src/é/日本/😀.env');
  });

  it('keeps bytes that are not UTF-8 as lone surrogates', () => {
    expect(pathFromBytes(Buffer.of(0x61, 0xff, 0xc3, 0xa9, 0x80))).toBe('a\udcff\u00e9\udc80');
  });

  it('keeps encoded surrogates, overlong forms and cut-off sequences byte by byte', () => {
    expect(pathFromBytes(Buffer.of(0xed, 0xb2, 0x80))).toBe('\udced\udcb2\udc80');
    expect(pathFromBytes(Buffer.of(0xc0, 0xaf))).toBe('\udcc0\udcaf');
    expect(pathFromBytes(Buffer.of(0xe2, 0x82))).toBe('\udce2\udc82');
  });

  it('gives different text for different bytes and the same bytes back', () => {
    const likely = fc.oneof(
      fc.uint8Array(),
      fc
        .array(fc.constantFrom(0x2f, 0x61, 0xc3, 0xa9, 0xed, 0xb2, 0x80, 0xf0, 0x9f, 0x98, 0xff))
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(likely, (array) => {
        const bytes = Buffer.from(array);
        expect(pathToBytes(pathFromBytes(bytes)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('encodes any proper text as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pathFromBytes(pathToBytes(text))).toBe(text);
        expect(pathToBytes(text).equals(Buffer.from(text, 'utf8'))).toBe(true);
      }),
    );
  });
});
