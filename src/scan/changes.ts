import { commitInfos } from '../sources/git/attribution.ts';
import { type AddedLines, addedLines } from '../sources/git/added-lines.ts';
import { readObjects } from '../sources/git/cat-file.ts';
import type { Introduced } from '../sources/git/introduced.ts';
import { type RangeBlob, rangeItems, resolveRange } from '../sources/git/range.ts';
import type { Repository } from '../sources/git/repository.ts';
import { stagedItems } from '../sources/git/staged.ts';
import picomatch from 'picomatch';
import type { CommitInfo, LocatedMatch } from '../types.ts';
import type { Job } from './jobs.ts';
import type { Placed, SourceRun } from './source-run.ts';

const OBJECTS_PER_JOB = 2000;
const MANY_OBJECTS = 1500;
/** A blob larger than this is not compared line by line: every finding in it counts as introduced. */
const MAX_COMPARED = 256 << 20;

/** Scans what the commits of a range introduce; findings on lines that were there before are marked so. */
export const scanRange = async (repo: Repository, spec: string, source: SourceRun): Promise<Placed[]> => {
  const { tally, options } = source;
  const range = await resolveRange(repo, spec, { signal: options.signal });
  const items = await rangeItems(repo, range, { signal: options.signal });
  tally.skip(...items.skipped);
  if (range.commits.length === 0) {
    tally.skip({ reason: 'empty range', where: spec, incomplete: true, detail: 'no commit lies in it' });
    return [];
  }
  const blobs = withoutExcluded(items.introduced, source);
  const oids = [...blobs.map(({ oid }) => oid), ...items.commitMessages, ...items.tags];
  const matches = await scanObjects(repo, oids, source);
  const placed = await placeBlobs(repo, blobs, matches, source);
  const messages = [...items.commitMessages, ...items.tags].filter((oid) => matches.has(oid));
  const infos = await infosOf(repo, source, new Set([...placed.map(({ blob }) => blob.commit), ...messages]));
    return [
    ...placed.map(({ blob, match, introduced }) => ({
      match,
      origin: { type: 'blob' as const, oid: blob.oid },
      path: blob.path,
      introduced,
      ...commitOf(infos, blob.commit),
    })),
    ...messages.flatMap((oid) =>
      matches.get(oid)!.map((match) => ({
        match,
        origin: { type: items.tags.includes(oid) ? ('tag-message' as const) : ('commit-message' as const), oid },
        introduced: true,
        ...commitOf(infos, oid),
      })),
    ),
  ];
};

/** Scans what a commit made now would introduce. */
export const scanStaged = async (repo: Repository, source: SourceRun): Promise<Placed[]> => {
  const { introduced, skipped } = await stagedItems(repo, { signal: source.options.signal });
  source.tally.skip(...skipped);
  const blobs = withoutExcluded(introduced, source);
  const matches = await scanObjects(repo, blobs.map(({ oid }) => oid), source);
  const placed = await placeBlobs(repo, blobs, matches, source);
  return placed.map(({ blob, match, introduced: isNew }) => ({
    match,
    origin: { type: 'staged' as const, oid: blob.oid, path: blob.path },
    path: blob.path,
    introduced: isNew,
  }));
};

const infosOf = async (repo: Repository, { options }: SourceRun, oids: ReadonlySet<string>) =>
  options.signal.aborted ? new Map<string, CommitInfo>() : commitInfos(repo, oids, { signal: options.signal });

const commitOf = (infos: ReadonlyMap<string, CommitInfo>, oid: string): { commit?: CommitInfo } => {
  const commit = infos.get(oid);
  return commit ? { commit } : {};
};

const withoutExcluded = <B extends Introduced>(blobs: readonly B[], { options, tally }: SourceRun): B[] => {
  if (options.exclude.length === 0) return [...blobs];
  const isExcluded = picomatch([...options.exclude], { dot: true });
  return blobs.filter(({ path }) => {
    if (!isExcluded(path)) return true;
    tally.skip({ reason: 'excluded', where: path, incomplete: false });
    return false;
  });
};

/** Scans each object once; the matches by object id. */
const scanObjects = async (
  repo: Repository,
  oids: readonly string[],
  source: SourceRun,
): Promise<Map<string, readonly LocatedMatch[]>> => {
  const unique = [...new Set(oids)];
  const jobs: Job[] = [];
  for (let at = 0; at < unique.length; at += OBJECTS_PER_JOB) {
    jobs.push({ type: 'objects', dir: repo.dir, oids: unique.slice(at, at + OBJECTS_PER_JOB) });
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
const placeBlobs = async <B extends Introduced | RangeBlob>(
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

const linesAdded = async (repo: Repository, { oid, olds }: Introduced, { options }: SourceRun): Promise<AddedLines | undefined> => {
  if (olds.every((old) => old === undefined)) return undefined;
  const contents = new Map<string, Buffer>();
  const wanted = new Set([oid, ...olds.flatMap((old) => old ?? [])]);
  for await (const object of readObjects(repo, wanted, { maxBytes: MAX_COMPARED, signal: options.signal })) {
    if ('bytes' in object) contents.set(object.oid, Buffer.from(object.bytes));
  }
  const content = contents.get(oid);
  // What can't be compared is taken as new: a gate errs on the safe side.
  if (!content || olds.some((old) => old !== undefined && !contents.has(old))) return undefined;
  return addedLines(content, olds.map((old) => (old === undefined ? undefined : contents.get(old))));
};
