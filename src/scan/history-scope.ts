import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { type HistoryLimits, isUnlimited } from '../sources/git/limits.ts';
import type { OidSet } from '../sources/git/oid-set.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { CleanCache } from './clean-cache.ts';
import type { IsWanted } from './pack-jobs.ts';
import { KNOWN_CLEAN } from './reasons.ts';
import type { SourceRun } from './source-run.ts';

/** Which objects of a history are read. */
export interface HistoryScope {
  /** Undefined when it is all of them. */
  readonly isWanted: IsWanted | undefined;
  /** Objects that hold nothing are to be reported, to be remembered. */
  readonly remember: boolean;
  /** The user asked for a part of the history only. */
  readonly isLimited: boolean;
  /** Names in the receipt what was passed over, and remembers what was clean. */
  finish(): void;
}

/** Works out the scope from the user's limits and from what is remembered of an earlier scan. Throws UsageError, GitError. */
export const historyScope = async (
  repo: Repository,
  limits: HistoryLimits | undefined,
  source: SourceRun,
): Promise<HistoryScope> => {
  const chosen = limits && !isUnlimited(limits) ? await chosenObjects(repo, limits, source) : undefined;
  const cache = await cacheOf(repo, source);
  const known = cache?.load();
  let passed = 0;
  const isWanted = (id: Uint8Array): boolean => {
    if (chosen && !chosen.has(id)) return false;
    if (!known?.has(id)) return true;
    passed++;
    return false;
  };
  return {
    isWanted: chosen || known ? isWanted : undefined,
    remember: cache !== undefined,
    isLimited: chosen !== undefined,
    finish: () => {
      const detail = `${passed} objects that held nothing when the same rules read them; --no-cache reads them again`;
      if (passed > 0) source.tally.skip({ reason: KNOWN_CLEAN, where: '', incomplete: false, detail });
      cache?.add(known, source.tally.clean.splice(0));
    },
  };
};

const chosenObjects = async (
  repo: Repository,
  limits: HistoryLimits,
  { tally, options }: SourceRun,
): Promise<OidSet> => {
  const { limitedObjects } = await import('../sources/git/limits.ts');
  const { objects, complete } = await limitedObjects(repo, limits, { signal: options.signal });
  tally.skip({ reason: 'limited history', where: '', incomplete: false, detail: wordsOf(limits) });
  if (!complete) {
    const detail = 'the trees of some commits can not be read';
    tally.skip({ reason: 'commits not looked up', where: '', incomplete: true, detail });
  }
  return objects;
};

const wordsOf = ({ since, refs, maxCommits, paths }: HistoryLimits): string =>
  [
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(refs.length === 0 ? [] : [`from ${refs.join(', ')}`]),
    ...(maxCommits === undefined ? [] : [`the newest ${maxCommits} commits`]),
    ...(paths.length === 0 ? [] : [`at ${paths.join(', ')}`]),
  ].join(', ');

const cacheOf = async (repo: Repository, { options }: SourceRun): Promise<CleanCache | undefined> => {
  // With --explain every refusal is wanted; they are not remembered, but what is read should be all there is.
  if (options.cacheFolder === undefined || repo.objectFormat !== 'sha1') return undefined;
  const { createCleanCache } = await import('./clean-cache.ts');
  const { rules, only, engine } = options.detector;
  const on = only === undefined ? 'all' : [...only].sort().join(' ');
  return createCleanCache(options.cacheFolder, repo.objectsDir, [decodeRuleSet(rules).hash, on, engine]);
};
