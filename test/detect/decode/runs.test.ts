import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMostlyText } from '../../../src/detect/decode/decoding.ts';
import { decodeBase64Run, decodeHexRun } from '../../../src/detect/decode/runs.ts';
import { between, prose, randomText, seeded } from '../../support/random.ts';

const isBase64 = /[A-Za-z0-9+/_-]/;

/** Decodes the run that starts at `start`, as the kernel finds it. */
const decodeAt = (text: string, start: number) => {
  let end = start;
  while (end < text.length && isBase64.test(text[end]!)) end++;
  const bytes = Buffer.from(text);
  return decodeBase64Run(bytes, start, end, bytes.length);
};

const lines = (text: string, width: number, lineEnd: string): string =>
  text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(lineEnd);

describe('a run of base64', () => {
  it('is looked at no further than its head when that is nothing, however many lines follow', () => {
    const random = seeded(3);
    for (const start of ['hello world!', '\x1f\x8b\x08\0\0\0\0\0\0\0']) {
      const line = (): string => {
        const noise = Buffer.from(Array.from({ length: 48 }, () => between(random, 128, 255)));
        noise.write(start, 'latin1');
        return `${noise.toString('base64')}\n`;
      };
      const text = Array.from({ length: 6_000 }, line).join('');
      const bytes = Buffer.from(text);
      for (let at = 0; at < text.length; at += 65)
        expect(decodeBase64Run(bytes, at, at + 64, bytes.length)).toBeUndefined();
    }
  });

  it('decodes to its text, in one line or wrapped at the usual widths, indented or not', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(0, 60, 64, 76),
        fc.constantFrom('\n', '\r\n', '\n    ', '\n\t'),
        (seed, width, lineEnd) => {
          const random = seeded(seed);
          const inner = prose(random, between(random, 200, 900));
          const encoded = Buffer.from(inner).toString('base64').replace(/=+$/, '');
          const text = `x: "${width ? lines(encoded, width, lineEnd) : encoded}" y`;
          const decoding = decodeAt(text, 4)!;
          expect(decoding.name).toBe('base64');
          expect(Buffer.from(decoding.bytes).toString()).toBe(inner);
          expect([decoding.start, decoding.end]).toEqual([4, text.length - 3]);
        },
      ),
    );
  });

  it('tells where each stretch of its text was written', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(0, 64),
        fc.nat(200),
        fc.integer({ min: 1, max: 80 }),
        (seed, width, at, size) => {
          const inner = prose(seeded(seed), 300);
          const encoded = Buffer.from(inner).toString('base64').replace(/=+$/, '');
          const text = `"${width ? lines(encoded, width, '\n') : encoded}"`;
          const [start, end] = decodeAt(text, 1)!.source(at, at + size);
          // Characters before the stretch fill up the group of four that its first one stands in.
          const before = text.slice(1, start).replace(/\n/g, '');
          const fill = 'A'.repeat(before.length % 4);
          const decoded = Buffer.from(fill + text.slice(start, end).replace(/\n/g, ''), 'base64').toString('latin1');
          expect(decoded).toContain(inner.slice(at + 1, at + size - 1));
          expect((end - start) * 6).toBeLessThan((size + 2) * 8 + 16 + 6 * size);
        },
      ),
    );
  });

  it('does not go on with a line that is no part of it', () => {
    const encoded = Buffer.from(prose(seeded(1), 90).slice(0, 90)).toString('base64');
    const first = encoded.slice(0, 64);
    const text = `${first}\n${encoded.slice(64)}\nother`;
    expect(decodeAt(text, 0)!.end).toBe(65 + encoded.length - 64);
    expect(decodeAt(`${first}\n\n${encoded.slice(64)}`, 0)!.end).toBe(64);
    expect(decodeAt(`${encoded.slice(0, 40)}\n${encoded.slice(40, 80)}`, 0)!.end).toBe(40);
  });

  it('may hold gzip, of which all is read up to a limit', () => {
    const inner = prose(seeded(2), 5000);
    const decoding = decodeAt(gzipSync(inner).toString('base64').replace(/=+$/, ''), 0)!;
    expect(decoding.name).toBe('base64>gzip');
    expect(Buffer.from(decoding.bytes).toString()).toBe(inner);
    const bomb = gzipSync(Buffer.alloc(30 << 20))
      .toString('base64')
      .replace(/=+$/, '');
    expect(decodeAt(bomb, 0)?.bytes.length ?? 0).toBeLessThanOrEqual(4 << 20);
  });

  it('may hold UTF-16, as PowerShell takes it', () => {
    const inner = prose(seeded(3), 200);
    const decoding = decodeAt(Buffer.from(inner, 'utf16le').toString('base64').replace(/=+$/, ''), 0)!;
    expect(decoding.name).toBe('base64>utf-16le');
    expect(Buffer.from(decoding.bytes).toString()).toBe(inner);
  });

  it('of random bytes is left alone', () => {
    const random = seeded(4);
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(Array.from({ length: 60 }, () => between(random, 0, 255)));
      expect(decodeAt(bytes.toString('base64'), 0)).toBeUndefined();
    }
  });
});

describe('a run of hex digits', () => {
  it('decodes to its text and tells where it was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(30), fc.boolean(), (seed, at, odd) => {
        const inner = prose(seeded(seed), 60);
        const hex = Buffer.from(inner).toString('hex');
        const bytes = Buffer.from(`..${hex}${odd ? '0' : ''}`);
        const decoding = decodeHexRun(bytes, 2, bytes.length)!;
        expect(Buffer.from(decoding.bytes).toString()).toBe(inner);
        expect(decoding.source(at, at + 5)).toEqual([2 + at * 2, 2 + (at + 5) * 2]);
      }),
    );
  });

  it('of a hash is left alone', () => {
    const random = seeded(5);
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(randomText(random, 64, '0123456789abcdef'));
      expect(decodeHexRun(bytes, 0, 64)).toBeUndefined();
    }
  });
});

describe('text', () => {
  it('is told from random bytes', () => {
    const random = seeded(6);
    const noise = () => Buffer.from(Array.from({ length: 48 }, () => between(random, 0, 255)));
    expect(isMostlyText(Buffer.from(prose(random, 500)))).toBe(true);
    expect(Array.from({ length: 500 }, noise).filter(isMostlyText)).toEqual([]);
    expect(isMostlyText(new Uint8Array(0))).toBe(false);
  });
});
