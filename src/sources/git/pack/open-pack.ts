import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { fillForest } from './forest.ts';
import { checkEntries, fillHeaders } from './headers.ts';
import { oidAt, type PackIndex, packChecksum, readPackIndex, readWhole } from './pack-index.ts';
import { emptyTables, type PackTables, TYPE } from './tables.ts';

/** A pack that can be read here. */
export interface OpenPack {
  readonly tables: PackTables;
  /** Ranks that roots lead to, parents first. */
  readonly order: Uint32Array;
  /** Ids of entries whose chain of deltas can't be followed: git is asked for them. */
  readonly strays: readonly string[];
}

/** A pack that can't: why, and the ids that its index lists, unless that can't be read either. */
export interface ClosedPack {
  readonly name: string;
  readonly reason: string;
  readonly oids: readonly string[] | undefined;
}

/**
 * Opens a pack by its index file and reads its headers. The file stays open: `close` of what is returned ends that.
 * @param most a pack of at most so many bytes is held in memory
 * @returns why not, for a pack that is damaged or of another version
 * @throws what the file system says when a file is gone
 */
export const openPack = (indexFile: string, most: number): OpenPack | ClosedPack => {
  const file = indexFile.replace(/\.idx$/, '.pack');
  const name = path.basename(file);
  let index: PackIndex | undefined;
  let fd: number | undefined;
  try {
    index = readPackIndex(indexFile);
    fd = openSync(file, 'r');
    const size = checkPack(fd, index);
    const tables = emptyTables(name, fd, index, size <= most ? readWhole(fd, size) : undefined);
    fillHeaders(tables, size);
    let order = fillForest(tables);
    // A damaged header could make a tree of a blob, and trees are not scanned. All others are checked when they are read.
    while (checkEntries(tables, TYPE.tree) > 0) order = fillForest(tables);
    return { tables, order, strays: straysOf(tables, order) };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    const known = index;
    const oids = known && Array.from({ length: known.count }, (_, i) => oidAt(known, i));
    return { name, reason: (error as Error).message, oids };
  }
};

/** Header and trailer of a pack must be those that its index was made for. Returns the file's size. */
const checkPack = (fd: number, index: PackIndex): number => {
  const { size } = fstatSync(fd);
  const head = Buffer.alloc(12);
  const trailer = Buffer.alloc(20);
  readSync(fd, head, 0, 12, 0);
  readSync(fd, trailer, 0, 20, Math.max(0, size - 20));
  const version = head.readUInt32BE(4);
  if (head.toString('latin1', 0, 4) !== 'PACK') throw new Error('not a pack');
  if (version !== 2 && version !== 3) throw new Error(`a pack of version ${version}`);
  if (head.readUInt32BE(8) !== index.count) throw new Error('pack and index have different numbers of objects');
  if (!trailer.equals(packChecksum(index))) throw new Error('the index is of another pack, or the pack is cut');
  return size;
};

const straysOf = ({ count, kinds, index, ids }: PackTables, order: Uint32Array): string[] => {
  const strays: string[] = [];
  if (order.length === count) return strays;
  for (let rank = 0; rank < count; rank++) if (kinds[rank] === 0) strays.push(oidAt(index, ids[rank]!));
  return strays;
};
