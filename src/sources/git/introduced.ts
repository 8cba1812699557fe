import type { Skipped } from '../../types.ts';
import type { RawChange } from './raw-diff.ts';
import type { Repository } from './repository.ts';

/** A blob that a commit, or the index, has and no parent has at its path. */
export interface Introduced {
  readonly oid: string;
  readonly path: string;
  /**
   * For each parent, the blob at the same path there, or at the path it was renamed from; undefined when the parent
   * has none. Empty only for what has no parent.
   */
  readonly olds: readonly (string | undefined)[];
  /** '100644', '100755' or '120000' (a symlink: the content is its target). */
  readonly mode: string;
}

/** Mode of a gitlink: a submodule's commit. */
const GITLINK = '160000';

/** No path, a directory or a gitlink: nothing whose lines could be compared. */
const NOT_A_BLOB = /^(?:0|04|16)/;

/** How diff-tree and diff-index are asked, whatever the repository configures. */
export const RAW_DIFF = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-color',
  '--no-relative',
  '--ignore-submodules=none',
] as const;

/**
 * How renames are looked for: half of the lines the same, exact ones alone where more than 1000 files come into
 * question. Inexact renames need the contents of blobs, which a partial clone may not have; there only exact ones are
 * found. A rename that is not found makes all lines of the file new.
 */
export function findRenames(repo: Pick<Repository, 'partial'>): string[] {
  return [repo.partial ? '--find-renames=100%' : '--find-renames=50%', '-l1000'];
}

/**
 * What a change introduces: a blob, a skipped submodule, or nothing, which is a deletion, or content that a parent has
 * at this path or at the one it was renamed from (a change of mode, a plain rename).
 */
export function introducedBlob(change: RawChange): Introduced | Skipped | undefined {
  if (change.mode === '000000') return undefined;
  if (change.mode === GITLINK) {
    return { reason: 'submodule', where: change.path, incomplete: false, detail: `commit ${change.oid}` };
  }
  const olds = change.olds.map((old) => (NOT_A_BLOB.test(old.mode) ? undefined : old.oid));
  if (olds.includes(change.oid)) return undefined;
  return { oid: change.oid, path: change.path, olds, mode: change.mode };
}
