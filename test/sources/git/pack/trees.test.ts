import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTreeKernel, PRESENT, type TreeKernel, WANTED } from '../../../../src/sources/git/pack/tree-kernel.ts';
import { deltaOf, type Step } from '../../../support/delta.ts';
import { kernelModule } from '../../../support/detector.ts';
import { between, LOWER, pick, type Random, randomText, seeded } from '../../../support/random.ts';

/** An object that trees may name, and what the kernel is told of it: nothing when it is missing. */
interface Known {
  readonly id: Buffer;
  readonly number: number | undefined;
}

interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly object: Known;
}

const idOf = (random: Random) => Buffer.from(Array.from({ length: 20 }, () => between(random, 0, 255)));

/** Trees by numbers from 0, wanted blobs, other objects, and some that are not there. */
const objectsOf = (random: Random): Known[] =>
  Array.from({ length: 40 }, (_, i) => {
    const number = i < 12 ? i : i < 18 ? WANTED + i - 12 : i < 36 ? PRESENT : undefined;
    return { id: idOf(random), number };
  });

const MODES = ['100644', '100755', '120000', '160000', '40000', '040000', '100664'];

const entriesOf = (random: Random, objects: readonly Known[]): Entry[] =>
  Array.from({ length: between(random, 0, 40) }, () => ({
    mode: pick(random, MODES),
    name: randomText(random, between(random, 1, pick(random, [3, 12, 80])), LOWER),
    object: pick(random, objects),
  }));

const bytesOf = (entries: readonly Entry[]): Buffer =>
  Buffer.concat(entries.flatMap(({ mode, name, object }) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), object.id]));

const CANONICAL: Readonly<Record<string, number>> = {
  '100644': 0o100644,
  '100664': 0o100644,
  '100755': 0o100755,
  '120000': 0o120000,
  '40000': 0o40000,
  '040000': 0o40000,
};

/** What is of interest in a tree, entry by entry: submodules never, trees and wanted blobs always. */
const interesting = (entries: readonly Entry[]) => {
  const members: string[] = [];
  let missing = 0;
  let lostTrees = 0;
  for (const { mode, name, object } of entries) {
    const canonical = CANONICAL[mode];
    if (canonical === undefined) continue;
    const { number } = object;
    const isTree = canonical === 0o40000;
    if (number === undefined || isTree !== number < WANTED) {
      if (isTree) lostTrees++;
      else missing++;
    } else if (number !== PRESENT) members.push(`${canonical} ${name} ${isTree ? number : number - WANTED}`);
  }
  return { members, missing, lostTrees };
};

const kernelFor = (objects: readonly Known[]): TreeKernel => {
  const ids = (some: readonly Known[]) => Buffer.concat(some.map(({ id }) => id));
  const wanted = objects.filter(({ number = 0 }) => number >= WANTED && number !== PRESENT);
  const known = objects.filter(({ number }) => number !== undefined);
  const kernel = createTreeKernel(kernelModule(), ids(wanted), known.length);
  kernel.addIds(
    ids(known),
    Uint32Array.from(known, ({ number }) => number!),
  );
  // Added again with another number, as an id that stands in two packs: the first stays.
  kernel.addIds(ids(known), new Uint32Array(known.length).fill(PRESENT));
  return kernel;
};

/** Puts bytes into the kernel's memory with a margin of other bytes behind them. */
const put = (kernel: TreeKernel, at: number, bytes: Uint8Array) => {
  kernel.reserve(at, bytes.length + 64);
  kernel.memory().set(bytes, at);
  kernel.memory().fill(0x20, at + bytes.length, at + bytes.length + 64);
  return { at, length: bytes.length };
};

