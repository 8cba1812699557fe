import { describeObjects, listObjects, type ObjectEntry } from '../sources/git/objects.ts';
import type { OpenPack } from '../sources/git/pack/open-pack.ts';
import type { Snapshot } from '../sources/git/pack/snapshot.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { Skipped } from '../types.ts';
import type { Job } from './jobs.ts';
import type { GitBackend } from './options.ts';
import type { IsWanted } from './pack-jobs.ts';

/** A job of git holds neighbours in the pack, so that git's cache of delta bases serves them. */
const BYTES_PER_JOB = 48 << 20;
const OBJECTS_PER_JOB = 20_000;
/** Repositories with more content than this are spread over threads. */
const LARGE_BYTES = 24 << 20;
/** The same for compressed content. */
const LARGE_COST = 4 << 20;

/** What is to be read of a repository, as jobs. */
export interface HistoryPlan {
  readonly jobs: readonly Job[];
  readonly items: number;
  /** Bytes of content, where they are known before reading. */
  readonly bytes: number | undefined;
  /** Worth threads from the start. */
  readonly large: boolean;
  readonly skipped: readonly Skipped[];
  /** The packs that are read directly, and ids of the trees and of the other objects that are in none of them. */
  readonly packs?: readonly OpenPack[];
  readonly looseTrees: readonly string[];
  readonly looseOthers: readonly string[];
  /** Ends what the jobs need. */
  close(): void;
}

interface PlanOptions {
  readonly signal: AbortSignal;
  readonly backend: GitBackend;
  /** Objects that are to be read; all when undefined. */
  readonly isWanted?: IsWanted;
  /** Report what held nothing. */
  readonly remember?: boolean;
  /** Called as soon as it is clear that all threads will have work. */
  readonly expectMuch?: () => Promise<void>;
}

/** Lists the objects worth reading: blobs and messages, each once; trees hold names only. Packs are read directly. */
export const planHistory = async (repo: Repository, options: PlanOptions): Promise<HistoryPlan> => {
  const snapshot = options.backend === 'cat-file' ? undefined : await snapshotOf(repo, options);
  if (!snapshot) {
    const plan = await gitJobs(repo, listObjects(repo, options), options);
    return { ...plan, looseTrees: [], looseOthers: [], large: plan.bytes > LARGE_BYTES, close: () => undefined };
  }
  try {
    return await planPacks(repo, snapshot, options);
  } catch (error) {
    snapshot.close();
    throw error;
  }
};

const snapshotOf = async (repo: Repository, { expectMuch, isWanted }: PlanOptions): Promise<Snapshot | undefined> => {
  const { packedBytes, takeSnapshot } = await import('../sources/git/pack/snapshot.ts');
  // Where the last scan is remembered, or limits leave some out, there may be little to read all the same.
  if (!isWanted && packedBytes(repo) > LARGE_COST) await expectMuch?.();
  return takeSnapshot(repo);
};

const planPacks = async (repo: Repository, snapshot: Snapshot, options: PlanOptions): Promise<HistoryPlan> => {
  const { packJobs } = await import('./pack-jobs.ts');
  const direct = packJobs(snapshot, options.isWanted, options.remember ?? false);
  const listing = snapshot.isListed
    ? describeObjects(repo, snapshot.others, options)
    : unpacked(listObjects(repo, options), snapshot);
  const others = await gitJobs(repo, listing, options);
  return {
    jobs: [...direct.jobs, ...others.jobs],
    items: direct.items + others.items,
    bytes: direct.items === 0 ? others.bytes : undefined,
    large: direct.cost > LARGE_COST || others.bytes > LARGE_BYTES,
    packs: snapshot.packs,
    looseTrees: others.trees,
    looseOthers: others.others,
    skipped: [...others.skipped, ...snapshot.closed.map(damageOf)],
    close: snapshot.close,
  };
};

/** What the packs that can be read do not hold. */
async function* unpacked(entries: AsyncIterable<ObjectEntry[]>, snapshot: Snapshot): AsyncGenerator<ObjectEntry[]> {
  for await (const batch of entries) yield batch.filter(({ oid }) => !snapshot.isPacked(oid));
}

/** Named for whoever mends the repository. What is lost by it is counted object by object. */
const damageOf = ({ name, reason }: Snapshot['closed'][number]): Skipped => ({
  reason: 'pack read through git',
  where: name,
  incomplete: false,
  detail: reason,
});

/** Jobs that read objects through git. */
export const gitJobs = async (
  repo: Repository,
  listing: AsyncIterable<ObjectEntry[]>,
  { isWanted }: Pick<PlanOptions, 'isWanted'>,
) => {
  const jobs: Job[] = [];
  const skipped: Skipped[] = [];
  const trees: string[] = [];
  const others: string[] = [];
  let oids: string[] = [];
  let size = 0;
  let bytes = 0;
  let items = 0;
  const close = () => {
    if (oids.length > 0) jobs.push({ type: 'objects', dir: repo.dir, oids: oids.join(' ') });
    oids = [];
    size = 0;
  };
  for await (const entries of listing) {
    for (const entry of entries) {
      if (entry.type === 'tree') trees.push(entry.oid);
      else if (entry.type !== 'missing') others.push(entry.oid);
      if (entry.type === 'tree' || (isWanted && !isWanted(Buffer.from(entry.oid, 'hex')))) continue;
      if (entry.type === 'missing') {
        skipped.push({ reason: 'missing object', where: entry.oid, incomplete: true });
        continue;
      }
      oids.push(entry.oid);
      size += entry.size;
      bytes += entry.size;
      items++;
      if (size >= BYTES_PER_JOB || oids.length >= OBJECTS_PER_JOB) close();
    }
  }
  close();
  return { jobs, bytes, items, skipped, trees, others };
};
