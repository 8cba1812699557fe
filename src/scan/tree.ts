import { fileOf, listTree } from '../sources/tree/list.ts';
import type { FileRef, Job } from './jobs.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** Files in one job: few enough to spread a small tree over the threads. */
const FILES_PER_JOB = 256;
/** With this many files threads are started at once. */
const MANY_FILES = 30_000;

/** Scans files and folders. Paths in the answer are relative to `root`. */
export const scanTree = async (
  root: string,
  tree: { readonly paths: readonly string[]; readonly ignored: boolean },
  source: SourceRun,
): Promise<Placed[]> => {
  const { tally, options } = source;
  const listing = await listTree(root, { paths: tree.paths, ignored: tree.ignored, exclude: options.exclude });
  tally.skip(...listing.skipped);
  source.expect({ items: tally.items + listing.paths.length });
  const start = tally.found.length;
  await source.run(
    jobsOf(listing.paths, (name) => ({ name, file: fileOf(listing, name) })),
    listing.paths.length > MANY_FILES,
    'files',
  );
  return tally.found
    .slice(start)
    .flatMap(({ origin, matches }) =>
      matches.map((match) => ({ match, origin, ...('path' in origin ? { path: origin.path } : {}) })),
    );
};

function* jobsOf(names: readonly string[], refOf: (name: string) => FileRef): Generator<Job> {
  for (let at = 0; at < names.length; at += FILES_PER_JOB) {
    yield { type: 'files', files: names.slice(at, at + FILES_PER_JOB).map(refOf) };
  }
}
