import { type Arena, createArena } from '../../../arena.ts';
import { chainOf, wantedChildren } from './forest.ts';
import { findOid } from './pack-index.ts';
import { readEntry, type StoredEntry } from './read-entry.ts';
import type { PackTables } from './tables.ts';
import { canonicalMode, createEntryTable, createList, TREE_MODE, type TreeReport } from './tree-entries.ts';
import { createTreeKernel, type Stretch, type TreeKernel } from './tree-kernel.ts';

/** What is looked for in trees. */
export interface TreeSearch {
  readonly packs: readonly PackTables[];
  /** Ids of blobs, 20 bytes each, ascending. Sent to threads as it is. */
  readonly wanted: Uint8Array;
  /** Ids of trees that are in no pack, in the same form. */
  readonly loose: Uint8Array;
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

/** A tree in memory, with its entries of interest: offsets, and their numbers in the table. */
interface Held extends Stretch {
  readonly offsets: readonly number[];
  readonly members: readonly number[];
}

/** What a thread has read. */
const createCollector = (kernel: TreeKernel, search: TreeSearch, own: number) => {
  const trees = createList();
  const counts = createList();
  const members = createList();
  const table = createEntryTable();
  const resolve = createResolver(kernel, search, table, own);
  return {
    resolve,
    note: (number: number, tree: Held): void => {
      trees.push(number);
      counts.push(tree.members.length);
      for (const member of tree.members) members.push(member);
    },
    report: (isWhole: boolean): TreeReport => ({
      trees: trees.values(),
      counts: counts.values(),
      members: members.values(),
      names: table.names,
      entries: Int32Array.from(table.entries),
      incomplete: !isWhole || resolve.isIncomplete(),
    }),
  };
};

/** Reads trees of a pack, each delta once, and lists what is of interest in them. */
export const readTrees = (
  module: WebAssembly.Module,
  search: TreeSearch,
  work: TreeWork,
  isStopped: () => boolean,
): TreeReport => {
  const kernel = createTreeKernel(module, search.wanted);
  const arena = createArena(kernel.freeAt, ROOM, kernel.reserve);
  const pack = search.packs[work.pack]!;
  const first = treeNumbers(search.packs)[work.pack]!;
  const collector = createCollector(kernel, search, work.pack);
  const made = (base: Held | undefined, rank: number): Held | undefined => {
    const entry = readEntry(pack, rank);
    return entry && makeTree(kernel, arena, base, entry, collector.resolve);
  };
  const note = (rank: number, tree: Held) => collector.note(first + rank, tree);
  const isWhole = work.ranks.every((rank) => !isStopped() && readPiece(pack, rank, arena, made, note));
  return collector.report(isWhole);
};

/** The same for trees that git has read; in the order of `search.loose`, undefined for one that could not be read. */
export const readLooseTrees = (
  module: WebAssembly.Module,
  search: TreeSearch,
  contents: readonly (Buffer | undefined)[],
): TreeReport => {
  const kernel = createTreeKernel(module, search.wanted);
  const first = treeNumbers(search.packs).at(-1)!;
  const collector = createCollector(kernel, search, 0);
  let isWhole = true;
  contents.forEach((bytes, place) => {
    if (bytes) kernel.reserve(kernel.freeAt, bytes.length);
    if (bytes) kernel.memory().set(bytes, kernel.freeAt);
    const stretch = bytes && { at: kernel.freeAt, length: bytes.length };
    const tree = stretch && listed(kernel, stretch, undefined, undefined, collector.resolve);
    if (tree) collector.note(first + place, tree);
    else isWhole = false;
  });
  return collector.report(isWhole);
};

/** Walks one piece depth first, the heaviest child last. False when something in it can't be read. */
const readPiece = (
  pack: PackTables,
  start: number,
  arena: Arena,
  made: (base: Held | undefined, rank: number) => Held | undefined,
  note: (rank: number, tree: Held) => void,
): boolean => {
  const open: { readonly tree: Held; readonly children: readonly number[]; next: number }[] = [];
  const enter = (rank: number, tree: Held) => {
    note(rank, tree);
    const children = wantedChildren(pack, rank);
    if (children.length > 0) open.push({ tree, children, next: 0 });
    else arena.release(tree.at);
  };
  let tree: Held | undefined;
  for (const rank of chainOf(pack, start)) {
    const next = made(tree, rank);
    if (tree) arena.release(tree.at);
    if (!next) return false;
    tree = next;
  }
  enter(start, tree!);
  let whole = true;
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const rank = top.children[top.next++]!;
    const child = made(top.tree, rank);
    if (top.next === top.children.length) {
      open.pop();
      arena.release(top.tree.at);
    }
    if (child) enter(rank, child);
    else whole = false;
  }
  return whole;
};

