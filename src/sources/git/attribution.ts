import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitInfo, Reach } from '../../types.ts';
import { pathFromBytes } from '../path-bytes.ts';
import type { CommitHistory } from './commit-facts.ts';
import { commitInfos, readMessages } from './commits.ts';
import { visitIntroductions } from './introductions.ts';
import { listObjects } from './objects.ts';
import type { FindIntroductions } from './pack/introductions.ts';
import { indexBlobs, listRefs, type Ref, treeBlobs } from './refs.ts';
import type { Repository } from './repository.ts';
import { historyOldestFirst, oldestFirst, visitCommits } from './rev-list.ts';
import { GitError } from './run.ts';

export { commitInfos } from './commits.ts';
export { attributeCommits, type MessageHistory } from './message-attribution.ts';

export interface BlobHistory {
  /** The earliest commit (parents before children, then by commit date) that brings the blob in, if any does. */
  readonly first: CommitInfo | undefined;
  /** Where it stands at HEAD; else where the first commit has it; else where the index has it. */
  readonly path: string | undefined;
  /** Every path it was ever brought in at, at most PATHS_KEPT; those at HEAD first, then oldest first. */
  readonly paths: readonly string[];
  /** 'history only': a ref reaches it. 'unreachable': at most a reflog, the index or nothing does. */
  readonly reach: Reach;
  /** What keeps it, where that is not a branch's history; or why its first commit is unknown. */
  readonly note?: string;
}

interface Options {
  readonly signal?: AbortSignal;
  /** The commits of all refs in their order, when they were read before. */
  readonly history?: CommitHistory;
  /** A faster way to what visitIntroductions() finds. */
  readonly findIntroductions?: FindIntroductions;
}

/** Paths kept for a blob that stands in many places. */
export const PATHS_KEPT = 100;

/** Paths collected for a blob before they are sorted and cut. */
const PATHS_COLLECTED = 10_000;

const CUT_OFF = 'part of the history could not be read, so its first commit is unknown';

/** What is known of one blob while the passes go on. */
interface Found {
  readonly headPaths: string[];
  /** Path to the lowest place of a commit that brings the blob in there. */
  readonly paths: Map<string, number>;
  order: number;
  first: string | undefined;
  reach: Reach | undefined;
  note: string | undefined;
}

/**
 * Finds for each blob where it came from and whether it is still there. Looks at HEAD's tree, then at commits that refs
 * reach (every ref, the stash and the HEADs of all worktrees), merges only for blobs that no other commit brings in;
 * then, for what is still not found, at refs to blobs and trees, reflogs, the index and unreachable commits.
 * Every id of `oids` is in the answer. Commits with unreadable trees are passed over, which `note` says.
 */
export async function attributeBlobs(
  repo: Repository,
  oids: ReadonlySet<string>,
  options: Options = {},
): Promise<Map<string, BlobHistory>> {
  const found = new Map([...oids].map((oid) => [oid, emptyFound()]));
  if (found.size === 0) return new Map();
  const refs = await listRefs(repo, options);
  await findAtHead(repo, found, options);
  const complete = await findInCommits(repo, found, refs, options);
  return finish(repo, found, complete, options);
}

async function findInCommits(
  repo: Repository,
  found: Map<string, Found>,
  refs: readonly Ref[],
  options: Options,
): Promise<boolean> {
  const search = async (wanted: ReadonlySet<string>, commits: readonly string[], reach: Reach, note?: string) => {
    const order = new Map(commits.map((oid, at) => [oid, at]));
    const visit = (oid: string, commit: string, path: Buffer) => {
      addIntroduction(found.get(oid)!, commit, order.get(commit)!, path, reach, note);
    };
    if (wanted.size === 0 || commits.length === 0) return true;
    return (
      (await options.findIntroductions?.(commits, wanted, visit)) ??
      visitIntroductions(repo, commits, wanted, visit, options)
    );
  };
  const { ordinary, merges } = options.history ? split(options.history) : await historyOldestFirst(repo, options);
  let complete = await search(new Set(found.keys()), ordinary, 'history only');
  await findInRefs(repo, found, refs, options);
  complete = (await search(withoutCommit(found), merges, 'history only')) && complete;
  await noteStash(repo, found, refs, options);
  let lost = withoutPlace(found);
  if (lost.size > 0) {
    const reflog = await oldestFirst(repo, ['--reflog', '--not', '--all'], options);
    complete = (await search(lost, reflog, 'unreachable', 'only a reflog still leads to it')) && complete;
  }
  await findInIndex(repo, found, options);
  lost = withoutPlace(found);
  if (lost.size > 0) {
    const commits = await unreachableCommits(repo, options);
    complete = (await search(lost, commits, 'unreachable', 'in a commit that no ref or reflog leads to')) && complete;
  }
  return complete;
}

/** Ordinary commits and merges, each in the order of the history. */
function split(history: CommitHistory): { ordinary: string[]; merges: string[] } {
  const ordinary: string[] = [];
  const merges: string[] = [];
  history.oids.forEach((oid, place) => {
    (history.parentCount(place) > 1 ? merges : ordinary).push(oid);
  });
  return { ordinary, merges };
}

function emptyFound(): Found {
  return { headPaths: [], paths: new Map(), order: Infinity, first: undefined, reach: undefined, note: undefined };
}

function addIntroduction(
  blob: Found,
  commit: string,
  order: number,
  pathBytes: Buffer,
  reach: Reach,
  note: string | undefined,
): void {
  const path = pathFromBytes(pathBytes);
  const known = blob.paths.get(path);
  if (known === undefined ? blob.paths.size < PATHS_COLLECTED : order < known) blob.paths.set(path, order);
  if (order < blob.order) {
    blob.order = order;
    blob.first = commit;
  }
  blob.reach ??= reach;
  blob.note ??= note;
}

