import type { DeltaExports } from '../../../delta-exports.ts';

interface TreeExports extends DeltaExports {
  readonly memory: WebAssembly.Memory;
  grow(pages: number): number;
  configureInflate(at: number): void;
  inflateWork(): number;
  inflate(at: number, length: number, out: number, size: number): number;
  configureIds(at: number, slots: number): void;
  addIds(ids: number, count: number, numbers: number): void;
  configureMembers(...values: number[]): void;
  clearMembers(): void;
  namesKnown(): number;
  membersKnown(): number;
  missingCount(): number;
  lostTreeCount(): number;
  treeMembers(
    at: number,
    length: number,
    runs: number,
    runCount: number,
    filter: number,
    mask: number,
    out: number,
    most: number,
  ): number;
}

/** A stretch of the kernel's memory. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

/** Members that were met since they were last cleared. */
export interface Members {
  /** Bytes of names as Latin-1 characters. */
  readonly names: string[];
  /** Triples: number of the name, mode, target: the number of a tree, or of a wanted blob. */
  readonly entries: Int32Array;
  /** Entries whose blob, or whose tree, is none of the known ids. */
  readonly missing: number;
  readonly lostTrees: number;
}

/** Makes tree objects from deltas and lists what they hold, in WebAssembly memory of its own. */
export interface TreeKernel {
  /** First address free for trees. */
  readonly freeAt: number;
  /** Makes room for `size` bytes at an address. */
  reserve(at: number, size: number): void;
  memory(): Buffer;
  /** Adds ids, 20 bytes each, with the number of each; the first number of an id stays. */
  addIds(ids: Uint8Array, numbers: Uint32Array): void;
  /** Inflates a zlib stream to exactly `out`; both have 64 bytes of margin. False when it is damaged. */
  inflate(stream: Stretch, out: Stretch): boolean;
  /** Size of the result that a delta names; undefined when its header is damaged or does not fit the base. */
  resultSize(base: Stretch, delta: Stretch): number | undefined;
  /** Applies a delta; how many copies it has, or undefined when it does not fit. */
  apply(base: Stretch, delta: Stretch, out: Stretch): number | undefined;
  /**
   * The members of a tree (assembly/tree-members.ts); undefined when the bytes are no tree, or hold too much. Valid until the
   * next call.
   * @param copies what apply() said of it, when what it was made from has been listed too; 0 looks at everything
   */
  members(tree: Stretch, copies: number): Uint32Array | undefined;
  clearMembers(): void;
  known(): Members;
}

/** Numbers of objects that are no trees; assembly/tree-members.ts has the same. */
export const PRESENT = 0x7fffffff;
export const WANTED = 0x40000000;

const MOST_RUNS = 1 << 16;
const MOST_ENTRIES = 1 << 17;
const FILTER_BITS = 1 << 21;
const START = 4096;
const ID_SLOT = 12;
/** Ids that are added at a time. */
const BATCH = 1 << 14;
const MOST_NAMES = 1 << 20;
const POOL = 64 << 20;
const MOST_MEMBERS = 1 << 22;
const RECORD = 12;

/** Addresses of the kernel's tables. Those of names and members are large; what is not used of them costs nothing. */
const layoutFor = (idSlots: number, inflateWork: number) => {
  const filter = START;
  const runs = filter + FILTER_BITS / 8;
  const entries = runs + MOST_RUNS * 12;
  const inflater = entries + MOST_ENTRIES * 4;
  const batch = (inflater + inflateWork + 63) & ~63;
  const ids = batch + BATCH * 24;
  const nameSlots = ids + idSlots * ID_SLOT;
  const nameRecords = nameSlots + MOST_NAMES * 16;
  const pool = nameRecords + MOST_NAMES * RECORD;
  const memberSlots = pool + POOL;
  const memberRecords = memberSlots + MOST_MEMBERS * 16;
  const free = (memberRecords + MOST_MEMBERS * RECORD + 4095) & ~4095;
  return {
    filter,
    runs,
    entries,
    inflater,
    batch,
    ids,
    nameSlots,
    nameRecords,
    pool,
    memberSlots,
    memberRecords,
    free,
  };
};

