import type { Skipped } from '../../types.ts';
import { findRenames, type Introduced, introducedBlob, RAW_DIFF } from './introduced.ts';
import type { Range, RangeOptions } from './range.ts';
import { type RawChange, rawDiffParser } from './raw-diff.ts';
import type { Repository } from './repository.ts';
import { gitStream, streamFields } from './run.ts';

type Repo = Pick<Repository, 'dir' | 'partial'>;

/** Changes by commit id. */
type Changes = ReadonlyMap<string, readonly RawChange[]>;

export interface RangeBlob extends Introduced {
  /** Id of the commit that introduces the blob at this path. */
  readonly commit: string;
}

export interface RangeItems {
  /** In the order of the range's commits. The same blob can come again with another path or commit. */
  readonly introduced: readonly RangeBlob[];
  /** Ids of the commits whose messages belong to the range. */
  readonly commitMessages: readonly string[];
  /** Ids of the annotated tags whose messages belong to it. */
  readonly tags: readonly string[];
  /** The range's own, and one for each submodule the range moves. */
  readonly skipped: readonly Skipped[];
}

/**
 * Every blob that any commit of the range introduces, also when a later one removes it again; see `introducedBlob`. Of
 * a merge, the paths that differ from all its parents.
 *
 * Starts one git for all commits, and one more for those in which a path appears: only there can a rename matter, and
 * looking for renames in every merge takes eight times as long. Throws SourceError when an object is missing.
 */
export async function rangeItems(repo: Repo, range: Range, options: RangeOptions = {}): Promise<RangeItems> {
  const plain = await readChanges(repo, range.commits, ['--no-renames'], options);
  const appearing = range.commits.filter((commit) => plain.get(commit)?.some(appears));
  const renamed = await readChanges(repo, appearing, findRenames(repo), options);
  const introduced: RangeBlob[] = [];
  const skipped: Skipped[] = [...range.skipped];
  for (const commit of range.commits) {
    for (const change of renamed.get(commit) ?? plain.get(commit) ?? []) {
      const found = introducedBlob(change);
      if (found === undefined) continue;
      if ('reason' in found) skipped.push(found);
      else introduced.push({ ...found, commit });
    }
  }
  return { introduced, commitMessages: range.commits, tags: range.tags, skipped };
}

/** True when a parent lacks the path. */
function appears(change: RawChange): boolean {
  return change.olds.some((old) => old.status === 'A');
}

async function readChanges(
  repo: Repo,
  commits: readonly string[],
  renames: readonly string[],
  options: RangeOptions,
): Promise<Changes> {
  const changes = new Map<string, RawChange[]>();
  if (commits.length === 0) return changes;
  const args = ['diff-tree', '--stdin', '-r', '--root', '-c', '--combined-all-paths', ...RAW_DIFF, ...renames];
  const stream = gitStream(args, { cwd: repo.dir, input: `${commits.join('\n')}\n`, ...options });
  const parser = rawDiffParser();
  let current: RawChange[] = [];
  try {
    for await (const fields of streamFields(stream.stdout)) {
      for (const field of fields) {
        const record = parser.push(field);
        if (record?.type === 'commit') changes.set(record.oid, (current = []));
        else if (record !== undefined) current.push(record);
      }
    }
  } catch (error) {
    stream.kill();
    throw error;
  }
  await stream.done;
  parser.end();
  return changes;
}
