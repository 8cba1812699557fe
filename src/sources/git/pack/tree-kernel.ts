import type { DeltaExports } from '../../../delta-exports.ts';

interface TreeExports extends DeltaExports {
  readonly memory: WebAssembly.Memory;
  grow(pages: number): number;
  configureInflate(at: number): void;
  inflateWork(): number;
  inflate(at: number, length: number, out: number, size: number): number;
  treeEntries(at: number, length: number, filter: number, mask: number, out: number, most: number): number;
}

/** A stretch of the kernel's memory. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

/** Makes tree objects from deltas and lists their entries, in WebAssembly memory of its own. */
export interface TreeKernel {
  /** First address free for trees. */
  readonly freeAt: number;
  /** Makes room for `size` bytes at an address. */
  reserve(at: number, size: number): void;
  memory(): Buffer;
  /** Inflates a zlib stream to exactly `out`; both have 64 bytes of margin. False when it is damaged. */
  inflate(stream: Stretch, out: Stretch): boolean;
  /** Size of the result that a delta names; undefined when its header is damaged or does not fit the base. */
  resultSize(base: Stretch, delta: Stretch): number | undefined;
  /** Applies a delta. Triples (place, place in the base, length) of what was copied; undefined when it does not fit. */
  apply(base: Stretch, delta: Stretch, out: Stretch): Uint32Array | undefined;
  /**
   * The entries of a tree that are trees, and those that may be wanted: pairs (offset of the entry, offset of the NUL
   * behind its name); undefined when the bytes are no tree. Valid until the next call.
   */
  entries(tree: Stretch): Uint32Array | undefined;
}

const MOST_RUNS = 1 << 16;
const MOST_ENTRIES = 1 << 17;
const FILTER_BITS = 1 << 21;
const START = 4096;

/**
 * Sets up a kernel for trees from the compiled one.
 * @param wanted ids of the blobs that are looked for, 20 bytes each
 */
export const createTreeKernel = (module: WebAssembly.Module, wanted: Uint8Array): TreeKernel => {
  const wasm = new WebAssembly.Instance(module, { env: { abort: () => undefined } }).exports as unknown as TreeExports;
  const filterAt = START;
  const runsAt = filterAt + FILTER_BITS / 8;
  const entriesAt = runsAt + MOST_RUNS * 12;
  const inflaterAt = entriesAt + MOST_ENTRIES * 8;
  const freeAt = (inflaterAt + wasm.inflateWork() + 63) & ~63;
  let view = Buffer.from(wasm.memory.buffer);
  const reserve = (at: number, size: number): void => {
    // Names are read 16 bytes at a time.
    const missing = at + size + 64 - wasm.memory.buffer.byteLength;
    if (missing > 0 && wasm.grow(Math.ceil(Math.max(missing, 1 << 20) / 65536)) < 0) {
      throw new RangeError('there is no memory for trees');
    }
    if (view.buffer !== wasm.memory.buffer) view = Buffer.from(wasm.memory.buffer);
  };
  reserve(freeAt, 0);
  wasm.configureInflate(inflaterAt);
  for (let at = 0; at < wanted.length; at += 20) {
    const key = (wanted[at]! | (wanted[at + 1]! << 8) | (wanted[at + 2]! << 16)) & (FILTER_BITS - 1);
    view[filterAt + (key >>> 3)]! |= 1 << (key & 7);
  }
  return {
    freeAt,
    reserve,
    memory: () => view,
    inflate: (stream, out) => wasm.inflate(stream.at, stream.length, out.at, out.length) !== 0,
    resultSize: (base, delta) => {
      if (wasm.deltaSize(delta.at, delta.length, 0) !== base.length) return undefined;
      const size = wasm.deltaSize(delta.at, delta.length, 1);
      return size < 0 ? undefined : size;
    },
    apply: (base, delta, out) => {
      const runs = wasm.applyDelta(base.at, base.length, delta.at, delta.length, out.at, out.length, runsAt, MOST_RUNS);
      // Too patchy to follow (-2): the result is whole, and everything in it is looked at anew.
      return runs === -1 ? undefined : new Uint32Array(wasm.memory.buffer, runsAt, Math.max(runs, 0) * 3);
    },
    entries: ({ at, length }) => {
      const count = wasm.treeEntries(at, length, filterAt, FILTER_BITS - 1, entriesAt, MOST_ENTRIES);
      return count < 0 ? undefined : new Uint32Array(wasm.memory.buffer, entriesAt, count * 2);
    },
  };
};
