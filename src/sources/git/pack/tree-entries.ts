/** A thread's findings in trees: only entries that are trees, or blobs that are looked for. */
export interface TreeReport {
  /** Numbers of the trees that were read (see TreeNumbers), and how many entries each has. */
  readonly trees: Uint32Array;
  readonly counts: Uint32Array;
  /** The entries of all these trees, one tree after the other, as numbers of `entries`. */
  readonly members: Uint32Array;
  /** Names of entries, bytes as Latin-1 characters. */
  readonly names: readonly string[];
  /** Triples: number of the name, mode, target: the number of a tree, or of a wanted blob. */
  readonly entries: Int32Array;
  /** Entries whose object is not there. */
  readonly missing: number;
  /** True when a tree was damaged, or names one that is not there. */
  readonly incomplete: boolean;
}

/** Modes as git compares them (canon_mode): files are 100644 or 100755, a directory is 40000. */
export const TREE_MODE = 0o40000;

/** Whole numbers that grow in number. */
export const createList = (capacity = 1024) => {
  let values = new Uint32Array(capacity);
  let length = 0;
  const makeRoom = (count: number): void => {
    if (length + count <= values.length) return;
    const larger = new Uint32Array(Math.max(length + count, values.length * 2));
    larger.set(values);
    values = larger;
  };
  return {
    push: (value: number): void => {
      makeRoom(1);
      values[length++] = value;
    },
    append: (more: Uint32Array): void => {
      makeRoom(more.length);
      values.set(more, length);
      length += more.length;
    },
    /** What was pushed, in a buffer of its own. */
    values: (): Uint32Array => values.slice(0, length),
  };
};
