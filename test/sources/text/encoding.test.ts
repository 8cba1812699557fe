import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEncoding, ENCODING_HEAD } from '../../../src/sources/text/encoding.ts';
import { encode, WIDE } from './helpers.ts';

const SAMPLE = 'set GREETING=hello & rem a line\r\nsecond line\r\n';

describe('detectEncoding', () => {
  it.each(WIDE)('knows %s by its byte order mark', (encoding) => {
    expect(detectEncoding(encode(`\ufeff${SAMPLE}`, encoding))).toBe(encoding);
    expect(detectEncoding(encode('\ufeff中文密码', encoding))).toBe(encoding);
  });

  it.each(WIDE)('knows %s without a mark when the text is mostly ASCII', (encoding) => {
    expect(detectEncoding(encode(SAMPLE, encoding))).toBe(encoding);
    expect(detectEncoding(encode(`größe=naïve 中\n${SAMPLE}`, encoding))).toBe(encoding);
  });

  it.each(WIDE)('looks at no more than the head of a long %s file', (encoding) => {
    const long = encode(SAMPLE.repeat(500), encoding);
    long.fill(0, ENCODING_HEAD);
    expect(detectEncoding(long)).toBe(encoding);
  });

  it('takes a pair of surrogates that the end of the head cuts for text', () => {
    const text = encode(`${'a'.repeat(ENCODING_HEAD / 2 - 1)}😀 and more`, 'utf-16le');
    expect(detectEncoding(text)).toBe('utf-16le');
  });

  it('calls plain text, UTF-8 with or without a mark, and nothing at all UTF-8', () => {
    expect(detectEncoding(Buffer.from(SAMPLE))).toBe('utf-8');
    expect(detectEncoding(Buffer.from(`\ufeff${SAMPLE}`))).toBe('utf-8');
    expect(detectEncoding(new Uint8Array(0))).toBe('utf-8');
    expect(detectEncoding(Buffer.from(`${SAMPLE}\0${SAMPLE}`))).toBe('utf-8');
  });

  it('reads a file of the mark of UTF-16LE and then a NUL character as UTF-16LE when UTF-32 makes no sense', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), encode(SAMPLE, 'utf-16le')]);
    expect(detectEncoding(bytes)).toBe('utf-16le');
  });

  it('does not mistake binary files', () => {
    expect(detectEncoding(readFileSync(process.execPath).subarray(0, 65536))).toBe('utf-8');
    expect(detectEncoding(new Uint8Array(ENCODING_HEAD))).toBe('utf-8');
    const numbers = new Uint8Array(Uint32Array.from({ length: 1000 }, (_, i) => i).buffer);
    expect(detectEncoding(numbers)).toBe('utf-8');
    const samples = new Uint8Array(Int16Array.from({ length: 2000 }, (_, i) => 3000 * Math.sin(i / 9)).buffer);
    expect(detectEncoding(samples)).toBe('utf-8');
    for (let i = 0; i < 200; i++) {
      const noise = randomBytes(ENCODING_HEAD);
      expect(detectEncoding(noise)).toBe('utf-8');
      noise.set([0xff, 0xfe]);
      expect(detectEncoding(noise)).toBe('utf-8');
    }
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(['utf-8', ...WIDE]).toContain(detectEncoding(bytes));
      }),
    );
  });
});
