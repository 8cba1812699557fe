import { type Arena, createArena } from '../../../arena.ts';
import { chainOf, wantedChildren } from './forest.ts';
import { findOid, oidsOf } from './pack-index.ts';
import { readEntry, type StoredEntry } from './read-entry.ts';
import { type PackTables, TYPE } from './tables.ts';
import { createList, type TreeReport } from './tree-entries.ts';
import { createTreeKernel, PRESENT, type Stretch, type TreeKernel, WANTED } from './tree-kernel.ts';

/** What is looked for in trees. */
export interface TreeSearch {
  readonly packs: readonly PackTables[];
  /** Ids of blobs, 20 bytes each, ascending. Sent to threads as it is. */
  readonly wanted: Uint8Array;
  /** Ids of trees that are in no pack, in the same form. */
  readonly loose: Uint8Array;
  /** Ids of other objects that are in no pack, in the same form. */
  readonly others: Uint8Array;
  /** Tells searches apart. */
  readonly serial: number;
}

/** Trees of one pack, to be read by one thread: pieces of delta families. */
export interface TreeWork {
  readonly pack: number;
  readonly ranks: readonly number[];
}

/** The first number of each pack's entries: those of the first pack come first; behind the last are the loose trees. */
export const treeNumbers = (packs: readonly PackTables[]): number[] => {
  const firsts = [0];
  for (const { count } of packs) firsts.push(firsts.at(-1)! + count);
  return firsts;
};

/** Number of a tree by its id; -1 when there is none. `own` is the pack that is asked first. */
export const treeNumber = ({ packs, loose }: TreeSearch, firsts: readonly number[], id: Buffer, from = 0, own = 0) => {
  for (let i = 0; i < packs.length; i++) {
    const number = i === 0 ? own : i <= own ? i - 1 : i;
    const { index, ranks } = packs[number]!;
    const place = findOid(index, id, from);
    if (place >= 0) return firsts[number]! + ranks[place]!;
  }
  const place = placeIn(loose, id, from);
  return place < 0 ? -1 : firsts.at(-1)! + place;
};

/** Bytes of trees that are held at a time. */
const ROOM = 64 << 20;

/** What a thread reads the trees of one search with. */
interface Reader {
  readonly serial: number;
  readonly kernel: TreeKernel;
  readonly arena: Arena;
}

/** The last one is kept: its table of ids serves all jobs of a search. */
let reader: Reader | undefined;

const readerFor = (module: WebAssembly.Module, search: TreeSearch): Reader => {
  if (reader?.serial !== search.serial) {
    const { packs, wanted, loose, others, serial } = search;
    const count =
      packs.reduce((sum, pack) => sum + pack.count, 0) + (wanted.length + loose.length + others.length) / 20;
    const kernel = createTreeKernel(module, wanted, count);
    addIds(kernel, search);
    reader = { serial, kernel, arena: createArena(kernel.freeAt, ROOM, kernel.reserve) };
  }
  reader.kernel.clearMembers();
  return reader;
};

/** Tells the kernel all objects: wanted blobs first, by which it knows them; trees by their numbers. */
const addIds = (kernel: TreeKernel, { packs, wanted, loose, others }: TreeSearch): void => {
  const firsts = treeNumbers(packs);
  kernel.addIds(
    wanted,
    numbered(wanted, (i) => WANTED + i),
  );
  packs.forEach(({ index, ranks, kinds, count }, pack) => {
    const numbers = new Uint32Array(count);
    for (let place = 0; place < count; place++) {
      const rank = ranks[place]!;
      // An entry whose kind is not known is damaged: it is not there, unless it is elsewhere.
      numbers[place] = kinds[rank] === TYPE.tree ? firsts[pack]! + rank : kinds[rank] === 0 ? ABSENT : PRESENT;
    }
    kernel.addIds(oidsOf(index), numbers);
  });
  kernel.addIds(
    loose,
    numbered(loose, (i) => firsts.at(-1)! + i),
  );
  kernel.addIds(
    others,
    numbered(others, () => PRESENT),
  );
};

/** As if the id were not known: one more than it is 0, which marks what is empty. */
const ABSENT = 0xffffffff;

const numbered = (ids: Uint8Array, number: (i: number) => number): Uint32Array =>
  Uint32Array.from({ length: ids.length / 20 }, (_, i) => number(i));

/** Collects what is listed of trees. */
const createCollector = () => {
  const trees = createList();
  const counts = createList();
  const members = createList();
  return {
    note: (number: number, own: Uint32Array): void => {
      trees.push(number);
      counts.push(own.length);
      members.append(own);
    },
    report: (kernel: TreeKernel, isWhole: boolean): TreeReport => {
      const { names, entries, missing, lostTrees } = kernel.known();
      return {
        trees: trees.values(),
        counts: counts.values(),
        members: members.values(),
        names,
        entries,
        missing: missing + lostTrees,
        incomplete: !isWhole || lostTrees > 0,
      };
    },
  };
};

type Note = (rank: number, members: Uint32Array) => void;

