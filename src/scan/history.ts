import { SourceError } from '../errors.ts';
import { attributeBlobs, attributeCommits } from '../sources/git/attribution.ts';
import { type CommitHistory, readHistory } from '../sources/git/commit-facts.ts';
import { missingObjects, onlyCommits } from '../sources/git/connectivity.ts';
import type { HistoryLimits } from '../sources/git/limits.ts';
import { describeObjects } from '../sources/git/objects.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { Skipped } from '../types.ts';
import { createExcluder } from './exclude.ts';
import { gitJobs, type HistoryPlan, planHistory } from './history-plan.ts';
import { historyScope } from './history-scope.ts';
import { isStoppedSoon } from './interrupt.ts';
import type { FoundItem } from './jobs.ts';
import type { Placed, SourceRun } from './source-run.ts';
import type { SearchedTrees } from './tree-jobs.ts';

/**
 * Scans every object of a repository once, reachable or not, and says which commit brought each finding. With limits only
 * what their commits bring in.
 */
export const scanHistory = async (repo: Repository, source: SourceRun, limits?: HistoryLimits): Promise<Placed[]> => {
  const { tally, options } = source;
  tally.skip(...gapsOf(repo));
  const { signal } = options;
  const scope = await historyScope(repo, limits, source);
  const { isWanted, remember } = scope;
  const backend = options.gitBackend ?? 'auto';
  const { expectMuch } = source;
  const plan = await planHistory(repo, { signal, backend, remember, expectMuch, ...(isWanted ? { isWanted } : {}) });
  tally.skip(...plan.skipped);
  // A partial clone lacks objects by design.
  const isWhole = !scope.isLimited && !repo.partial;
  source.expect({
    items: tally.items + plan.items,
    ...(plan.bytes === undefined ? {} : { bytes: tally.bytes + plan.bytes }),
  });
  const start = tally.found.length;
  const history = createHistory(repo, source);
  const connectivity = createConnectivity(repo, { isWhole, plan, history: history.start }, source);
  try {
    await source.run(plan.jobs, plan.large, 'objects', ({ found }) => {
      // Commits are listed beside the scan as soon as it is known that they will be needed.
      if (found.some(({ matches }) => matches.length > 0)) history.start();
    });
    if (!signal.aborted) await readThroughGit(repo, source);
    scope.finish();
    const found = tally.found.slice(start).filter(({ matches }) => matches.length > 0);
    const trees = signal.aborted ? UNKNOWN_TREES : await connectivity.trees(oidsOf(found, 'blob'));
    if (!signal.aborted) tally.skip(...withoutDoubles(await connectivity.missing(trees), plan.skipped));
    return found.length === 0 ? [] : await placeAll(repo, found, { plan, history: history.start, trees }, source);
  } finally {
    plan.close();
  }
};

/** Reads the commits once, when first asked to. */
const createHistory = (repo: Repository, { options }: SourceRun) => {
  let history: Promise<CommitHistory> | undefined;
  return {
    start: (): Promise<CommitHistory> => {
      if (!history) {
        history = readHistory(repo, { signal: options.signal });
        // Awaited later, if the scan gets as far.
        history.catch(() => undefined);
      }
      return history;
    },
  };
};

const UNKNOWN_TREES: SearchedTrees = { findIntroductions: undefined, isConnected: false };

/**
 * Finds out what is missing of a history. Where packs are read, their trees and commits tell that nothing is, sooner than git
 * does; else git walks them, and knows what is reachable.
 */
const createConnectivity = (
  repo: Repository,
  { isWhole, plan, history }: Omit<Known, 'trees'> & { readonly isWhole: boolean },
  source: SourceRun,
) => {
  const options = { signal: source.options.signal };
  const walk = (): Promise<Skipped[]> => (isWhole ? missingObjects(repo, options) : Promise.resolve([]));
  // Beside the scan; the answer is awaited when it ends, also when it fails.
  const early = plan.packs ? undefined : walk();
  const plainRefs = plan.packs && isWhole ? onlyCommits(repo, options) : undefined;
  if (plainRefs) history().catch(() => undefined);
  for (const pending of [early, plainRefs]) pending?.catch(() => undefined);
  return {
    /** Reads the trees of packs, for the blobs that hold something and to see what is there. */
    trees: async (blobs: ReadonlySet<string>): Promise<SearchedTrees> => {
      if (!plan.packs || (blobs.size === 0 && !isWhole)) return UNKNOWN_TREES;
      const { onProgress } = source.options;
      onProgress?.({ phase: 'commits', items: source.tally.items, bytes: source.tally.bytes });
      try {
        const { searchTrees } = await import('./tree-jobs.ts');
        return await searchTrees(repo, plan, blobs, await history(), source);
      } catch (error) {
        // A history that can't be read is not connected; git says why when it is asked what is missing.
        if (error instanceof SourceError) return UNKNOWN_TREES;
        throw error;
      }
    },
    missing: async (trees: SearchedTrees): Promise<Skipped[]> =>
      trees.isConnected && (await plainRefs) === true ? [] : (early ?? walk()),
  };
};

