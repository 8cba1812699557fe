import { UsageError } from '../../errors.ts';
import { visitIntroductions } from './introductions.ts';
import { type OidSet, oidSetOf } from './oid-set.ts';
import type { Repository } from './repository.ts';
import { GitError, gitLines } from './run.ts';

/** Which part of a history is scanned; all of it where nothing is given. */
export interface HistoryLimits {
  /** A date that git reads: 2026-01-31, "2 weeks ago". */
  readonly since?: string;
  /** Branches, tags or other revisions; all refs when empty. */
  readonly refs: readonly string[];
  /** The newest commits, this many. */
  readonly maxCommits?: number;
  /** Files and folders, as they are called from the top of the repository. */
  readonly paths: readonly string[];
}

type Options = { readonly signal?: AbortSignal };

/** True when nothing is limited. */
export const isUnlimited = ({ since, refs, maxCommits, paths }: HistoryLimits): boolean =>
  since === undefined && refs.length === 0 && maxCommits === undefined && paths.length === 0;

/**
 * What the commits within the limits bring in: blobs that none of a commit's parents has at the same path, and the commits
 * themselves. `complete` is false when commits had to be left out because their trees can't be read. Throws UsageError for a
 * revision that is not there, GitError.
 */
export const limitedObjects = async (
  repo: Pick<Repository, 'dir'>,
  limits: HistoryLimits,
  options: Options = {},
): Promise<{ readonly objects: OidSet; readonly complete: boolean }> => {
  const starts = await Promise.all(limits.refs.map((ref) => commitOf(repo, ref, options)));
  const commits = await gitLines(
    [
      'rev-list',
      '--ignore-missing',
      ...(limits.since === undefined ? [] : [`--since=${limits.since}`]),
      ...(limits.maxCommits === undefined ? [] : [`--max-count=${limits.maxCommits}`]),
      ...(starts.length > 0 ? starts : ['--all']),
    ],
    { cwd: repo.dir, ...options },
  );
  const oids = new Set<string>(limits.paths.length > 0 ? [] : commits);
  const all = { has: () => true, size: 1 };
  const visit = (oid: string, commit: string) => {
    oids.add(oid);
    oids.add(commit);
  };
  const complete = await visitIntroductions(repo, commits, all, visit, { ...options, paths: limits.paths });
  return { objects: oidSetOf(oids), complete };
};

const commitOf = async (repo: Pick<Repository, 'dir'>, ref: string, options: Options): Promise<string> => {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
    const [oid = ''] = await gitLines(args, { cwd: repo.dir, ...options });
    return oid;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`no such branch, tag or commit: ${ref}`);
  }
};
