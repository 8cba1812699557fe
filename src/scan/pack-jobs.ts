import { cutPieces, type Piece } from '../sources/git/pack/forest.ts';
import type { OpenPack } from '../sources/git/pack/open-pack.ts';
import { findOid, oidAt, oidBytesAt } from '../sources/git/pack/pack-index.ts';
import type { Snapshot } from '../sources/git/pack/snapshot.ts';
import { type PackTables, TYPE } from '../sources/git/pack/tables.ts';
import type { Job } from './jobs.ts';

/** Work that reads a pack directly: pieces of delta families, each from an entry (by rank) on. */
export interface PackJob {
  readonly type: 'pack';
  readonly pack: PackTables;
  readonly ranks: readonly number[];
  /** Report the ids of objects that held nothing. */
  readonly remember: boolean;
}

/** Asked with the 20 bytes of an id. */
export type IsWanted = (id: Uint8Array) => boolean;

/** Pieces are cut so that there are at least this many of the largest size. */
const LEAST_PIECES = 96;
const LEAST_COST = 1 << 18;
/** A job holds pieces of about this part of the whole work. */
const LEAST_JOBS = 64;

/** Marks what is to be scanned: messages and blobs, each object in one pack only. Returns how many there are. */
const markWanted = (packs: readonly OpenPack[], isWanted: IsWanted | undefined): number => {
  let count = 0;
  packs.forEach(({ tables, order }, number) => {
    const before = packs.slice(0, number);
    tables.wanted.fill(0);
    for (const rank of order) {
      if (tables.kinds[rank] === TYPE.tree || isElsewhere(before, tables, rank)) continue;
      if (isWanted && !isWanted(oidBytesAt(tables.index, tables.ids[rank]!))) continue;
      tables.wanted[rank] = 1;
      count++;
    }
  });
  return count;
};

const isElsewhere = (packs: readonly OpenPack[], { index, ids }: PackTables, rank: number): boolean => {
  if (packs.length === 0) return false;
  const oid = oidBytesAt(index, ids[rank]!);
  return packs.some(({ tables, strays }) => {
    const place = findOid(tables.index, oid);
    return place >= 0 && (strays.length === 0 || !strays.includes(oidAt(tables.index, place)));
  });
};

/**
 * Makes jobs of all that is wanted in the packs of a snapshot. Large pieces come first, so that no thread is left with one
 * at the end.
 */
export const packJobs = (
  { packs }: Snapshot,
  isWanted: IsWanted | undefined,
  remember: boolean,
): { readonly jobs: readonly Job[]; readonly items: number; readonly cost: number } => {
  const items = markWanted(packs, isWanted);
  const bytes = packs.reduce((sum, { tables }) => sum + tables.offsets[tables.count]!, 0);
  const limit = Math.max(LEAST_COST, bytes / LEAST_PIECES);
  const jobs: { readonly job: PackJob; readonly cost: number }[] = [];
  let total = 0;
  for (const { tables, order } of packs) {
    const pieces = cutPieces(tables, order, limit);
    const cost = pieces.reduce((sum, piece) => sum + piece.cost, 0);
    total += cost;
    jobs.push(...jobsOf(tables, pieces, Math.max(LEAST_COST, cost / LEAST_JOBS), remember));
  }
  return { jobs: jobs.sort((a, b) => b.cost - a.cost).map(({ job }) => job), items, cost: total };
};

/** Jobs of neighbouring pieces. */
function* jobsOf(pack: PackTables, pieces: readonly Piece[], size: number, remember: boolean) {
  let ranks: number[] = [];
  let cost = 0;
  for (const piece of pieces) {
    ranks.push(piece.rank);
    cost += piece.cost;
    if (cost < size) continue;
    yield { job: { type: 'pack' as const, pack, ranks, remember }, cost };
    ranks = [];
    cost = 0;
  }
  if (ranks.length > 0) yield { job: { type: 'pack' as const, pack, ranks, remember }, cost };
}
