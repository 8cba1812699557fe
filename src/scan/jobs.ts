import { closeSync } from 'node:fs';
import { type ReadObject, readObjects } from '../sources/git/cat-file.ts';
import { messageOffset } from '../sources/git/commits.ts';
import type { TreeReport } from '../sources/git/pack/tree-entries.ts';
import { openForScan, readInto } from '../sources/tree/open.ts';
import type { Dropped, LocatedMatch, Origin, Skipped } from '../types.ts';
import { createPause, isStoppedSoon } from './interrupt.ts';
import type { ItemReport, ItemScanner } from './item-scanner.ts';
import type { PackJob } from './pack-jobs.ts';
import type { Tools } from './setup.ts';
import type { TreeJob } from './tree-jobs.ts';

/** A file: its name in reports and where it is on disk. */
export interface FileRef {
  readonly name: string;
  readonly file: string | Uint8Array;
}

/** Work that can be sent to another thread. `oids` are joined by spaces: one flat text for thousands of ids. */
export type Job =
  | { readonly type: 'files'; readonly files: readonly FileRef[] }
  | { readonly type: 'objects'; readonly dir: string; readonly oids: string }
  | PackJob
  | TreeJob;

/** An item that holds something. */
export interface FoundItem {
  readonly origin: Origin;
  readonly matches: readonly LocatedMatch[];
  readonly dropped: readonly (Dropped & { readonly line: number })[];
}

/** What a job did. */
export interface JobReport {
  readonly items: Record<string, number>;
  readonly bytes: number;
  readonly found: FoundItem[];
  readonly dropped: Record<string, number>;
  readonly skipped: Skipped[];
  /** Ids of objects of a pack that could not be read from it. Git is asked for them. */
  readonly unread: string[];
  /** What a job of trees found. */
  readonly trees?: TreeReport;
  /** Ids of objects that held nothing, not even something refused: 20 bytes each, when the job asks for them. */
  readonly clean?: Uint8Array;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  /** Says that the scan was interrupted, where no signal can come from: a busy worker thread gets no messages. */
  readonly isStopped?: () => boolean;
}

/** Objects larger than this are streamed through the scanner rather than held whole. */
const MAX_WHOLE_OBJECT = 32 << 20;

type Tally = { -readonly [K in keyof JobReport]: JobReport[K] };

/** Files with more bytes than this are read in pieces, so that an interruption need not wait for their end. */
const LARGE_FILE = 64 << 20;

/**
 * Does one job. What can't be read is in the report; throws only when the source itself fails. When the scan is
 * interrupted the report holds what was found so far.
 */
export const performJob = async (job: Job, tools: Tools, options: JobOptions): Promise<JobReport> => {
  const { scanner } = tools;
  const tally: Tally = { items: {}, bytes: 0, found: [], dropped: {}, skipped: [], unread: [] };
  if (job.type === 'pack') {
    await performPackJob(job, tools, tally, options);
    return tally;
  }
  if (job.type === 'trees') {
    const { readTrees } = await import('../sources/git/pack/read-trees.ts');
    await createPause()();
    return { ...tally, trees: readTrees(tools.kernel, job.search, job, () => isStopped(options)) };
  }
  const add = (origin: Origin, where: string, report: ItemReport) => addItem(tally, origin, where, report);
  if (job.type === 'files') {
    const pause = createPause();
    for (const file of job.files) {
      await pause();
      if (isStopped(options)) break;
      await scanFile(file, scanner, tally, add, { ...options, pause });
    }
    return tally;
  }
  const reading = { maxBytes: MAX_WHOLE_OBJECT, ...(options.signal ? { signal: options.signal } : {}) };
  try {
    for await (const object of readObjects({ dir: job.dir }, job.oids.split(' '), reading)) {
      if (isStopped(options)) break;
      await scanObject(object, scanner, tally, add);
    }
  } catch (error) {
    if (!(await isStoppedSoon(() => isStopped(options)))) throw error;
  }
  return tally;
};