/** Copies what stayed, now and then but for its last bytes, and writes the rest. */
const stepsOf = (random: Random, before: readonly Entry[], after: readonly Entry[]): Step[] =>
  after.flatMap((entry): Step[] => {
    const bytes = bytesOf([entry]);
    const place = before.indexOf(entry);
    if (place < 0) return [{ bytes }];
    const from = bytesOf(before.slice(0, place)).length;
    const cut = random() < 0.2 ? between(random, 1, bytes.length - 1) : 0;
    return [{ from, size: bytes.length - cut }, ...(cut > 0 ? [{ bytes: bytes.subarray(-cut) }] : [])];
  });

const told = (kernel: TreeKernel, members: Uint32Array | undefined) => {
  const { names, entries } = kernel.known();
  return members && [...members].map((i) => `${entries[i * 3 + 1]} ${names[entries[i * 3]!]} ${entries[i * 3 + 2]}`);
};

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('listing what a tree holds', () => {
  it('names its trees and wanted blobs, and counts what is not there', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const objects = objectsOf(random);
        const kernel = kernelFor(objects);
        const entries = entriesOf(random, objects);
        const { members, missing, lostTrees } = interesting(entries);
        expect(told(kernel, kernel.members(put(kernel, kernel.freeAt, bytesOf(entries)), 0))).toEqual(members);
        expect(kernel.known()).toMatchObject({ missing, lostTrees });
      }),
      { numRuns: 200 },
    );
  });

  it('says the same of a tree that was made from another, and looks up only what is new in it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const objects = objectsOf(random);
        const present = objects.filter(({ number }) => number !== undefined);
        const kernel = kernelFor(objects);
        const isFitting = ({ mode, object }: Entry) =>
          mode.endsWith('40000') ? object.number! < WANTED : object.number! >= WANTED;
        const before = entriesOf(random, present).filter(isFitting);
        const after = before.filter(() => random() < 0.9);
        for (const entry of entriesOf(random, objects).slice(0, 5))
          after.splice(between(random, 0, after.length), 0, entry);
        const { delta, result } = deltaOf(bytesOf(before), stepsOf(random, before, after));
        const base = put(kernel, kernel.freeAt, bytesOf(before));
        const out = put(kernel, kernel.freeAt + (2 << 17), result);
        kernel.members(base, 0);
        kernel.clearMembers();
        const copies = kernel.apply(base, put(kernel, kernel.freeAt + (1 << 17), delta), out);
        const { members, missing, lostTrees } = interesting(after);
        expect(told(kernel, kernel.members(out, copies!))).toEqual(members);
        expect(kernel.known()).toMatchObject({ missing, lostTrees });
      }),
      { numRuns: 200 },
    );
  });

  it('keeps thousands of names and members apart', () => {
    const random = seeded(3);
    const objects = objectsOf(random);
    const trees = objects.slice(0, 12);
    const kernel = kernelFor(objects);
    const entries = Array.from(
      { length: 20_000 },
      (_, i): Entry => ({ mode: '40000', name: `n${i >> 1}`, object: trees[i % 12]! }),
    );
    const tree = put(kernel, kernel.freeAt, bytesOf(entries));
    const first = told(kernel, kernel.members(tree, 0));
    expect(first).toEqual(interesting(entries).members);
    expect(told(kernel, kernel.members(tree, 0))).toEqual(first);
    expect(kernel.known().names.length).toBe(10_000);
  });

  it('refuses what is cut, or no tree', () => {
    const random = seeded(7);
    const objects = objectsOf(random);
    const kernel = kernelFor(objects);
    const bytes = bytesOf([{ mode: '100644', name: 'a-name', object: objects[30]! }]);
    for (let length = 1; length < bytes.length; length++) {
      expect(kernel.members(put(kernel, kernel.freeAt, bytes.subarray(0, length)), 0)).toBeUndefined();
    }
    expect(kernel.members(put(kernel, kernel.freeAt, bytes), 0)).toEqual(new Uint32Array(0));
    for (const other of [deflateSync(bytes), Buffer.from('no tree at all, but text'), Buffer.alloc(50, 0x34)]) {
      expect(kernel.members(put(kernel, kernel.freeAt, other), 0)).toBeUndefined();
    }
  });
});
