import type { Version, VersionScanner } from '../detect/versions/versions.ts';
import { messageOffset } from '../sources/git/commits.ts';
import { chainOf, wantedChildren, wantedFrom } from '../sources/git/pack/forest.ts';
import { oidAt } from '../sources/git/pack/pack-index.ts';
import { readEntry } from '../sources/git/pack/read-entry.ts';
import { type PackTables, TYPE } from '../sources/git/pack/tables.ts';
import { detectEncoding, ENCODING_HEAD } from '../sources/text/encoding.ts';
import type { Origin } from '../types.ts';
import type { ItemReport, ItemScanner } from './item-scanner.ts';
import type { PackJob } from './pack-jobs.ts';
import { reportOf } from './version-report.ts';

/** What a thread scans packs with. */
export interface PackTools {
  readonly scanner: ItemScanner;
  readonly versions: VersionScanner;
  readonly keepDropped: boolean;
}

/** Takes what was read, and the ids of what could not be. */
export interface PackSink {
  /** `oid` is called only for what is worth naming. */
  add(type: Origin['type'], oid: () => string, report: ItemReport): void;
  unread(oid: string): void;
}

/** Says of a text whether it is scanned as it is stored: UTF-8, or bytes of no known encoding. */
export const isPlain = (bytes: Buffer): boolean => detectEncoding(bytes.subarray(0, ENCODING_HEAD)) === 'utf-8';

/** An entry whose children are being read. */
interface Open {
  readonly version: Version;
  readonly children: readonly number[];
  next: number;
}

/** Between two entries: lets the event loop run now and then, and tells whether to stop. */
type Between = () => Promise<boolean>;

/** Looks at the clock once in so many entries. */
const ENTRIES_BETWEEN = 32;

/**
 * Scans pieces of delta families, each depth first, so that every entry is inflated once. What can't be read (damaged, too
 * large) is handed to `sink.unread`, with all that is made from it.
 */
export const scanPack = async (job: PackJob, tools: PackTools, sink: PackSink, between: Between): Promise<void> => {
  let entries = 0;
  for (const rank of job.ranks) {
    for (const _ of readPiece(job.pack, rank, tools, sink)) {
      if (++entries % ENTRIES_BETWEEN === 0 && (await between())) return;
    }
  }
};

/** Reads one piece; yields after each entry. Memory is given back also when it is left early. */
function* readPiece(pack: PackTables, rank: number, tools: PackTools, sink: PackSink): Generator<void> {
  const { versions } = tools;
  const giveUp = (from: number) => {
    for (const lost of wantedFrom(pack, from)) sink.unread(oidAt(pack.index, pack.ids[lost]!));
  };
  const open: Open[] = [];
  /** Scans an entry and makes its children the next to be read. */
  const enter = (entry: number, version: Version, children: readonly number[]) => {
    if (pack.wanted[entry] === 1) report(pack, entry, version, tools, sink);
    if (children.length > 0) open.push({ version, children, next: 0 });
    else versions.release(version);
  };
  try {
    const first = firstOf(pack, rank, versions);
    if (!first) {
      giveUp(rank);
      return;
    }
    enter(rank, first, wantedChildren(pack, rank));
    yield;
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const child = top.children[top.next++]!;
      const children = wantedChildren(pack, child);
      const delta = readEntry(pack, child);
      const version = delta && versions.derive(top.version, delta, wantedOf(pack, child, children));
      // The last and heaviest child needs its base no longer: so few bases are held at a time.
      if (top.next === top.children.length) {
        open.pop();
        versions.release(top.version);
      }
      if (version === undefined || version === 'damaged') giveUp(child);
      else enter(child, version, children);
      yield;
    }
  } finally {
    for (const { version } of open) versions.release(version);
  }
}

const wantedOf = ({ wanted, kinds }: PackTables, rank: number, children: readonly number[]) => ({
  scanned: wanted[rank] === 1 && kinds[rank] === TYPE.blob,
  isBase: children.length > 0,
});

/** The first entry of a piece: a whole object, or one made from all those before it in its chain. */
const firstOf = (pack: PackTables, rank: number, versions: VersionScanner): Version | undefined => {
  let version: Version | undefined;
  for (const entry of chainOf(pack, rank)) {
    const bytes = readEntry(pack, entry);
    const wanted = entry === rank ? wantedOf(pack, rank, wantedChildren(pack, rank)) : { scanned: false, isBase: true };
    const made = bytes && (version ? versions.derive(version, bytes, wanted) : versions.whole(bytes, wanted));
    if (version) versions.release(version);
    if (made === undefined || made === 'damaged') return undefined;
    version = made;
  }
  return version;
};

const report = (pack: PackTables, rank: number, version: Version, tools: PackTools, sink: PackSink): void => {
  const oid = () => oidAt(pack.index, pack.ids[rank]!);
  const kind = pack.kinds[rank];
  if (kind === TYPE.blob) sink.add('blob', oid, blobReport(version, tools));
  else sink.add(kind === TYPE.commit ? 'commit-message' : 'tag-message', oid, messageReport(version, tools));
};

const blobReport = (version: Version, { scanner, versions, keepDropped }: PackTools): ItemReport => {
  const { tracks } = version;
  // Another encoding, or longer than one zone: scanned by itself. The copy stays when the detector's memory grows.
  if (!tracks) return scanner.scan(Buffer.from(versions.bytes(version)));
  return reportOf(textOf(version, 0, versions), versions.detection({ ...version, tracks }), keepDropped);
};

/** The message only: headers hold ids, names and signatures. */
const messageReport = (version: Version, { scanner, versions, keepDropped }: PackTools): ItemReport => {
  const bytes = versions.bytes(version);
  const start = messageOffset(bytes);
  const message = bytes.subarray(start);
  if (message.length > LONGEST_MESSAGE || !isPlain(message)) return scanner.scan(Buffer.from(message));
  return reportOf(textOf(version, start, versions), versions.detectFrom(version, start), keepDropped);
};

/** Longer ones may be more than a zone. */
const LONGEST_MESSAGE = 1 << 20;

const textOf = (version: Version, start: number, versions: VersionScanner) => ({
  bytes: () => versions.bytes(version).subarray(start),
  newlines: (from: number, to: number) => versions.newlines(version, start + from, start + to),
});