type Resolver = ReturnType<typeof createResolver>;

const makeTree = (
  kernel: TreeKernel,
  arena: Arena,
  base: Held | undefined,
  entry: StoredEntry,
  resolve: Resolver,
): Held | undefined => {
  const data = inflated(kernel, arena, entry);
  if (!data) return undefined;
  if (!base) return listed(kernel, data, undefined, undefined, resolve) ?? released(arena, data.at);
  try {
    const length = kernel.resultSize(base, data);
    const at = length === undefined ? undefined : arena.take(length);
    if (length === undefined || at === undefined) return undefined;
    const runs = kernel.apply(base, data, { at, length });
    const tree = runs && listed(kernel, { at, length }, base, runs, resolve);
    return tree ?? released(arena, at);
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

/** Lists the entries of a tree; those that were copied whole from the base are known from there. */
const listed = (
  kernel: TreeKernel,
  tree: Stretch,
  base: Held | undefined,
  runs: Uint32Array | undefined,
  resolve: Resolver,
): Held | undefined => {
  const found = kernel.entries(tree);
  if (!found) return undefined;
  const offsets: number[] = [];
  const members: number[] = [];
  let run = 0;
  let own = -1;
  for (let i = 0; i < found.length; i += 2) {
    const [offset, zero] = [found[i]!, found[i + 1]!];
    let member = -1;
    if (base && runs) {
      while (run < runs.length && runs[run]! + runs[run + 2]! <= offset) {
        run += 3;
        own = -1;
      }
      if (run < runs.length && runs[run]! <= offset && zero + 21 <= runs[run]! + runs[run + 2]!) {
        const place = offset - runs[run]! + runs[run + 1]!;
        if (own < 0) own = 0;
        while (own < base.offsets.length && base.offsets[own]! < place) own++;
        if (base.offsets[own] === place) member = base.members[own]!;
      }
    }
    if (member < 0) member = resolve(tree.at + offset, tree.at + zero);
    if (member < 0) continue;
    offsets.push(offset);
    members.push(member);
  }
  return { ...tree, offsets, members };
};

/** Makes table entries of entries in memory; -1 for what is not of interest after all. */
const createResolver = (
  kernel: TreeKernel,
  search: TreeSearch,
  table: ReturnType<typeof createEntryTable>,
  own: number,
) => {
  const firsts = treeNumbers(search.packs);
  let incomplete = false;
  const resolve = (at: number, zero: number): number => {
    const memory = kernel.memory();
    const blank = memory.indexOf(32, at);
    const mode = canonicalMode(memory.toString('latin1', at, blank));
    const isTree = mode === TREE_MODE;
    const target = isTree
      ? treeNumber(search, firsts, memory, zero + 1, own)
      : placeIn(search.wanted, memory, zero + 1);
    if (target < 0 && isTree) incomplete = true;
    return target < 0 ? -1 : table.add(memory.toString('latin1', blank + 1, zero), mode, target);
  };
  return Object.assign(resolve, { isIncomplete: () => incomplete });
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
