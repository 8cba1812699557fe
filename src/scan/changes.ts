import type { AddedLines } from '../sources/git/added-lines.ts';
import { readObjects } from '../sources/git/cat-file.ts';
import type { Introduced } from '../sources/git/introduced.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { LocatedMatch } from '../types.ts';
import { createExcluder } from './exclude.ts';
import type { Job } from './jobs.ts';
import type { SourceRun } from './source-run.ts';

/** What ranges and staged changes share: blobs that are new at a path, and their parents' versions. */

const OBJECTS_PER_JOB = 2000;
const MANY_OBJECTS = 1500;
/** A blob larger than this is not compared line by line: every finding in it counts as introduced. */
const MAX_COMPARED = 256 << 20;

/** Leaves out what the user excluded, and counts it. */
export const withoutExcluded = async <B extends Introduced>(
  blobs: readonly B[],
  { options, tally }: SourceRun,
): Promise<B[]> => {
  const isExcluded = await createExcluder(options.exclude);
  return blobs.filter(({ path }) => {
    if (!isExcluded(path)) return true;
    tally.skip({ reason: 'excluded', where: path, incomplete: false });
    return false;
  });
};

/** Scans each object once; the matches by object id. */
export const scanObjects = async (
  repo: Repository,
  oids: readonly string[],
  source: SourceRun,
): Promise<Map<string, readonly LocatedMatch[]>> => {
  const unique = [...new Set(oids)];
  const jobs: Job[] = [];
  for (let at = 0; at < unique.length; at += OBJECTS_PER_JOB) {
    jobs.push({ type: 'objects', dir: repo.dir, oids: unique.slice(at, at + OBJECTS_PER_JOB).join(' ') });
  }
  const start = source.tally.found.length;
  source.expect({ items: unique.length });
  await source.run(jobs, unique.length > MANY_OBJECTS, 'objects');
  const found = source.tally.found.slice(start).filter(({ matches }) => matches.length > 0);
  return new Map(found.map(({ origin, matches }) => ['oid' in origin ? origin.oid : '', matches]));
};

interface PlacedMatch<B> {
  readonly blob: B;
  readonly match: LocatedMatch;
  readonly introduced: boolean;
}

/** Compares each blob that holds something with its parents' versions. */
export const placeBlobs = async <B extends Introduced>(
  repo: Repository,
  blobs: readonly B[],
  matches: ReadonlyMap<string, readonly LocatedMatch[]>,
  source: SourceRun,
): Promise<PlacedMatch<B>[]> => {
  const placed: PlacedMatch<B>[] = [];
  for (const blob of blobs) {
    const own = matches.get(blob.oid);
    if (!own) continue;
    const added = source.options.signal.aborted ? undefined : await linesAdded(repo, blob, source);
    for (const match of own) {
      const { byteStart, byteEnd } = match.region;
      placed.push({ blob, match, introduced: added?.anyInBytes(byteStart, byteEnd) ?? true });
    }
  }
  return placed;
};

const linesAdded = async (
  repo: Repository,
  { oid, olds }: Introduced,
  { options }: SourceRun,
): Promise<AddedLines | undefined> => {
  if (olds.every((old) => old === undefined)) return undefined;
  const contents = new Map<string, Buffer>();
  const wanted = new Set([oid, ...olds.flatMap((old) => old ?? [])]);
  for await (const object of readObjects(repo, wanted, { maxBytes: MAX_COMPARED, signal: options.signal })) {
    if ('bytes' in object) contents.set(object.oid, Buffer.from(object.bytes));
  }
  const content = contents.get(oid);
  // What can't be compared is taken as new: a gate errs on the safe side.
  if (!content || olds.some((old) => old !== undefined && !contents.has(old))) return undefined;
  const { addedLines } = await import('../sources/git/added-lines.ts');
  return addedLines(
    content,
    olds.map((old) => (old === undefined ? undefined : contents.get(old))),
  );
};
