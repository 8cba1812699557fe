import type { Skipped } from '../../types.ts';
import type { Repository } from './repository.ts';
import { GitError, gitLines } from './run.ts';

/** Entries with an object each; a repository that lost more has its first ones listed. */
const LISTED = 1000;

/**
 * Do all refs name commits, or tags of commits, that are there? Trees and commits then tell what is missing; what a tag of a
 * tree or a blob names, only git can tell. Throws GitError when it was interrupted.
 */
export async function onlyCommits(
  repo: Pick<Repository, 'dir'>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  try {
    const args = ['for-each-ref', '--format=%(objecttype)%(*objecttype)'];
    const types = await gitLines(args, { cwd: repo.dir, ...options });
    return types.every((type) => type === 'commit' || type === 'tagcommit');
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
    return false;
  }
}

/**
 * Looks for what refs lead to and the repository does not have: a listing of the objects that are there can't tell.
 * Walks all trees, but opens no blob. A partial clone lacks objects by design and is not walked.
 *
 * @returns one gap for each missing object, or one with git's words when a commit is missing and the walk ends there
 */
export async function missingObjects(
  repo: Pick<Repository, 'dir' | 'partial'>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Skipped[]> {
  if (repo.partial) return [];
  try {
    const lines = await gitLines(['rev-list', '--objects', '--all', '--missing=print', '--quiet'], {
      cwd: repo.dir,
      ...options,
    });
    const oids = lines.flatMap((line) => (line.startsWith('?') ? [line.slice(1)] : []));
    return oids.slice(0, LISTED).map((where) => ({ reason: 'missing object', where, incomplete: true }));
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
    return [{ reason: 'damaged history', where: '', incomplete: true, detail: error.stderr }];
  }
}
