import type { Version, VersionScanner } from '../detect/versions/versions.ts';
import { messageOffset } from '../sources/git/commits.ts';
import { oidAt } from '../sources/git/pack/pack-index.ts';
import { type PackTables, TYPE } from '../sources/git/pack/tables.ts';
import { detectEncoding, ENCODING_HEAD } from '../sources/text/encoding.ts';
import type { Origin } from '../types.ts';
import type { ItemReport, ItemScanner } from './item-scanner.ts';
import type { PackJob } from './pack-jobs.ts';
import { type Keeping, refusedReport, reportOf } from './version-report.ts';
import { walkPiece } from './walk-piece.ts';

/** What a thread scans packs with. */
export interface PackTools {
  readonly scanner: ItemScanner;
  readonly versions: VersionScanner;
  readonly keeping: Keeping;
}

/** Takes what was read, and the ids of what could not be. */
export interface PackSink {
  /** `oid` is called only for what is worth naming. */
  add(type: Origin['type'], oid: () => string, report: ItemReport): void;
  unread(oid: string): void;
}

/** Says of a text whether it is scanned as it is stored: UTF-8, or bytes of no known encoding. */
export const isPlain = (bytes: Buffer): boolean => detectEncoding(bytes.subarray(0, ENCODING_HEAD)) === 'utf-8';

/** Between two entries: lets the event loop run now and then, and tells whether to stop. */
type Between = () => Promise<boolean>;

/** Looks at the clock once in so many pieces at least: most have one entry. */
const PIECES_BETWEEN = 16;

/**
 * Scans pieces of delta families, each depth first, so that every entry is inflated once. What can't be read (damaged, too
 * large) is handed to `sink.unread`, with all that is made from it.
 */
export const scanPack = async (job: PackJob, tools: PackTools, sink: PackSink, between: Between): Promise<void> => {
  const { pack } = job;
  let pieces = 0;
  const visit = (rank: number, version: Version) => {
    if (pack.wanted[rank] === 1) report(pack, rank, version, tools, sink);
  };
  const lost = (rank: number) => sink.unread(oidAt(pack.index, pack.ids[rank]!));
  for (const rank of job.ranks) {
    for (const _ of walkPiece(pack, rank, tools.versions, visit, lost)) if (await between()) return;
    if (++pieces % PIECES_BETWEEN === 0 && (await between())) return;
  }
};

const report = (pack: PackTables, rank: number, version: Version, tools: PackTools, sink: PackSink): void => {
  const oid = () => oidAt(pack.index, pack.ids[rank]!);
  const kind = pack.kinds[rank];
  if (kind === TYPE.blob) sink.add('blob', oid, blobReport(version, tools));
  else sink.add(kind === TYPE.commit ? 'commit-message' : 'tag-message', oid, messageReport(version, tools));
};

const blobReport = (version: Version, { scanner, versions, keeping }: PackTools): ItemReport => {
  const { tracks } = version;
  // Another encoding, or longer than one zone: scanned by itself. The copy stays when the detector's memory grows.
  if (!tracks) return scanner.scan(Buffer.from(versions.bytes(version)));
  const tracked = { ...version, tracks };
  const refusals = keeping.keepDropped ? undefined : versions.refusals(tracked);
  if (refusals) return refusedReport(version.length, refusals);
  return reportOf(textOf(version, 0, versions), versions.detection(tracked), keeping);
};

/** The message only: headers hold ids, names and signatures. */
const messageReport = (version: Version, { scanner, versions, keeping }: PackTools): ItemReport => {
  const bytes = versions.bytes(version);
  const start = messageOffset(bytes);
  const message = bytes.subarray(start);
  if (message.length > LONGEST_MESSAGE || !isPlain(message)) return scanner.scan(Buffer.from(message));
  return reportOf(textOf(version, start, versions), versions.detectFrom(version, start), keeping);
};

/** Longer ones may be more than a zone. */
const LONGEST_MESSAGE = 1 << 20;

const textOf = (version: Version, start: number, versions: VersionScanner) => ({
  length: version.length - start,
  bytes: () => versions.bytes(version).subarray(start),
  newlines: (from: number, to: number) => versions.newlines(version, start + from, start + to),
});
