import type { PackIndex } from './pack-index.ts';

/** Types as a pack's entries name them (gitformat-pack, "Object types"); the first four are also kinds of objects. */
export const TYPE = { commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, idDelta: 7 } as const;

/**
 * A pack as a forest of delta families, in shared memory: plain data that can be sent to threads. Entries are numbered by
 * their place in the file ("ranks").
 */
export interface PackTables {
  /** File name of the pack, for messages. */
  readonly name: string;
  /** Open for reading as long as the scan runs, so that it can be read even after git has replaced it. */
  readonly fd: number;
  /** Tells opened packs apart, also when the system gives the same `fd` out again. */
  readonly serial: number;
  /** The whole file, where it is small enough to be held. */
  readonly bytes: Uint8Array | undefined;
  readonly count: number;
  readonly index: PackIndex;
  /** Where entries begin in the file; one more for the end of the last. */
  readonly offsets: Float64Array;
  /** Place of each entry's id in the index. */
  readonly ids: Uint32Array;
  /** Rank of each place in the index: the inverse of `ids`. */
  readonly ranks: Uint32Array;
  readonly types: Uint8Array;
  /** Bytes of an entry before its compressed data. */
  readonly headers: Uint8Array;
  /** Bytes of the entry's data when inflated: of the object, or of the delta. */
  readonly sizes: Float64Array;
  /** Rank of the entry that a delta applies to; -1 for a whole object. */
  readonly parents: Int32Array;
  /** Kind of the object, 1 to 4; 0 where its chain of deltas does not end in this pack. */
  readonly kinds: Uint8Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** 1 for objects that are to be scanned. */
  readonly wanted: Uint8Array;
  /** 1 for entries where a large family was cut: from there on it is a piece of work of its own. */
  readonly cut: Uint8Array;
  /** How many wanted objects there are in an entry's family from it on, itself included, up to cuts. */
  readonly weights: Uint32Array;
}

const bytesOf = (count: number) => new Uint8Array(new SharedArrayBuffer(count));
const wordsOf = (count: number) => new Uint32Array(new SharedArrayBuffer(count * 4));
const linksOf = (count: number) => new Int32Array(new SharedArrayBuffer(count * 4)).fill(-1);
const numbersOf = (count: number) => new Float64Array(new SharedArrayBuffer(count * 8));

let opened = 0;

/** Tables of a pack with nothing in them but the index. */
export const emptyTables = (name: string, fd: number, index: PackIndex, bytes: Uint8Array | undefined): PackTables => {
  const { count } = index;
  return {
    name,
    fd,
    serial: opened++,
    bytes,
    count,
    index,
    offsets: numbersOf(count + 1),
    ids: wordsOf(count),
    ranks: wordsOf(count),
    types: bytesOf(count),
    headers: bytesOf(count),
    sizes: numbersOf(count),
    parents: linksOf(count),
    kinds: bytesOf(count),
    firstChild: linksOf(count),
    nextSibling: linksOf(count),
    wanted: bytesOf(count),
    cut: bytesOf(count),
    weights: wordsOf(count),
  };
};
