import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Skipped } from '../../types.ts';
import { findRenames, type Introduced, introducedBlob, RAW_DIFF } from './introduced.ts';
import { type RawChange, rawDiffParser } from './raw-diff.ts';
import type { Repository } from './repository.ts';
import { git, splitNul } from './run.ts';

export interface StagedItems {
  /** One for each path, in git's order. */
  readonly introduced: readonly Introduced[];
  /** Unmerged paths (incomplete: git refuses to commit them) and submodules. */
  readonly skipped: readonly Skipped[];
}

type Repo = Pick<Repository, 'dir' | 'gitDir' | 'bare' | 'partial' | 'objectFormat' | 'head'>;

/** Git knows the empty tree without having it stored. */
const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;

/**
 * The blobs that a commit made now would introduce: the index (GIT_INDEX_FILE where the environment says so, as in the
 * hooks of `git commit -a` and `git commit PATH`) against HEAD and, while a merge is under way, against each commit of
 * MERGE_HEAD; before the first commit against nothing. The files on disk don't count.
 *
 * - `git commit --amend` is compared with the commit it replaces: what that one already has isn't introduced again.
 * - Cherry-picks, reverts, rebases and `merge --squash` make commits with one parent and are compared with HEAD alone.
 * - `git add --intent-to-add` stages no content; such entries are left out, as by git commit.
 *
 * Starts one git for each parent. Throws UsageError in a bare repository, SourceError when git fails.
 */
export async function stagedItems(repo: Repo, options: { readonly signal?: AbortSignal } = {}): Promise<StagedItems> {
  if (repo.bare) throw new UsageError('a bare repository has no staged changes');
  const parents = [repo.head ?? EMPTY_TREE[repo.objectFormat], ...mergeHeads(repo)];
  const perParent = await Promise.all(parents.map((parent) => changesFrom(repo, parent, options)));
  const introduced: Introduced[] = [];
  const skipped: Skipped[] = [];
  for (const change of changedFromAll(perParent)) {
    const found = isUnmerged(change) ? unmerged(change) : introducedBlob(change);
    if (found === undefined) continue;
    if ('reason' in found) skipped.push(found);
    else introduced.push(found);
  }
  return { introduced, skipped };
}

/** The other parents of the merge that the next commit concludes. */
function mergeHeads(repo: Repo): string[] {
  const file = join(repo.gitDir, 'MERGE_HEAD');
  // Mostly there is none, and an error with its stack would take longer than to look.
  if (!existsSync(file)) return announcedMergeHeads();
  return readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => line !== '');
}

/** `git merge` runs pre-merge-commit before it writes MERGE_HEAD, and names the commits by GITHEAD_<id> variables. */
function announcedMergeHeads(): string[] {
  return Object.keys(process.env).flatMap((name) => /^GITHEAD_([0-9a-f]{40}|[0-9a-f]{64})$/.exec(name)?.[1] ?? []);
}

async function changesFrom(repo: Repo, parent: string, options: { readonly signal?: AbortSignal }) {
  const args = ['diff-index', '--cached', '--ita-invisible-in-index', ...RAW_DIFF, ...findRenames(repo), parent, '--'];
  const output = await git(args, { cwd: repo.dir, ...options });
  const parser = rawDiffParser();
  const changes = new Map<string, RawChange>();
  for (const field of splitNul(output)) {
    const record = parser.push(field);
    if (record?.type === 'change') changes.set(record.path, record);
  }
  parser.end();
  return changes;
}

/** The changes that every parent sees at the same path, each with one old side a parent. */
function changedFromAll([first, ...others]: readonly ReadonlyMap<string, RawChange>[]): RawChange[] {
  return [...first!.values()].flatMap((change) => {
    const more = others.map((changes) => changes.get(change.path));
    if (more.includes(undefined)) return [];
    return [{ ...change, olds: [change, ...(more as RawChange[])].flatMap(({ olds }) => olds) }];
  });
}

function isUnmerged(change: RawChange): boolean {
  return change.olds.some((old) => old.status === 'U');
}

function unmerged(change: RawChange): Skipped {
  return {
    reason: 'unmerged path',
    where: change.path,
    incomplete: true,
    detail: 'resolve the conflict and stage the file',
  };
}
