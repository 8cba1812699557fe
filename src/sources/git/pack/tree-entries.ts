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
  /** True when a tree was damaged, or names one that is not in the packs. */
  readonly incomplete: boolean;
}

/** Modes as git compares them (canon_mode): files are 100644 or 100755, a directory is 40000. */
export const TREE_MODE = 0o40000;

/** The canonical form of a mode as a tree holds it, in octal digits. */
export const canonicalMode = (digits: string): number => {
  const mode = Number.parseInt(digits, 8);
  const type = mode & 0o170000;
  if (type === 0o100000) return 0o100644 | (mode & 0o100 ? 0o111 : 0);
  return type === 0o120000 || type === TREE_MODE ? type : 0o160000;
};

/** Collects entries, each distinct one once. */
export const createEntryTable = () => {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const entries: number[] = [];
  const nameNumber = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, names.length);
    return names.push(name) - 1;
  };
  return {
    names,
    entries,
    /** The number of a new entry. */
    add: (name: string, mode: number, target: number): number => {
      entries.push(nameNumber(name), mode, target);
      return entries.length / 3 - 1;
    },
  };
};

/** Whole numbers that grow in number. */
export const createList = (capacity = 1024) => {
  let values = new Uint32Array(capacity);
  let length = 0;
  return {
    push: (value: number): void => {
      if (length === values.length) {
        const larger = new Uint32Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    /** What was pushed, in a buffer of its own. */
    values: (): Uint32Array => values.slice(0, length),
  };
};
