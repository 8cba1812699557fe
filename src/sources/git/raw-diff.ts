import { SourceError } from '../../errors.ts';
import { pathFromBytes } from '../path-bytes.ts';

/** One side of a change as one parent has it. */
export interface RawOld {
  /** Octal digits as git prints them; '000000' when the parent has no such path. */
  readonly mode: string;
  /** Full object id, all zeros when there is none. */
  readonly oid: string;
  /** One letter: A, C, D, M, R, T, U or X (git-diff-tree(1), "raw output format"). */
  readonly status: string;
  /** The path in this parent; differs from the new one for renames and copies. */
  readonly path: string;
}

/** One changed path. */
export interface RawChange {
  readonly type: 'change';
  readonly mode: string;
  /** Full object id, all zeros for a deletion. */
  readonly oid: string;
  readonly path: string;
  /** One for an ordinary change, one a parent for a merge shown combined (`-c --combined-all-paths`). */
  readonly olds: readonly RawOld[];
  /** Similarity in percent of a rename or copy; git gives none for merges. */
  readonly score?: number;
}

/** The line with which `diff-tree --stdin` begins the changes of a commit. */
export interface RawCommit {
  readonly type: 'commit';
  readonly oid: string;
}

export type RawRecord = RawCommit | RawChange;

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const CHANGE = /^(:+)((?:[0-7]{6} )+)((?:(?:[0-9a-f]{40}|[0-9a-f]{64}) )+)([A-Z]+)(\d{0,3})$/;

/** A change whose paths have not all arrived. */
interface Pending {
  readonly modes: readonly string[];
  readonly oids: readonly string[];
  readonly statuses: string;
  readonly score: string;
  readonly paths: string[];
  readonly wanted: number;
}

/**
 * A parser of the NUL-separated output of `git diff-tree` and `git diff-index` with `--raw -z --no-abbrev`; merges need
 * `-c --combined-all-paths`. It is given one field (the bytes between two NULs) at a time and returns a record when the
 * field completes one. `end()` throws when a record is cut short. Throws SourceError on anything that isn't this format.
 */
export function rawDiffParser(): { push(field: Buffer): RawRecord | undefined; end(): void } {
  let pending: Pending | undefined;
  return {
    push(field) {
      if (pending === undefined) {
        const begun = begin(field);
        if ('type' in begun) return begun;
        pending = begun;
        return undefined;
      }
      pending.paths.push(pathFromBytes(field));
      if (pending.paths.length < pending.wanted) return undefined;
      const change = complete(pending);
      pending = undefined;
      return change;
    },
    end() {
      if (pending !== undefined) throw new SourceError('git ended in the middle of its list of changes');
    },
  };
}

function begin(field: Buffer): RawCommit | Pending {
  const text = field.toString('latin1');
  if (COMMIT.test(text)) return { type: 'commit', oid: text };
  const [, colons = '', modeText = '', oidText = '', statuses = '', score = ''] = CHANGE.exec(text) ?? [];
  const parents = colons.length;
  const modes = modeText.trimEnd().split(' ');
  const oids = oidText.trimEnd().split(' ');
  if (parents === 0 || modes.length !== parents + 1 || oids.length !== parents + 1 || statuses.length !== parents) {
    throw new SourceError('git printed a list of changes in an unknown format');
  }
  const renamed = statuses === 'R' || statuses === 'C';
  const wanted = parents > 1 ? parents + 1 : renamed ? 2 : 1;
  return { modes, oids, statuses, score, paths: [], wanted };
}

function complete({ modes, oids, statuses, score, paths }: Pending): RawChange {
  const path = paths.at(-1)!;
  const olds = [...statuses].map((status, parent) => ({
    mode: modes[parent]!,
    oid: oids[parent]!,
    status,
    path: paths.length > 1 ? paths[parent]! : path,
  }));
  const change = { type: 'change', mode: modes.at(-1)!, oid: oids.at(-1)!, path, olds } as const;
  return score === '' ? change : { ...change, score: Number(score) };
}
