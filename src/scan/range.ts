import { commitInfos } from '../sources/git/attribution.ts';
import { type PushedRef, pushedRange, type Receiver } from '../sources/git/pushed.ts';
import { type Range, type RangeBlob, rangeItems, resolveRange } from '../sources/git/range.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { CommitInfo } from '../types.ts';
import { placeBlobs, scanObjects, withoutExcluded } from './changes.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** Scans what the commits of a range introduce; findings on lines that were there before are marked so. */
export const scanRange = async (repo: Repository, spec: string, source: SourceRun): Promise<Placed[]> => {
  const range = await resolveRange(repo, spec, { signal: source.options.signal });
  if (range.commits.length > 0) return scanCommits(repo, range, [], source);
  source.tally.skip(...range.skipped);
  source.tally.skip({ reason: 'empty range', where: spec, incomplete: true, detail: 'no commit lies in it' });
  return [];
};

/** Scans what a push brings to the receiving side, which may be nothing at all. */
export const scanPush = async (
  repo: Repository,
  { refs, receiver }: { readonly refs: readonly PushedRef[]; readonly receiver: Receiver },
  source: SourceRun,
): Promise<Placed[]> => {
  const pushed = await pushedRange(repo, refs, receiver, { signal: source.options.signal });
  return scanCommits(repo, pushed, pushed.loose, source);
};

const scanCommits = async (
  repo: Repository,
  range: Range,
  more: readonly RangeBlob[],
  source: SourceRun,
): Promise<Placed[]> => {
  const { tally, options } = source;
  const items = await rangeItems(repo, range, { signal: options.signal });
  tally.skip(...items.skipped);
  const blobs = await withoutExcluded([...items.introduced, ...more], source);
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

const infosOf = async (repo: Repository, { options }: SourceRun, oids: ReadonlySet<string>) =>
  options.signal.aborted ? new Map<string, CommitInfo>() : commitInfos(repo, oids, { signal: options.signal });

const commitOf = (infos: ReadonlyMap<string, CommitInfo>, oid: string): { commit?: CommitInfo } => {
  const commit = infos.get(oid);
  return commit ? { commit } : {};
};