/** Reads trees of a pack, each delta once, and lists what is of interest in them. */
export const readTrees = (
  module: WebAssembly.Module,
  search: TreeSearch,
  work: TreeWork,
  isStopped: () => boolean,
): TreeReport => {
  const { kernel, arena } = readerFor(module, search);
  const pack = search.packs[work.pack]!;
  const first = treeNumbers(search.packs)[work.pack]!;
  const collector = createCollector();
  const note: Note = (rank, members) => collector.note(first + rank, members);
  const isWhole = work.ranks.every((rank) => !isStopped() && readPiece(pack, rank, kernel, arena, note));
  return collector.report(kernel, isWhole);
};

/** The same for trees that git has read; in the order of `search.loose`, undefined for one that could not be read. */
export const readLooseTrees = (
  module: WebAssembly.Module,
  search: TreeSearch,
  contents: readonly (Buffer | undefined)[],
): TreeReport => {
  const collector = createCollector();
  if (contents.length === 0) return EMPTY;
  const { kernel } = readerFor(module, search);
  const first = treeNumbers(search.packs).at(-1)!;
  let isWhole = true;
  contents.forEach((bytes, place) => {
    if (bytes) kernel.reserve(kernel.freeAt, bytes.length);
    if (bytes) kernel.memory().set(bytes, kernel.freeAt);
    const members = bytes && kernel.members({ at: kernel.freeAt, length: bytes.length }, 0);
    if (members) collector.note(first + place, members);
    else isWhole = false;
  });
  return collector.report(kernel, isWhole);
};

const NONE = new Uint32Array(0);
const EMPTY: TreeReport = {
  trees: NONE,
  counts: NONE,
  members: NONE,
  names: [],
  entries: new Int32Array(0),
  missing: 0,
  incomplete: false,
};

/** Walks one piece depth first, the heaviest child last. False when something in it can't be read. */
const readPiece = (pack: PackTables, start: number, kernel: TreeKernel, arena: Arena, note: Note): boolean => {
  const open: { readonly tree: Stretch; readonly children: readonly number[]; next: number }[] = [];
  let tree: Stretch | undefined;
  let isWhole = true;
  /** Lists a tree, which is of interest from the start of the piece on; keeps it as long as it has children to make. */
  const enter = (rank: number, made: Made): void => {
    const members = kernel.members(made, made.copies);
    if (members) note(rank, members);
    else isWhole = false;
    const children = members ? wantedChildren(pack, rank) : [];
    if (children.length > 0) open.push({ tree: made, children, next: 0 });
    else arena.release(made.at);
  };
  for (const rank of chainOf(pack, start)) {
    const next = makeTree(kernel, arena, tree, readEntry(pack, rank));
    if (tree) arena.release(tree.at);
    if (!next) return false;
    tree = next;
  }
  // What it was made from is listed by another piece: here everything in it is looked at.
  enter(start, { ...tree!, copies: 0 });
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const rank = top.children[top.next++]!;
    const child = makeTree(kernel, arena, top.tree, readEntry(pack, rank));
    if (top.next === top.children.length) {
      open.pop();
      arena.release(top.tree.at);
    }
    if (child) enter(rank, child);
    else isWhole = false;
  }
  return isWhole;
};

/** A tree, and how many copies from its base it was made of. */
interface Made extends Stretch {
  readonly copies: number;
}

const makeTree = (
  kernel: TreeKernel,
  arena: Arena,
  base: Stretch | undefined,
  entry: StoredEntry | undefined,
): Made | undefined => {
  const data = entry && inflated(kernel, arena, entry);
  if (!data) return undefined;
  if (!base) return { ...data, copies: 0 };
  try {
    const length = kernel.resultSize(base, data);
    const at = length === undefined ? undefined : arena.take(length);
    if (length === undefined || at === undefined) return undefined;
    const copies = kernel.apply(base, data, { at, length });
    return copies === undefined ? released(arena, at) : { at, length, copies };
  } finally {
    arena.release(data.at);
  }
};

/** The inflated data of an entry, which the caller gives back; undefined when it is damaged or there is no room. */
const inflated = (kernel: TreeKernel, arena: Arena, { deflated, size }: StoredEntry): Stretch | undefined => {
  const stored = arena.take(deflated.length);
  if (stored === undefined) return undefined;
  const at = arena.take(size);
  if (at !== undefined) kernel.memory().set(deflated, stored);
  const isWhole = at !== undefined && kernel.inflate({ at: stored, length: deflated.length }, { at, length: size });
  arena.release(stored);
  if (isWhole) return { at, length: size };
  return at === undefined ? undefined : released(arena, at);
};

const released = (arena: Arena, at: number): undefined => {
  arena.release(at);
};

/** Place of the id at `from` among sorted ids; -1 when it is not there. */
const placeIn = (ids: Uint8Array, id: Buffer, from: number): number => {
  let low = 0;
  let high = ids.length / 20;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = id.compare(ids, middle * 20, middle * 20 + 20, from, from + 20);
    if (order === 0) return middle;
    if (order > 0) low = middle + 1;
    else high = middle;
  }
  return -1;
};
