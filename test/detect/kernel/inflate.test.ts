import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInflater } from '../../../src/detect/kernel/inflater.ts';
import { kernelModule } from '../../support/detector.ts';
import { between, prose, type Random, seeded } from '../../support/random.ts';

const { exports } = new WebAssembly.Instance(kernelModule(), { env: { abort: () => undefined } });
const memory = exports.memory as WebAssembly.Memory;
const MB = 1 << 20;
(exports.grow as (pages: number) => number)(160);
const inflater = createInflater(exports, 4096, () => undefined);
const IN = MB;
const OUT = 5 * MB;

const view = (at: number, length: number) => Buffer.from(memory.buffer, at, length);

/** The bytes, or undefined when the inflater refuses. What lies behind the room must stay as it is. */
const inflated = (stream: Uint8Array, size: number): Buffer | undefined => {
  view(IN, stream.length).set(stream);
  view(IN + stream.length, 64).fill(0xa5);
  view(OUT, size + 128).fill(0x5a);
  const isWhole = inflater.inflate(IN, stream.length, OUT, size);
  expect(view(OUT + size + 64, 64).every((byte) => byte === 0x5a)).toBe(true);
  if (!isWhole) return undefined;
  expect(view(OUT + size, 16).every((byte) => byte === 0)).toBe(true);
  return Buffer.from(view(OUT, size));
};

/** As node:zlib says. */
const expected = (stream: Uint8Array, size: number): Buffer | undefined => {
  try {
    const bytes = inflateSync(stream, { maxOutputLength: size + 1000 });
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
};

const texts: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.alloc(0),
  (random) => Buffer.from(prose(random, between(random, 1, 20_000))),
  (random) => Buffer.from(Array.from({ length: between(random, 1, 3000) }, () => between(random, 0, 255))),
  (random) => Buffer.alloc(between(random, 1, 60_000), between(random, 0, 255)),
  (random) => Buffer.from('ab'.repeat(between(random, 1, 4000)) + prose(random, 50)),
  // Very uneven frequencies make codes of 15 bits.
  (random) =>
    Buffer.from(Array.from({ length: 60_000 }, () => Math.min(255, Math.floor(-Math.log2(random() || 1) * 9)))),
];
const LEVELS = [0, 1, 6, 9];
const STRATEGIES = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED];

const streamOf = (random: Random) => {
  const text = texts[between(random, 0, texts.length - 1)]!(random);
  const level = LEVELS[between(random, 0, 3)]!;
  const strategy = STRATEGIES[between(random, 0, 3)]!;
  const windowBits = between(random, 9, 15);
  return { text, stream: deflateSync(text, { level, strategy, windowBits, memLevel: between(random, 1, 9) }) };
};

/** RFC 1950, 8.2. */
const adler32 = (bytes: Uint8Array): Buffer => {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return Buffer.from([b >> 8, b & 255, a >> 8, a & 255]);
};

/** A stream of several texts, each in blocks of its own kinds. */
const mixedStreamOf = (random: Random) => {
  const parts = Array.from({ length: between(random, 2, 5) }, () =>
    texts[between(random, 0, texts.length - 1)]!(random),
  );
  const blocks = parts.map((part, i) =>
    deflateRawSync(part, {
      level: LEVELS[between(random, 0, 3)]!,
      strategy: STRATEGIES[between(random, 0, 3)]!,
      finishFlush: i === parts.length - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    }),
  );
  const text = Buffer.concat(parts);
  return { text, stream: Buffer.concat([Buffer.from([0x78, 0x9c]), ...blocks, adler32(text)]) };
};

/** A stream of blocks with the fixed codes, each of `count` letters. */
const fixedBlocks = (blocks: number, count: number): { text: Buffer; stream: Buffer } => {
  // The code of 'A' (65) is 65 + 48 in eight bits, highest first; that of the end seven zeros.
  const letters = '01110001'.repeat(count);
  const bits = Array.from({ length: blocks }, (_, i) => `${i === blocks - 1 ? 1 : 0}10${letters}0000000`).join('');
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) bytes[i >> 3]! |= Number(bits[i]) << (i & 7);
  const text = Buffer.alloc(blocks * count, 'A');
  return { text, stream: Buffer.concat([Buffer.from([0x78, 0x9c]), bytes, adler32(text)]) };
};

/** As inflated(), but the margins of stream and output are the last bytes that there are, as far as both can be. */
const inflatedAtEnd = (stream: Uint8Array, size: number, last: 'stream' | 'output'): Buffer | undefined => {
  const end = memory.buffer.byteLength;
  const from = last === 'stream' ? end - 64 - stream.length : IN;
  const out = last === 'output' ? end - 64 - size : OUT;
  view(from, stream.length).set(stream);
  view(from + stream.length, 64).fill(0xff);
  return inflater.inflate(from, stream.length, out, size) ? Buffer.from(view(out, size)) : undefined;
};

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('inflating', () => {
  it('gives back what was deflated, at any level and strategy', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { text, stream } = streamOf(seeded(seed));
        expect(inflated(stream, text.length)?.equals(text)).toBe(true);
        // What follows the stream is not part of it.
        expect(inflated(Buffer.concat([stream, Buffer.from('more')]), text.length)?.equals(text)).toBe(true);
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    );
  });

  it('gives back streams of several blocks of different kinds', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { text, stream } = mixedStreamOf(seeded(seed));
        expect(inflated(stream, text.length)?.equals(text)).toBe(true);
        expect(inflated(stream, text.length + 1)).toBeUndefined();
        if (text.length > 0) expect(inflated(stream, text.length - 1)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('stops at the first block that has no room', () => {
    for (const count of [0, 1, 2, 3, 4, 5]) {
      const { text, stream } = fixedBlocks(300, count);
      expect(inflated(stream, text.length)?.equals(text)).toBe(true);
      if (count > 0) for (const size of [0, 1, 7, text.length - 1]) expect(inflated(stream, size)).toBeUndefined();
    }
  });

  it('reads and writes within the margins, at the end of memory too', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const { text, stream } = between(random, 0, 1) ? streamOf(random) : mixedStreamOf(random);
        const cut = stream.subarray(0, between(random, 0, stream.length));
        for (const last of ['stream', 'output'] as const) {
          expect(inflatedAtEnd(stream, text.length, last)?.equals(text)).toBe(true);
          if (cut.length < stream.length) expect(inflatedAtEnd(cut, text.length, last)).toBeUndefined();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuses another size and a cut stream', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const { text, stream } = streamOf(random);
        expect(inflated(stream, text.length + 1)).toBeUndefined();
        if (text.length > 0) expect(inflated(stream, text.length - 1)).toBeUndefined();
        expect(inflated(stream.subarray(0, between(random, 0, stream.length - 1)), text.length)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('says of damaged streams what zlib says of them, and writes nowhere else', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const { text, stream } = streamOf(random);
        const damaged = Buffer.from(stream);
        for (let flips = between(random, 1, 3); flips > 0; flips--) {
          damaged[between(random, 0, Math.min(damaged.length - 1, 200))]! ^= 1 << between(random, 0, 7);
        }
        const own = inflated(damaged, text.length);
        expect(own === undefined ? undefined : own.toString('hex')).toBe(
          expected(damaged, text.length)?.toString('hex'),
        );
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    );
  });
});
