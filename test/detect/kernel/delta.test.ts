import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeltaExports } from '../../../src/delta-exports.ts';
import { IMAGE_AT } from '../../../src/detect/kernel/image.ts';
import { kernelModule } from '../../support/detector.ts';
import { between, prose, type Random, seeded } from '../../support/random.ts';

const { exports } = new WebAssembly.Instance(kernelModule(), { env: { abort: () => undefined } });
const wasm = exports as unknown as DeltaExports & { memory: WebAssembly.Memory; staticsEnd(): number };
const MB = 1 << 20;
(exports.grow as (pages: number) => number)(160);
const end = wasm.memory.buffer.byteLength;
const BASE = MB;
const DELTA = 3 * MB;
const OUT = 5 * MB;
const RUNS = 8 * MB;
const view = (at: number, length: number) => Buffer.from(wasm.memory.buffer, at, length);

interface Places {
  readonly base: number;
  readonly delta: number;
  readonly out: number;
}

/** The result and its runs, or the kernel's word for what went wrong. What lies behind the margins must stay as it is. */
const applied = (base: Buffer, delta: Buffer, size: number, most = 1000, places: Partial<Places> = {}) => {
  const { base: baseAt, delta: deltaAt, out } = { base: BASE, delta: DELTA, out: OUT, ...places };
  view(baseAt, base.length).set(base);
  view(deltaAt, delta.length).set(delta);
  view(deltaAt + delta.length, 64).fill(0xff);
  if (out === OUT) view(OUT, size + 128).fill(0x5a);
  view(RUNS, most * 12 + 64).fill(0x5a);
  const runs = wasm.applyDelta(baseAt, base.length, deltaAt, delta.length, out, size, RUNS, most);
  if (out === OUT) expect(view(OUT + size + 64, 64).every((byte) => byte === 0x5a)).toBe(true);
  expect(view(RUNS + most * 12, 64).every((byte) => byte === 0x5a)).toBe(true);
  if (runs >= 0 || runs === -2) expect(view(out + size, 16).every((byte) => byte === 0)).toBe(true);
  return {
    runs,
    text: Buffer.from(view(out, size)),
    copied: [...new Uint32Array(wasm.memory.buffer, RUNS, Math.max(runs, 0) * 3)],
  };
};

/** gitformat-pack, "Size encoding". */
const sizeBytes = (size: number): number[] => (size < 128 ? [size] : [(size & 127) | 128, ...sizeBytes(size >>> 7)]);

const copyBytes = (from: number, size: number): number[] => {
  const fields = [0, 8, 16, 24].map((shift) => (from >>> shift) & 255);
  const sizes = size === 0x10000 ? [0, 0, 0] : [0, 8, 16].map((shift) => (size >>> shift) & 255);
  const all = [...fields, ...sizes];
  return [128 | all.reduce((set, byte, i) => set | (byte ? 1 << i : 0), 0), ...all.filter((byte) => byte)];
};

/** A base, a delta of random copies and inserted bytes, its result, and the runs that it copies. */
const deltaOf = (random: Random) => {
  const base = Buffer.from(prose(random, between(random, 1, between(random, 0, 3) ? 3000 : 90_000)));
  const parts: Buffer[] = [];
  const copied: number[] = [];
  const delta: number[] = [];
  let at = 0;
  let next = 0;
  for (let count = between(random, 0, 60); count > 0; count--) {
    if (between(random, 0, 2)) {
      const follows = between(random, 0, 4) === 0 && next < base.length;
      const from = follows ? next : between(random, 0, base.length - 1);
      const most = Math.min(base.length - from, 0x1ffff);
      const size = between(random, 1, Math.min(most, [20, 70, 600, 0x1ffff][between(random, 0, 3)]!));
      delta.push(...copyBytes(from, size));
      parts.push(base.subarray(from, from + size));
      const [place, lastFrom, length] = copied.slice(-3);
      if (place !== undefined && place + length! === at && lastFrom! + length! === from)
        copied[copied.length - 1]! += size;
      else copied.push(at, from, size);
      at += size;
      next = from + size;
    } else {
      const bytes = Buffer.from(prose(random, 127)).subarray(0, between(random, 1, 127));
      delta.push(bytes.length, ...bytes);
      parts.push(bytes);
      at += bytes.length;
    }
  }
  const head = [...sizeBytes(base.length), ...sizeBytes(at)];
  return { base, delta: Buffer.from([...head, ...delta]), head: head.length, text: Buffer.concat(parts), copied };
};

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('applying deltas', () => {
  it('gives the result and what was copied, neighbours joined', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { base, delta, text, copied } = deltaOf(seeded(seed));
        const got = applied(base, delta, text.length);
        expect(got.text.equals(text)).toBe(true);
        expect(got.copied).toEqual(copied);
        if (copied.length > 3) {
          const crowded = applied(base, delta, text.length, copied.length / 3 - 1);
          expect(crowded.runs).toBe(-2);
          expect(crowded.text.equals(text)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('copies 64 KiB where no size is given', () => {
    const base = Buffer.from(prose(seeded(7), 70_000));
    const delta = Buffer.from([...sizeBytes(base.length), ...sizeBytes(0x10000), ...copyBytes(3, 0x10000)]);
    expect(applied(base, delta, 0x10000).text.equals(base.subarray(3, 3 + 0x10000))).toBe(true);
  });

  it('refuses a delta of another size or base, and one that is cut', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const { base, delta, head, text, copied } = deltaOf(random);
        expect(applied(base, delta, text.length + 1).runs).toBe(-1);
        if (text.length > 0) expect(applied(base, delta, text.length - 1).runs).toBe(-1);
        if (text.length > 0)
          expect(applied(base, delta.subarray(0, between(random, head, delta.length - 1)), text.length).runs).toBe(-1);
        const reach = copied.reduce((most, from, i) => (i % 3 === 1 ? Math.max(most, from + copied[i + 1]!) : most), 0);
        if (reach > 0) expect(applied(base.subarray(0, reach - 1), delta, text.length).runs).toBe(-1);
      }),
      { numRuns: 200 },
    );
  });

  it('writes nowhere else when the delta is damaged, at the end of memory too', () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 40 }), (seed, noise) => {
        const random = seeded(seed);
        const { base, delta, head, text } = deltaOf(random);
        const damaged = Buffer.from(delta);
        damaged.set(
          noise.subarray(0, delta.length - head),
          between(random, head, Math.max(head, delta.length - noise.length)),
        );
        applied(base, damaged, text.length);
        applied(base, damaged, text.length, 1000, { base: end - 64 - base.length });
        applied(base, damaged, text.length, 1000, { delta: end - 64 - delta.length });
        applied(base, damaged, text.length, 1000, { out: end - 64 - text.length });
      }),
      { numRuns: 300 },
    );
  });
});

describe("the kernel's memory", () => {
  it('holds its static data below what the drivers put there', () => {
    expect(wasm.staticsEnd()).toBeLessThanOrEqual(IMAGE_AT);
  });
});