/** Blobs that a merge may have brought in: no commit is known for them, and no ref names them directly. */
function withoutCommit(found: ReadonlyMap<string, Found>): Set<string> {
  const open = [...found].filter(([, blob]) => blob.first === undefined && blob.reach !== 'history only');
  return new Set(open.map(([oid]) => oid));
}

/** Blobs nothing is known of. */
function withoutPlace(found: ReadonlyMap<string, Found>): Set<string> {
  return new Set([...found].filter(([, blob]) => blob.reach === undefined).map(([oid]) => oid));
}

async function findAtHead(repo: Repository, found: Map<string, Found>, options: Options): Promise<void> {
  if (repo.head === undefined) return;
  const visit = (oid: string, path: Buffer) => {
    const blob = found.get(oid);
    if (blob === undefined) return;
    blob.reach = 'at HEAD';
    if (blob.headPaths.length < PATHS_KEPT) blob.headPaths.push(pathFromBytes(path));
  };
  await readableTree(treeBlobs(repo, repo.head, visit, options));
}

/** A tree that is missing or damaged names no blobs; the passes over commits report it. */
async function readableTree(reading: Promise<void>): Promise<void> {
  await reading.catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error;
  });
}

async function noteStash(
  repo: Repository,
  found: Map<string, Found>,
  refs: readonly Ref[],
  options: Options,
): Promise<void> {
  if (!refs.some((ref) => ref.name === 'refs/stash')) return;
  const stashed = new Set(await oldestFirst(repo, ['refs/stash', '--not', '--exclude=refs/stash', '--all'], options));
  for (const blob of found.values()) {
    if (blob.first !== undefined && stashed.has(blob.first)) blob.note ??= 'only the stash leads to it';
  }
}

/** Refs and tags may name blobs and trees directly, without a commit. */
async function findInRefs(
  repo: Repository,
  found: Map<string, Found>,
  refs: readonly Ref[],
  options: Options,
): Promise<void> {
  const missing = withoutPlace(found);
  for (const ref of missing.size === 0 ? [] : refs) {
    const visit = (oid: string, path?: Buffer) => {
      const blob = missing.has(oid) ? found.get(oid) : undefined;
      if (blob === undefined) return;
      blob.reach = 'history only';
      blob.note ??= `${ref.name} names it directly`;
      if (path !== undefined && blob.paths.size < PATHS_COLLECTED) blob.paths.set(pathFromBytes(path), Infinity);
    };
    if (ref.peeledType === 'blob') visit(ref.peeled);
    if (ref.peeledType === 'tree') await readableTree(treeBlobs(repo, ref.peeled, visit, options));
  }
}

async function findInIndex(repo: Repository, found: Map<string, Found>, options: Options): Promise<void> {
  const missing = withoutPlace(found);
  if (repo.workTree === undefined || missing.size === 0) return;
  const visit = (oid: string, path: Buffer) => {
    const blob = missing.has(oid) ? found.get(oid) : undefined;
    if (blob === undefined) return;
    blob.reach = 'unreachable';
    blob.note = 'staged in the index, in no commit';
    blob.paths.set(pathFromBytes(path), Infinity);
  };
  await indexBlobs(repo, visit, options);
}

/** Commits that no ref and no reflog leads to, oldest first. */
async function unreachableCommits(repo: Repository, options: Options): Promise<string[]> {
  const commits = new Set<string>();
  for await (const batch of listObjects(repo, options)) {
    for (const { oid, type } of batch) if (type === 'commit') commits.add(oid);
  }
  await visitCommits(repo, ['--all', '--reflog'], options, (oid) => {
    commits.delete(oid);
  });
  const times = await readMessages(repo, commits, options);
  return [...commits].sort((a, b) => (times.get(a)?.time ?? 0) - (times.get(b)?.time ?? 0) || (a < b ? -1 : 1));
}

async function finish(
  repo: Repository,
  found: ReadonlyMap<string, Found>,
  complete: boolean,
  options: Options,
): Promise<Map<string, BlobHistory>> {
  const firsts = new Set([...found.values()].flatMap((blob) => blob.first ?? []));
  const infos = await commitInfos(repo, firsts, options);
  if (repo.shallow) noteShallow(repo, found);
  return new Map([...found].map(([oid, blob]) => [oid, history(blob, infos, complete)]));
}

/** A commit at the border of a shallow clone seems to bring in all that it holds. */
function noteShallow(repo: Repository, found: ReadonlyMap<string, Found>): void {
  const border = new Set(readFileSync(join(repo.commonDir, 'shallow'), 'latin1').split('\n'));
  for (const blob of found.values()) {
    if (blob.first !== undefined && border.has(blob.first)) {
      blob.note ??= 'the clone is shallow: an older commit may have brought it in';
    }
  }
}

function history(blob: Found, infos: ReadonlyMap<string, CommitInfo>, complete: boolean): BlobHistory {
  const byAge = [...blob.paths].sort((a, b) => (a[1] === b[1] ? (a[0] < b[0] ? -1 : 1) : a[1] - b[1]));
  const paths = [...new Set([...blob.headPaths, ...byAge.map(([path]) => path)])].slice(0, PATHS_KEPT);
  const unknown = complete ? 'no commit or index names it' : CUT_OFF;
  const note = blob.note ?? (blob.reach === undefined ? unknown : undefined);
  const late = note ?? (!complete && blob.first === undefined ? CUT_OFF : undefined);
  return {
    first: blob.first === undefined ? undefined : infos.get(blob.first),
    path: paths[0],
    paths,
    reach: blob.reach ?? 'unreachable',
    ...(late === undefined ? {} : { note: late }),
  };
}
