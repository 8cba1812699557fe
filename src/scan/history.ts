import { SourceError } from '../errors.ts';
import { attributeBlobs, attributeCommits } from '../sources/git/attribution.ts';
import { missingObjects } from '../sources/git/connectivity.ts';
import { listObjects } from '../sources/git/objects.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { Skipped } from '../types.ts';
import { createExcluder } from './exclude.ts';
import { isStoppedSoon } from './interrupt.ts';
import type { FoundItem, Job } from './jobs.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** A job holds neighbours in the pack, so that git's cache of delta bases serves them. */
const BYTES_PER_JOB = 48 << 20;
const OBJECTS_PER_JOB = 20_000;
/** Repositories with more content than this are spread over threads. */
const LARGE_BYTES = 24 << 20;

/** Scans every object of a repository once, reachable or not, and says which commit brought each finding. */
export const scanHistory = async (repo: Repository, source: SourceRun): Promise<Placed[]> => {
  const { tally, options } = source;
  tally.skip(...gapsOf(repo));
  const { jobs, bytes, items, missing } = await planJobs(repo, options.signal);
  tally.skip(...missing);
  // Git walks the trees beside the scan; the answer is awaited below, also when the scan fails.
  const lost = missingObjects(repo, { signal: options.signal });
  lost.catch(() => undefined);
  source.expect({ bytes: tally.bytes + bytes, items: tally.items + items });
  const start = tally.found.length;
  await source.run(jobs, bytes > LARGE_BYTES, 'objects');
  if (!options.signal.aborted) tally.skip(...withoutDoubles(await lost, missing));
  const found = tally.found.slice(start).filter(({ matches }) => matches.length > 0);
  return found.length === 0 ? [] : placeAll(repo, found, source);
};

const withoutDoubles = (lost: readonly Skipped[], known: readonly Skipped[]): Skipped[] => {
  const seen = new Set(known.map(({ where }) => where));
  return lost.filter(({ where }) => where === '' || !seen.has(where));
};

const unplaced = (found: readonly FoundItem[]): Placed[] =>
  found.flatMap(({ origin, matches }) => matches.map((match) => ({ match, origin })));

/** Findings are worth more than where they come from: a damaged or interrupted history must not cost them. */
const placeAll = async (repo: Repository, found: readonly FoundItem[], source: SourceRun): Promise<Placed[]> => {
  const { signal } = source.options;
  if (signal.aborted) return unplaced(found);
  try {
    return await placeFound(repo, found, source);
  } catch (error) {
    const interrupted = await isStoppedSoon(() => signal.aborted);
    if (!interrupted) {
      if (!(error instanceof SourceError)) throw error;
      source.tally.skip({ reason: 'commits not looked up', where: '', incomplete: true, detail: error.message });
    }
    return unplaced(found);
  }
};

/** What a clone does not have, so that no scan of it is complete. */
const gapsOf = (repo: Repository): Skipped[] => [
  ...(repo.shallow
    ? [
        {
          reason: 'shallow clone',
          where: '',
          incomplete: true,
          detail: 'older history is not here; fetch it with: git fetch --unshallow',
        },
      ]
    : []),
  ...(repo.partial
    ? [{ reason: 'partial clone', where: '', incomplete: true, detail: 'some objects were never fetched' }]
    : []),
];

/** Lists the objects worth reading; trees hold names only. */
const planJobs = async (repo: Repository, signal: AbortSignal) => {
  const jobs: Job[] = [];
  const missing: Skipped[] = [];
  let oids: string[] = [];
  let size = 0;
  let bytes = 0;
  let items = 0;
  const close = () => {
    if (oids.length > 0) jobs.push({ type: 'objects', dir: repo.dir, oids: oids.join(' ') });
    oids = [];
    size = 0;
  };
  for await (const entries of listObjects(repo, { signal })) {
    for (const entry of entries) {
      if (entry.type === 'tree') continue;
      if (entry.type === 'missing') {
        missing.push({ reason: 'missing object', where: entry.oid, incomplete: true });
        continue;
      }
      oids.push(entry.oid);
      size += entry.size;
      bytes += entry.size;
      items++;
      if (size >= BYTES_PER_JOB || oids.length >= OBJECTS_PER_JOB) close();
    }
  }
  close();
  return { jobs, bytes, items, missing };
};

const oidsOf = (found: readonly FoundItem[], type: FoundItem['origin']['type']): Set<string> =>
  new Set(found.flatMap(({ origin }) => (origin.type === type && 'oid' in origin ? [origin.oid] : [])));

/** Attributes each item to the commit that introduced it. */
const placeFound = async (repo: Repository, found: readonly FoundItem[], source: SourceRun): Promise<Placed[]> => {
  const { signal, onProgress } = source.options;
  onProgress?.({ phase: 'commits', items: source.tally.items, bytes: source.tally.bytes });
  const messageIds = new Set([...oidsOf(found, 'commit-message'), ...oidsOf(found, 'tag-message')]);
  const blobs = await attributeBlobs(repo, oidsOf(found, 'blob'), { signal });
  const messages = await attributeCommits(repo, messageIds, { signal });
  // Blobs are scanned before their paths are known, so what is excluded is left out now.
  const isExcluded = await createExcluder(source.options.exclude);
  return found.flatMap(({ origin, matches }): Placed[] => {
    const oid = 'oid' in origin ? origin.oid : '';
    const blob = blobs.get(oid);
    // A blob that has a name outside of what is excluded is shown by that name.
    const path = blob?.paths.find((name) => !isExcluded(name)) ?? (blob?.paths.length ? undefined : blob?.path);
    if (blob?.path !== undefined && path === undefined) {
      source.tally.skip({ reason: 'excluded', where: blob.path, incomplete: false });
      return [];
    }
    const message = messages.get(oid);
    const commit = blob?.first ?? message?.info;
    const place = {
      origin,
      ...(path === undefined ? {} : { path }),
      ...(commit === undefined ? {} : { commit }),
      reach: blob?.reach ?? message?.reach ?? ('unreachable' as const),
      ...(blob?.note === undefined ? {} : { note: blob.note }),
    };
    return matches.map((match) => ({ match, ...place }));
  });
};