/** What is known of the repository before its findings are placed. */
interface Known {
  readonly plan: HistoryPlan;
  readonly history: () => Promise<CommitHistory>;
  readonly trees: SearchedTrees;
}

/** What packs could not give: damaged there, too large, or made from such an object. Git may have it elsewhere. */
const readThroughGit = async (repo: Repository, source: SourceRun): Promise<void> => {
  const unread = source.tally.unread.splice(0);
  if (unread.length === 0) return;
  const rest = await gitJobs(repo, describeObjects(repo, unread, { signal: source.options.signal }), {});
  source.tally.skip(...rest.skipped);
  await source.run(rest.jobs, false, 'objects');
};

const withoutDoubles = (lost: readonly Skipped[], known: readonly Skipped[]): Skipped[] => {
  const seen = new Set(known.map(({ where }) => where));
  return lost.filter(({ where }) => where === '' || !seen.has(where));
};

const unplaced = (found: readonly FoundItem[]): Placed[] =>
  found.flatMap(({ origin, matches }) => matches.map((match) => ({ match, origin })));

/** Findings are worth more than where they come from: a damaged or interrupted history must not cost them. */
const placeAll = async (
  repo: Repository,
  found: readonly FoundItem[],
  known: Known,
  source: SourceRun,
): Promise<Placed[]> => {
  const { signal } = source.options;
  if (signal.aborted) return unplaced(found);
  try {
    return await placeFound(repo, found, known, source);
  } catch (error) {
    const interrupted = await isStoppedSoon(() => signal.aborted);
    if (!interrupted) {
      if (!(error instanceof SourceError)) throw error;
      source.tally.skip({ reason: 'commits not looked up', where: '', incomplete: true, detail: error.message });
    }
    return unplaced(found);
  }
};

/** What a clone does not have, so that no scan of it is complete. */
const gapsOf = (repo: Repository): Skipped[] => [
  ...(repo.shallow
    ? [
        {
          reason: 'shallow clone',
          where: '',
          incomplete: true,
          detail: 'older history is not here; fetch it with: git fetch --unshallow',
        },
      ]
    : []),
  ...(repo.partial
    ? [{ reason: 'partial clone', where: '', incomplete: true, detail: 'some objects were never fetched' }]
    : []),
];

const oidsOf = (found: readonly FoundItem[], type: FoundItem['origin']['type']): Set<string> =>
  new Set(found.flatMap(({ origin }) => (origin.type === type && 'oid' in origin ? [origin.oid] : [])));

/** Attributes each item to the commit that introduced it. */
const placeFound = async (
  repo: Repository,
  found: readonly FoundItem[],
  known: Known,
  source: SourceRun,
): Promise<Placed[]> => {
  const { signal, onProgress } = source.options;
  onProgress?.({ phase: 'commits', items: source.tally.items, bytes: source.tally.bytes });
  const messageIds = new Set([...oidsOf(found, 'commit-message'), ...oidsOf(found, 'tag-message')]);
  const blobIds = oidsOf(found, 'blob');
  const commits = known.plan.packs ? await known.history() : undefined;
  const options = { signal, ...(commits ? { history: commits } : {}) };
  const find = known.trees.findIntroductions;
  const blobs = await attributeBlobs(repo, blobIds, { ...options, ...(find ? { findIntroductions: find } : {}) });
  const messages = await attributeCommits(repo, messageIds, options);
  // Blobs are scanned before their paths are known, so what is excluded is left out now.
  const isExcluded = await createExcluder(source.options.exclude);
  return found.flatMap(({ origin, matches }): Placed[] => {
    const oid = 'oid' in origin ? origin.oid : '';
    const blob = blobs.get(oid);
    // A blob that has a name outside of what is excluded is shown by that name.
    const path = blob?.paths.find((name) => !isExcluded(name)) ?? (blob?.paths.length ? undefined : blob?.path);
    if (blob?.path !== undefined && path === undefined) {
      source.tally.skip({ reason: 'excluded', where: blob.path, incomplete: false });
      return [];
    }
    const message = messages.get(oid);
    const commit = blob?.first ?? message?.info;
    const place = {
      origin,
      ...(path === undefined ? {} : { path }),
      ...(commit === undefined ? {} : { commit }),
      reach: blob?.reach ?? message?.reach ?? ('unreachable' as const),
      ...(blob?.note === undefined ? {} : { note: blob.note }),
    };
    return matches.map((match) => ({ match, ...place }));
  });
};
