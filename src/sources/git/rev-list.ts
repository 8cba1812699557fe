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
