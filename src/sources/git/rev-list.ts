import type { Repository } from './repository.ts';
import { gitLines, gitStream, streamFields } from './run.ts';

type Options = { readonly signal?: AbortSignal };

/**
 * Lists commits, parents before children, then by commit date. Refs to objects that are gone are passed over.
 * Throws GitError.
 */
export async function oldestFirst(
  repo: Pick<Repository, 'dir'>,
  args: readonly string[],
  options: Options = {},
): Promise<string[]> {
  return gitLines(['rev-list', '--ignore-missing', '--date-order', '--reverse', ...args], {
    cwd: repo.dir,
    ...options,
  });
}

/** The commits that refs lead to, in the order of `oldestFirst`, merges apart. Throws GitError. */
export async function historyOldestFirst(
  repo: Pick<Repository, 'dir'>,
  options: Options = {},
): Promise<{ ordinary: string[]; merges: string[] }> {
  const ordinary: string[] = [];
  const merges: string[] = [];
  for (const line of await oldestFirst(repo, ['--parents', '--all'], options)) {
    const end = line.indexOf(' ');
    const isMerge = end >= 0 && line.indexOf(' ', end + 1) >= 0;
    (isMerge ? merges : ordinary).push(end < 0 ? line : line.slice(0, end));
  }
  return { ordinary, merges };
}

/** Visits what `git rev-list` prints for the arguments as it comes, until `enough` answers true. Throws GitError. */
export async function visitCommits(
  repo: Pick<Repository, 'dir'>,
  args: readonly string[],
  options: Options,
  visit: (oid: string) => void,
  enough: () => boolean = () => false,
): Promise<void> {
  const stream = gitStream(['rev-list', '--ignore-missing', ...args], { cwd: repo.dir, input: '', ...options });
  try {
    for await (const lines of streamFields(stream.stdout, 10)) {
      for (const line of lines) visit(line.toString('latin1'));
      if (enough()) return;
    }
    await stream.done;
  } finally {
    stream.kill();
  }
}
