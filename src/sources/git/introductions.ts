import { availableParallelism } from 'node:os';
import type { Repository } from './repository.ts';
import { GitError, gitStream, streamFields } from './run.ts';

/** Called with a commit that gives a path a blob that none of the commit's parents has at this path. */
export type VisitIntroduction = (oid: string, commit: string, path: Buffer) => void;

interface Options {
  readonly signal?: AbortSignal;
  /** Only what lies at or below these paths, taken literally. */
  readonly paths?: readonly string[];
}

/** Ids that are looked for. */
type Wanted = Pick<ReadonlySet<string>, 'has' | 'size'>;

/** Fewer commits than this are not worth another process. */
const SLICE_COMMITS = 4000;

/** Git ends at a commit whose trees can't be read; it is started again behind it, this many times a slice. */
const RESTARTS = 50;

const COLON = 58;
const SPACE = 32;

/**
 * Compares every commit of the list with its parents (root commits with nothing, merges with all parents at once) and
 * visits the blobs of `wanted` that it brings in. The list is cut into slices for several git processes, so visits come
 * in no order. Returns false when commits had to be left out because their trees can't be read.
 */
export async function visitIntroductions(
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  wanted: Wanted,
  visit: VisitIntroduction,
  options: Options = {},
): Promise<boolean> {
  if (wanted.size === 0 || commits.length === 0) return true;
  const slices = Math.max(1, Math.min(4, availableParallelism(), Math.ceil(commits.length / SLICE_COMMITS)));
  const length = Math.ceil(commits.length / slices);
  const answers = await Promise.all(
    Array.from({ length: slices }, (_, at) =>
      visitSlice(repo, commits.slice(at * length, (at + 1) * length), wanted, visit, options),
    ),
  );
  return answers.every((complete) => complete);
}

async function visitSlice(
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  wanted: Wanted,
  visit: VisitIntroduction,
  options: Options,
): Promise<boolean> {
  let next = 0;
  let complete = true;
  for (let starts = 0; next < commits.length && starts <= RESTARTS; starts++) {
    next += await compare(repo, commits.slice(next), wanted, visit, options);
    if (next === commits.length) break;
    complete = false;
    next++;
  }
  return complete;
}

/** Returns how many commits of the list were compared before git ended: all, or those before an unreadable one. */
async function compare(
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  wanted: Wanted,
  visit: VisitIntroduction,
  options: Options,
): Promise<number> {
  // --always: a commit without changes is named too, so that the names count the commits.
  const args = ['diff-tree', '--stdin', '--always', '--root', '-r', '-c', '--raw', '-z', '--no-abbrev', '--no-renames'];
  const { paths = [], ...rest } = options;
  if (paths.length > 0) args.push('--', ...paths);
  const stream = gitStream(args, { cwd: repo.dir, input: commits.map((oid) => `${oid}\n`).join(''), ...rest });
  let commit = '';
  let blob: string | undefined;
  let compared = 0;
  try {
    for await (const fields of streamFields(stream.stdout)) {
      for (const field of fields) {
        if (blob !== undefined) {
          if (wanted.has(blob)) visit(blob, commit, field);
          blob = undefined;
        } else if (field[0] === COLON) {
          blob = newBlob(field);
        } else {
          commit = field.toString('latin1');
          compared++;
        }
      }
    }
    await stream.done;
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
  } finally {
    stream.kill();
  }
  return compared;
}

/** The last id in `:modes ids status`: what the path has in this commit. */
function newBlob(field: Buffer): string {
  const end = field.lastIndexOf(SPACE);
  return field.toString('latin1', field.lastIndexOf(SPACE, end - 1) + 1, end);
}