const slotsFor = (ids: number): number => {
  let slots = 1 << 10;
  while (slots * 0.7 < ids) slots *= 2;
  return slots;
};

/**
 * Sets up a kernel for trees from the compiled one.
 * @param wanted ids of the blobs that are looked for, 20 bytes each
 * @param ids how many will be added
 */
export const createTreeKernel = (module: WebAssembly.Module, wanted: Uint8Array, ids: number): TreeKernel => {
  const wasm = new WebAssembly.Instance(module, { env: { abort: () => undefined } }).exports as unknown as TreeExports;
  const idSlots = slotsFor(ids);
  const at = layoutFor(idSlots, wasm.inflateWork());
  let view = Buffer.from(wasm.memory.buffer);
  const reserve = (address: number, size: number): void => {
    // Names are read 16 bytes at a time.
    const missing = address + size + 64 - view.length;
    if (missing > 0 && wasm.grow(Math.ceil(Math.max(missing, 1 << 20) / 65536)) < 0) {
      throw new RangeError('there is no memory for trees');
    }
    if (view.buffer !== wasm.memory.buffer) view = Buffer.from(wasm.memory.buffer);
  };
  reserve(at.free, 0);
  wasm.configureInflate(at.inflater);
  wasm.configureIds(at.ids, idSlots);
  const { nameSlots, nameRecords, pool, memberSlots, memberRecords } = at;
  wasm.configureMembers(nameSlots, nameRecords, MOST_NAMES, pool, POOL, memberSlots, memberRecords, MOST_MEMBERS);
  wasm.clearMembers();
  for (let from = 0; from < wanted.length; from += 20) {
    const key = (wanted[from]! | (wanted[from + 1]! << 8) | (wanted[from + 2]! << 16)) & (FILTER_BITS - 1);
    view[at.filter + (key >>> 3)]! |= 1 << (key & 7);
  }
  const words = (address: number, count: number) => new Uint32Array(wasm.memory.buffer, address, count);
  return {
    freeAt: at.free,
    reserve,
    memory: () => view,
    addIds: (bytes, numbers) => {
      for (let from = 0; from < numbers.length; from += BATCH) {
        const some = numbers.subarray(from, from + BATCH);
        view.set(bytes.subarray(from * 20, (from + some.length) * 20), at.batch);
        words(at.batch + BATCH * 20, some.length).set(some);
        wasm.addIds(at.batch, some.length, at.batch + BATCH * 20);
      }
    },
    inflate: (stream, out) => wasm.inflate(stream.at, stream.length, out.at, out.length) !== 0,
    resultSize: (base, delta) => {
      if (wasm.deltaSize(delta.at, delta.length, 0) !== base.length) return undefined;
      const size = wasm.deltaSize(delta.at, delta.length, 1);
      return size < 0 ? undefined : size;
    },
    apply: (base, delta, out) => {
      const { at: to, length } = out;
      const runs = wasm.applyDelta(base.at, base.length, delta.at, delta.length, to, length, at.runs, MOST_RUNS);
      // Too patchy to follow (-2): the result is whole, and everything in it is looked at anew.
      return runs === -1 ? undefined : Math.max(runs, 0);
    },
    members: ({ at: tree, length }, copies) => {
      const count = wasm.treeMembers(
        tree,
        length,
        at.runs,
        copies,
        at.filter,
        FILTER_BITS - 1,
        at.entries,
        MOST_ENTRIES,
      );
      return count < 0 ? undefined : count === 0 ? NO_MEMBERS : words(at.entries, count);
    },
    clearMembers: () => wasm.clearMembers(),
    known: () => {
      const names = words(nameRecords, wasm.namesKnown() * 3);
      return {
        names: Array.from({ length: names.length / 3 }, (_, i) => {
          const from = pool + names[i * 3]!;
          return view.toString('latin1', from, from + names[i * 3 + 1]!);
        }),
        entries: new Int32Array(words(memberRecords, wasm.membersKnown() * 3)),
        missing: wasm.missingCount(),
        lostTrees: wasm.lostTreeCount(),
      };
    },
  };
};

const NO_MEMBERS = new Uint32Array(0);