const performPackJob = async (job: PackJob, tools: Tools, tally: Tally, options: JobOptions): Promise<void> => {
  const { scanPack } = await import('./scan-pack.ts');
  const pause = createPause();
  const clean: Buffer[] = [];
  const sink = {
    add: (type: 'blob' | 'commit-message' | 'tag-message', oid: () => string, report: ItemReport) => {
      if (isQuiet(report)) countItem(tally, type, report);
      else addItem(tally, { type, oid: oid() }, oid(), report);
      if (job.remember && isClean(report)) clean.push(Buffer.from(oid(), 'hex'));
    },
    unread: (oid: string) => tally.unread.push(oid),
  };
  await scanPack(job, await tools.packTools(), sink, async () => {
    await pause();
    return isStopped(options);
  });
  if (clean.length > 0) tally.clean = Buffer.concat(clean);
};

/** Nothing found and nothing refused: a scan by the same rules may pass it over and say the same. */
const isClean = (report: ItemReport): boolean => {
  for (const _ in report.droppedCounts) return false;
  return isQuiet(report);
};

const isQuiet = ({ matches, dropped, decodingCut }: ItemReport): boolean =>
  matches.length === 0 && dropped.length === 0 && !decodingCut;

const isStopped = ({ signal, isStopped: asked }: JobOptions): boolean => signal?.aborted === true || asked?.() === true;

type Add = (origin: Origin, where: string, report: ItemReport) => void;

type FileOptions = JobOptions & { readonly pause: () => Promise<void> };

const scanFile = async (
  { name, file }: FileRef,
  scanner: ItemScanner,
  tally: Tally,
  add: Add,
  options: FileOptions,
): Promise<void> => {
  const opened = openForScan(typeof file === 'string' ? file : Buffer.from(file), name);
  if ('reason' in opened) {
    tally.skipped.push(opened);
    return;
  }
  try {
    const failed: Skipped[] = [];
    const read = (target: Buffer, length: number): number => {
      const count = readInto(opened.fd, target, 0, length, name);
      if (typeof count === 'number') return count;
      failed.push(count);
      return 0;
    };
    const isLarge = opened.size > LARGE_FILE;
    const report = isLarge ? await scanner.scanChunks(pieces(read, options)) : scanner.scanFrom(read);
    tally.skipped.push(...failed);
    if (failed.length === 0 || report.bytes > 0) add({ type: 'file', path: name }, name, report);
  } finally {
    closeSync(opened.fd);
  }
};

async function* pieces(read: (target: Buffer, length: number) => number, options: FileOptions): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (let count = buffer.length; count === buffer.length && !isStopped(options); await options.pause()) {
    count = read(buffer, buffer.length);
    yield buffer.subarray(0, count);
  }
}

const scanObject = async (object: ReadObject, scanner: ItemScanner, tally: Tally, add: Add): Promise<void> => {
  if ('missing' in object) {
    const reason = object.damaged === undefined ? 'missing object' : 'damaged object';
    tally.skipped.push({
      reason,
      where: object.oid,
      incomplete: true,
      ...(object.damaged ? { detail: object.damaged } : {}),
    });
    return;
  }
  const { oid, type } = object;
  if (type === 'blob') {
    const report = 'bytes' in object ? scanner.scan(object.bytes) : await scanner.scanChunks(object.chunks);
    add({ type: 'blob', oid }, oid, report);
  } else if (type === 'commit' || type === 'tag') {
    // The message only: headers hold ids, names and signatures.
    const bytes = 'bytes' in object ? object.bytes : await collect(object.chunks);
    add(
      { type: type === 'commit' ? 'commit-message' : 'tag-message', oid },
      oid,
      scanner.scan(bytes.subarray(messageOffset(bytes))),
    );
  }
};

const collect = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
};

/** Counts an item, its bytes and what was refused in it. */
const countItem = (tally: Tally, type: Origin['type'], report: ItemReport): void => {
  tally.items[type] = (tally.items[type] ?? 0) + 1;
  tally.bytes += report.bytes;
  for (const reason in report.droppedCounts) {
    tally.dropped[reason] = (tally.dropped[reason] ?? 0) + report.droppedCounts[reason]!;
  }
};

/** Adds an item's report to a tally. */
export const addItem = (tally: Tally, origin: Origin, where: string, report: ItemReport): void => {
  countItem(tally, origin.type, report);
  if (report.decodingCut) tally.skipped.push({ reason: 'decoding limit', where, incomplete: true });
  const { dropped } = report;
  if (report.matches.length > 0 || dropped.length > 0) tally.found.push({ origin, matches: report.matches, dropped });
};
