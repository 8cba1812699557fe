import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelModule } from '../../../support/detector.ts';
import { between, LOWER, pick, type Random, randomText, seeded } from '../../../support/random.ts';

const { exports } = new WebAssembly.Instance(kernelModule(), { env: { abort: () => undefined } });
const wasm = exports as unknown as {
  memory: WebAssembly.Memory;
  treeEntries(at: number, length: number, filter: number, mask: number, out: number, most: number): number;
};
const FILTER = 1 << 16;
const MASK = (1 << 10) - 1;
const ENTRIES = 1 << 17;
const MOST = 40;
const DAMAGED = -1;
const CROWDED = -2;
const view = (at: number, length: number) => Buffer.from(wasm.memory.buffer, at, length);

/** The entries as pairs, or the kernel's word for what went wrong. The tree's margin is the last that memory has. */
const listed = (tree: Buffer, filter: Uint8Array, most = MOST): number[] | number => {
  const at = wasm.memory.buffer.byteLength - 64 - tree.length;
  view(at, tree.length).set(tree);
  view(at + tree.length, 64).fill(0x20);
  view(FILTER, filter.length).set(filter);
  view(ENTRIES, MOST * 8 + 64).fill(0x5a);
  const count = wasm.treeEntries(at, tree.length, FILTER, MASK, ENTRIES, most);
  expect(view(ENTRIES + most * 8, 64).every((byte) => byte === 0x5a)).toBe(true);
  return count < 0 ? count : [...new Uint32Array(wasm.memory.buffer, ENTRIES, count * 2)];
};

/** The same, byte by byte. */
const expected = (tree: Buffer, filter: Uint8Array, most = MOST): number[] | number => {
  const pairs: number[] = [];
  for (let p = 0; p < tree.length; ) {
    const blank = tree.indexOf(32, p);
    if (blank < 0 || blank > p + 7) return DAMAGED;
    const zero = tree.indexOf(0, blank + 1);
    if (zero < 0 || zero + 21 > tree.length) return DAMAGED;
    const key = tree.readUInt32LE(zero + 1) & MASK;
    if (tree[p] === 52 || (filter[key >>> 3]! >>> (key & 7)) & 1) {
      if (pairs.length === most * 2) return CROWDED;
      pairs.push(p, zero);
    }
    p = zero + 21;
  }
  return pairs;
};

const MODES = ['100644', '100755', '120000', '160000', '40000', '040000', '4', '', '1006441', 'abc', '10064'];

const treeOf = (random: Random): Buffer =>
  Buffer.concat(
    Array.from({ length: between(random, 0, 60) }, () => {
      const isUsual = between(random, 0, 9) > 0;
      const mode = isUsual ? pick(random, ['100644', '40000']) : pick(random, MODES);
      const length = isUsual ? between(random, 1, 30) : between(random, 0, 80);
      const id = Buffer.from(Array.from({ length: 20 }, () => between(random, 0, 255)));
      return Buffer.concat([Buffer.from(`${mode} ${randomText(random, length, LOWER)}\0`), id]);
    }),
  );

const filterOf = (random: Random): Uint8Array =>
  Uint8Array.from({ length: (MASK + 1) / 8 }, () => (between(random, 0, 2) ? 0 : between(random, 0, 255)));

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('listing the entries of a tree', () => {
  it('names trees and what may be wanted, whatever the modes and names', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const tree = treeOf(random);
        const filter = filterOf(random);
        expect(listed(tree, filter)).toEqual(expected(tree, filter));
        expect(listed(tree, filter, 3)).toEqual(expected(tree, filter, 3));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is cut, or no tree', () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 30 }), (seed, noise) => {
        const random = seeded(seed);
        const tree = treeOf(random);
        const filter = filterOf(random);
        const cut = tree.subarray(0, between(random, 0, tree.length));
        expect(listed(cut, filter)).toEqual(expected(cut, filter));
        const damaged = Buffer.concat([tree, Buffer.from(noise)]);
        damaged.set(noise.subarray(0, 3), between(random, 0, Math.max(0, damaged.length - 3)));
        expect(listed(damaged, filter)).toEqual(expected(damaged, filter));
      }),
      { numRuns: 500 },
    );
  });
});
