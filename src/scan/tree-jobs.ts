import { readObjects } from '../sources/git/cat-file.ts';
import type { CommitHistory } from '../sources/git/commit-facts.ts';
import { cutPieces, type Piece } from '../sources/git/pack/forest.ts';
import { createFindIntroductions, type FindIntroductions } from '../sources/git/pack/introductions.ts';
import type { OpenPack } from '../sources/git/pack/open-pack.ts';
import {
  readLooseTrees,
  type TreeSearch,
  type TreeWork,
  treeNumber,
  treeNumbers,
} from '../sources/git/pack/read-trees.ts';
import { TYPE } from '../sources/git/pack/tables.ts';
import type { TreeReport } from '../sources/git/pack/tree-entries.ts';
import { createTreeIndex } from '../sources/git/pack/tree-index.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { HistoryPlan } from './history-plan.ts';
import type { SourceRun } from './source-run.ts';

/** Work that looks for blobs in the trees of a pack. */
export interface TreeJob extends TreeWork {
  readonly type: 'trees';
  readonly search: TreeSearch;
}

const PIECES = 64;
const LEAST_COST = 1 << 18;
const LARGE_COST = 4 << 20;
/** Trees hold more entries than this: git, which keeps less in memory, compares them then. */
const MOST_MEMBERS = 24_000_000;
const MAX_TREE = 64 << 20;

/** What the trees of a repository tell. */
export interface SearchedTrees {
  /** Finds the commits of the blobs that were looked for; undefined when git has to compare the trees. */
  readonly findIntroductions: FindIntroductions | undefined;
  /** Everything that trees and commits lead to is there: nothing is missing. */
  readonly isConnected: boolean;
}

const UNKNOWN: SearchedTrees = { findIntroductions: undefined, isConnected: false };

/** Reads all trees of a repository through its packs, and looks for blobs in them. */
export const searchTrees = async (
  repo: Repository,
  { packs, looseTrees, looseOthers }: HistoryPlan,
  oids: ReadonlySet<string>,
  history: CommitHistory,
  source: SourceRun,
): Promise<SearchedTrees> => {
  if (!packs) return UNKNOWN;
  const search: TreeSearch = {
    packs: packs.map(({ tables }) => tables),
    wanted: joined(oids),
    loose: joined(looseTrees),
    others: joined(looseOthers),
    serial: searches++,
  };
  const { jobs, cost } = treeJobs(packs, search);
  const reports: TreeReport[] = [];
  let members = 0;
  await source.run(jobs, cost > LARGE_COST, 'commits', ({ trees }) => {
    if (!trees) return;
    members += trees.members.length;
    reports.push(members > MOST_MEMBERS ? { ...trees, incomplete: true } : trees);
  });
  reports.push(await looseReport(repo, search, looseTrees, source));
  if (source.options.signal.aborted || reports.some(({ incomplete }) => incomplete)) return UNKNOWN;
  const isConnected = reports.every(({ missing }) => missing === 0) && hasTrees(history, search);
  if (oids.size === 0) return { findIntroductions: undefined, isConnected };
  const numbers = treeNumbers(search.packs).at(-1)! + looseTrees.length;
  const index = createTreeIndex(reports, numbers);
  const { signal } = source.options;
  return { findIntroductions: createFindIntroductions(repo, search, index, history, { signal }), isConnected };
};

let searches = 0;

/** Are the trees of all commits there, and the commits that they build on? */
const hasTrees = (history: CommitHistory, search: TreeSearch): boolean => {
  const firsts = treeNumbers(search.packs);
  return history.oids.every(
    (_, place) => history.parentsOf(place) !== undefined && treeNumber(search, firsts, history.treeOf(place)) >= 0,
  );
};

/** Sorted ids, 20 bytes each, in memory that threads share. */
const joined = (oids: Iterable<string>): Uint8Array => {
  const sorted = [...oids].sort();
  const bytes = new Uint8Array(new SharedArrayBuffer(sorted.length * 20));
  sorted.forEach((oid, i) => {
    bytes.set(Buffer.from(oid, 'hex'), i * 20);
  });
  return bytes;
};

const treeJobs = (packs: readonly OpenPack[], search: TreeSearch): { jobs: TreeJob[]; cost: number } => {
  const work: { readonly pack: number; readonly pieces: readonly Piece[] }[] = packs.map(({ tables, order }, pack) => {
    // An id may be in several packs; a tree of any of them may name it, so each is read where it is.
    for (const rank of order) tables.wanted[rank] = tables.kinds[rank] === TYPE.tree ? 1 : 0;
    return { pack, pieces: cutPieces(tables, order, Math.max(LEAST_COST, tables.offsets[tables.count]! / 256)) };
  });
  const cost = work.reduce((sum, { pieces }) => sum + pieces.reduce((part, piece) => part + piece.cost, 0), 0);
  const size = Math.max(LEAST_COST, cost / PIECES);
  const jobs: TreeJob[] = [];
  for (const { pack, pieces } of work) {
    let ranks: number[] = [];
    let filled = 0;
    for (const [i, piece] of pieces.entries()) {
      ranks.push(piece.rank);
      filled += piece.cost;
      if (filled < size && i < pieces.length - 1) continue;
      jobs.push({ type: 'trees', search, pack, ranks });
      ranks = [];
      filled = 0;
    }
  }
  return { jobs, cost };
};

const looseReport = async (
  repo: Repository,
  search: TreeSearch,
  oids: readonly string[],
  { options }: SourceRun,
): Promise<TreeReport> => {
  const contents: (Buffer | undefined)[] = [];
  const { signal } = options;
  if (oids.length > 0) {
    for await (const object of readObjects(repo, [...oids].sort(), { maxBytes: MAX_TREE, signal })) {
      contents.push('bytes' in object ? Buffer.from(object.bytes) : undefined);
    }
  }
  return readLooseTrees(options.detector.kernel, search, contents);
};
