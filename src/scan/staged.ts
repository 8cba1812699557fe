import type { Repository } from '../sources/git/repository.ts';
import { stagedItems } from '../sources/git/staged.ts';
import { placeBlobs, scanObjects, withoutExcluded } from './changes.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** Scans what a commit made now would introduce. */
export const scanStaged = async (repo: Repository, source: SourceRun): Promise<Placed[]> => {
  const { introduced, skipped } = await stagedItems(repo, { signal: source.options.signal });
  source.tally.skip(...skipped);
  const blobs = await withoutExcluded(introduced, source);
  const matches = await scanObjects(
    repo,
    blobs.map(({ oid }) => oid),
    source,
  );
  const placed = await placeBlobs(repo, blobs, matches, source);
  return placed.map(({ blob, match, introduced: isNew }) => ({
    match,
    origin: { type: 'staged' as const, oid: blob.oid, path: blob.path },
    path: blob.path,
    introduced: isNew,
  }));
};
