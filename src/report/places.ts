import { compareText } from '../findings/order.ts';
import type { CommitInfo, Finding, Occurrence, Reach } from '../types.ts';

/** Occurrences that look the same to a reader: the same line and column of the same path, in one or many versions. */
export interface Place {
  /** The first of the occurrences in order. */
  readonly occurrence: Occurrence;
  /** Path, or a stable made-up one for what has none: see `locationOf`. */
  readonly location: string;
  readonly reach: Reach | undefined;
  readonly commit: CommitInfo | undefined;
  /** Number of different contents in which it stands there; a file and its blob at HEAD are one. */
  readonly versions: number;
}

/**
 * Where an occurrence stands, as a relative path. Messages and objects that no tree names get a stable made-up one:
 * `commit/<sha>/message`, `tag/<sha>/message`, `object/<sha>`.
 */
export const locationOf = ({ origin, path }: Occurrence): string => {
  if (path !== undefined) return path;
  switch (origin.type) {
    case 'commit-message':
      return `commit/${origin.oid}/message`;
    case 'tag-message':
      return `tag/${origin.oid}/message`;
    case 'blob':
      return `object/${origin.oid}`;
    default:
      return origin.path;
  }
};

const REACHES: readonly Reach[] = ['at HEAD', 'history only', 'unreachable'];

/** The nearest of several: at HEAD when any is; undefined outside git. */
export const nearestReach = (occurrences: readonly { readonly reach?: Reach | undefined }[]): Reach | undefined =>
  REACHES.find((reach) => occurrences.some((occurrence) => occurrence.reach === reach));

const timeOf = ({ authorDate }: CommitInfo): number => {
  const time = Date.parse(authorDate);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
};

/** The earliest commit by author date; among equal dates the first by id. */
export const firstCommit = (occurrences: readonly Pick<Occurrence, 'commit'>[]): CommitInfo | undefined => {
  let first: CommitInfo | undefined;
  for (const { commit } of occurrences) {
    if (commit === undefined) continue;
    if (first === undefined) first = commit;
    else if (timeOf(commit) < timeOf(first)) first = commit;
    else if (timeOf(commit) === timeOf(first) && compareText(commit.oid, first.oid) < 0) first = commit;
  }
  return first;
};

const toPlace = (occurrences: readonly [Occurrence, ...Occurrence[]]): Place => ({
  occurrence: occurrences[0],
  location: locationOf(occurrences[0]),
  reach: nearestReach(occurrences),
  commit: firstCommit(occurrences),
  versions: Math.max(1, new Set(occurrences.flatMap(({ origin }) => ('oid' in origin ? [origin.oid] : []))).size),
});

/** The places of a finding in the order of its occurrences. */
export const placesOf = ({ occurrences }: Finding): readonly Place[] => {
  const groups = new Map<string, [Occurrence, ...Occurrence[]]>();
  for (const occurrence of occurrences) {
    const { startLine, startColumn } = occurrence.region;
    const key = JSON.stringify([locationOf(occurrence), startLine, startColumn, occurrence.chain]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [occurrence]);
    else group.push(occurrence);
  }
  return [...groups.values()].map(toPlace);
};
