import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../../src/sources/text/encoding.ts';
import { createTranscoder, mapToRaw } from '../../../src/sources/text/transcode.ts';
import { cutAt, encode, WIDE } from './helpers.ts';

function transcode(chunks: readonly Uint8Array[], encoding: Encoding): Buffer {
  const transcoder = createTranscoder(encoding);
  const parts = chunks.map((chunk) => Buffer.from(transcoder.push(chunk)));
  return Buffer.concat([...parts, transcoder.end()]);
}

const anyText = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', '\ud83d', '\ude00', '\ufeff', 'ß')),
});
const cuts = fc.array(fc.nat({ max: 1000 }), { maxLength: 12 });

describe.each(WIDE)('createTranscoder for %s', (encoding) => {
  it('gives what Node gives for the same text, a lone surrogate as U+FFFD, however the input is cut', () => {
    fc.assert(
      fc.property(anyText, cuts, (text, at) => {
        const chunks = cutAt(encode(text, encoding), at);
        expect(transcode(chunks, encoding).toString()).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it('gives the same for arbitrary bytes in one piece, cut anywhere, and byte by byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), cuts, (bytes, at) => {
        const whole = transcode([bytes], encoding);
        expect(transcode(cutAt(bytes, at), encoding).equals(whole)).toBe(true);
        expect(
          transcode(
            Array.from(bytes, (byte) => Uint8Array.of(byte)),
            encoding,
          ).equals(whole),
        ).toBe(true);
        expect(whole.toString().includes('\ufffd') || whole.equals(Buffer.from(whole.toString()))).toBe(true);
      }),
    );
  });

  it('agrees with TextDecoder where the platform has one', () => {
    if (encoding.startsWith('utf-32')) return;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        if (bytes.length % 2 === 1) bytes = bytes.subarray(1);
        expect(transcode([bytes], encoding).toString()).toBe(
          new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
        );
      }),
    );
  });

  it('keeps the byte order mark', () => {
    expect([...transcode([encode('\ufeffa', encoding)], encoding)]).toEqual([0xef, 0xbb, 0xbf, 0x61]);
  });

  it('shows a unit that the end of the file cuts as one U+FFFD', () => {
    const bytes = encode('ab', encoding);
    for (let lost = 1; lost < bytes.length / 2; lost++) {
      expect(transcode([bytes.subarray(0, bytes.length - lost)], encoding).toString()).toBe('a\ufffd');
    }
  });

  it('can be used for another file after end', () => {
    const transcoder = createTranscoder(encoding);
    transcoder.push(encode('x\ud800', encoding).subarray(0, 3));
    transcoder.end();
    expect(Buffer.from(transcoder.push(encode('ok', encoding))).toString()).toBe('ok');
    expect(transcoder.end()).toHaveLength(0);
  });

  it('does not touch the chunk it was given', () => {
    const bytes = encode('untouched é 😀', encoding);
    const copy = bytes.slice();
    transcode([bytes], encoding);
    expect(bytes).toEqual(copy);
  });
});

describe('createTranscoder', () => {
  it('hands UTF-8 through, valid or not', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x00, 0xc3);
    expect(createTranscoder('utf-8').push(bytes)).toBe(bytes);
    expect(createTranscoder('utf-8').end()).toHaveLength(0);
  });

  it('shows numbers above U+10FFFF and surrogates in UTF-32 as U+FFFD', () => {
    const words = new Uint8Array(Uint32Array.of(0x61, 0x110000, 0xffffffff, 0xd800, 0x62).buffer);
    expect(transcode([words], 'utf-32le').toString()).toBe('a\ufffd\ufffd\ufffdb');
  });
});

describe('mapToRaw', () => {
  it.each([...WIDE, 'utf-8'] as const)('finds every character of %s where it was stored', (encoding) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const characters = Array.from(text.replace(/\p{Surrogate}/gu, '\ufffd'));
        const utf8 = Buffer.from(characters.join(''));
        let offset = 0;
        let raw = 0;
        for (const character of characters) {
          expect(mapToRaw(utf8, offset, encoding)).toBe(raw);
          offset += Buffer.byteLength(character);
          raw += encode(character, encoding).length;
        }
        expect(mapToRaw(utf8, offset, encoding)).toBe(raw);
      }),
    );
  });

  it('goes on from a known place', () => {
    const text = 'é😀 one two 中 three';
    const utf8 = Buffer.from(text);
    const from = utf8.indexOf('one');
    const raw = mapToRaw(utf8, from, 'utf-16be');
    const offset = utf8.indexOf('three');
    expect(mapToRaw(utf8.subarray(from), offset, 'utf-16be', { utf8: from, raw })).toBe(2 * text.indexOf('three'));
  });

  it('maps an offset inside a character to its start, and never past the end of the file', () => {
    expect(mapToRaw(Buffer.from('a中b'), 2, 'utf-16le')).toBe(2);
    expect(mapToRaw(Buffer.from('a\ufffd'), 4, 'utf-32le', { utf8: 0, raw: 0 }, 5)).toBe(5);
  });
});
