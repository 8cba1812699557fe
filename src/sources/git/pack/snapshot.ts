import { closeSync, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Repository } from '../repository.ts';
import { objectDirs } from './object-dirs.ts';
import { type ClosedPack, type OpenPack, openPack } from './open-pack.ts';
import { findOid, oidBytes } from './pack-index.ts';

/** All objects of a repository at one moment. */
export interface Snapshot {
  readonly packs: readonly OpenPack[];
  /** Packs that are read through git. */
  readonly closed: readonly ClosedPack[];
  /** Ids that git is asked for, each once: loose objects, and what the packs can't give. */
  readonly others: readonly string[];
  /** False when a pack's index can't be read here, so that `others` lacks what is in it. */
  readonly isListed: boolean;
  /** Can the object be read from one of the packs? */
  isPacked(oid: string): boolean;
  close(): void;
}

/** More open files than this are not asked of the system; the smaller packs are then read through git. */
const MOST_PACKS = 200;
/** Packs are held in memory up to so many bytes: families are scattered, and reading them piece by piece reads much twice. */
const MOST_HELD = 128 << 20;
/** A repository that is repacked again and again is read through git. */
const TRIES = 5;

/**
 * Lists the object directories and opens their packs. Git may repack meanwhile: a listing counts only when the packs are
 * the same before and after it, so that no object falls between them.
 * @returns undefined when git has to list the objects itself
 */
export const takeSnapshot = (repo: Pick<Repository, 'objectsDir' | 'objectFormat'>): Snapshot | undefined => {
  if (repo.objectFormat !== 'sha1') return undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const dirs = objectDirs(repo.objectsDir);
    if (!dirs) return undefined;
    const before = indexFiles(dirs);
    const loose = looseOids(dirs);
    const opened: (OpenPack | ClosedPack)[] = [];
    if (before.length <= MOST_PACKS && openAll(before, opened) && sameFiles(before, indexFiles(dirs))) {
      return snapshotOf(opened, loose);
    }
    closeAll(opened);
  }
  return undefined;
};

/** Bytes of all packs of a repository, as far as they can be seen. */
export const packedBytes = (repo: Pick<Repository, 'objectsDir'>): number =>
  indexFiles(objectDirs(repo.objectsDir) ?? []).reduce(
    (sum, file) => sum + (statSync(file.replace(/\.idx$/, '.pack'), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** False when one of the packs is gone. */
const openAll = (files: readonly string[], opened: (OpenPack | ClosedPack)[]): boolean => {
  let held = 0;
  for (const file of files) {
    try {
      const pack = openPack(file, MOST_HELD - held);
      if ('tables' in pack) held += pack.tables.bytes?.length ?? 0;
      opened.push(pack);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // An index without its pack: git leaves it out too, unless it is being replaced.
      if (existsSync(file) && !existsSync(file.replace(/\.idx$/, '.pack'))) continue;
      return false;
    }
  }
  return true;
};

const closeAll = (packs: readonly (OpenPack | ClosedPack)[]): void => {
  for (const pack of packs) if ('tables' in pack) closeSync(pack.tables.fd);
};

const sameFiles = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((file, i) => file === b[i]);

const entriesOf = (dir: string): string[] => {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

const indexFiles = (dirs: readonly string[]): string[] =>
  dirs.flatMap((dir) =>
    entriesOf(path.join(dir, 'pack'))
      .filter((name) => /^pack-.*\.idx$/.test(name))
      .sort()
      .map((name) => path.join(dir, 'pack', name)),
  );

const looseOids = (dirs: readonly string[]): string[] =>
  dirs.flatMap((dir) =>
    entriesOf(dir)
      .filter((name) => /^[0-9a-f]{2}$/.test(name))
      .flatMap((prefix) =>
        entriesOf(path.join(dir, prefix))
          .filter((name) => /^[0-9a-f]{38}$/.test(name))
          .map((name) => prefix + name),
      ),
  );

const snapshotOf = (opened: readonly (OpenPack | ClosedPack)[], loose: readonly string[]): Snapshot => {
  // The largest first: what is in several packs is read from it.
  const packs = opened.filter((pack) => 'tables' in pack).sort((a, b) => b.tables.count - a.tables.count);
  const closed = opened.filter((pack) => 'reason' in pack);
  const readable = packs.map(({ tables, strays }) => ({ index: tables.index, strays: new Set(strays) }));
  const isPacked = (oid: string) => {
    const bytes = oidBytes(oid);
    return readable.some(({ index, strays }) => findOid(index, bytes) >= 0 && !strays.has(oid));
  };
  const others = new Set([
    ...loose,
    ...closed.flatMap(({ oids }) => oids ?? []),
    ...packs.flatMap((pack) => pack.strays),
  ]);
  return {
    packs,
    closed,
    others: [...others].filter((oid) => !isPacked(oid)),
    isListed: closed.every(({ oids }) => oids !== undefined),
    isPacked,
    close: () => closeAll(packs),
  };
};
