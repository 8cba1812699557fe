import { LineTable, MOST_ROUNDS, NEWLINE } from './line-table.ts';

/** Which lines of a blob are new. Lines are 1-based; line n ends with the n-th 0x0A byte or with the blob. */
export interface AddedLines {
  /** Number of lines in the blob; bytes after the last 0x0A are a line, nothing after it is not. */
  readonly lines: number;
  /** Number of lines that are new. */
  readonly count: number;
  /** True when this line is new; false for a line the blob doesn't have. */
  has(line: number): boolean;
  /** True when any line from `startLine` to `endLine`, both included, is new. */
  any(startLine: number, endLine: number): boolean;
  /**
   * True when any line that holds a byte of [byteStart, byteEnd) is new; of an empty span, the line it stands in.
   * Right for UTF-16 and UTF-32 blobs too, where line numbers of the decoded text may differ from those here.
   */
  anyInBytes(byteStart: number, byteEnd: number): boolean;
}

/**
 * Distinct lines kept in memory at once (64 MiB of tables). A blob with more is compared in several rounds, each with
 * its share of the lines by hash.
 */
const DISTINCT_PER_ROUND = 1 << 21;

/** Bytes compared by one native call, and between two remembered line counts. */
const STEP = 1 << 16;

/**
 * The lines of `newBlob` that are new relative to every parent version (`undefined`: the parent has no such file, so
 * that all lines are new relative to it; no parents: all lines are new).
 *
 * 1. The first and the last lines that are the same, endings included, in the blob and in all parents that have the
 *    file are not new; first lines are set aside before last lines.
 * 2. The lines between are compared as bytes without the line ending (LF or CRLF), as a multiset: of n equal lines in
 *    the blob, with at most m in any one parent, the last n - m are new, none when n <= m.
 *
 * So a moved line isn't new, one more copy of a line is, what any parent holds is not, and the answer depends neither
 * on a diff algorithm nor on git's configuration or attributes. Step 1 doesn't change how many copies are new, only
 * which: an inserted copy rather than the old one below it.
 *
 * Linear in the sum of all sizes; equal hashes are told apart by comparing bytes. Blobs of 4 GiB and more throw
 * RangeError. `distinctPerRound` bounds the memory and never changes the answer.
 */
export function addedLines(
  newBlob: Buffer,
  parents: readonly (Buffer | undefined)[],
  distinctPerRound = DISTINCT_PER_ROUND,
): AddedLines {
  if (newBlob.length >= 2 ** 32 - 1) throw new RangeError('blob too large to compare by lines');
  const olds = parents.filter((parent) => parent !== undefined && parent.length > 0) as Buffer[];
  const lines = countLines(newBlob);
  if (olds.length === 0) return result(newBlob, new Uint8Array((lines >>> 3) + 1).fill(0xff), lines, lines);
  const added = new Uint8Array((lines >>> 3) + 1);
  const start = commonStart(newBlob, olds);
  const end = commonEnd(newBlob, olds, start);
  const middle = (bytes: Buffer) => bytes.subarray(start, bytes.length - end);
  const before = countBreaks(newBlob, 0, start);
  const count = compare(middle(newBlob), olds.map(middle), added, before, distinctPerRound);
  return result(newBlob, added, lines, count);
}

/** Sets the bit of every new line in `added`, the first line being number `before` + 1; returns how many are new. */
function compare(text: Buffer, olds: readonly Buffer[], added: Uint8Array, before: number, perRound: number): number {
  let rounds = 1;
  let count = 0;
  for (let round = 0; round < rounds && text.length > 0; round++) {
    const limit = rounds < MOST_ROUNDS ? perRound : Number.POSITIVE_INFINITY;
    const table = new LineTable(text, limit, rounds - 1, round);
    if (!table.fill()) {
      // Too many distinct lines for this number of rounds: start over with twice as many.
      rounds *= 2;
      round = -1;
      count = 0;
      added.fill(0);
      continue;
    }
    for (const old of olds) table.countOld(old);
    count += table.markAdded(added, before);
  }
  return count;
}

/** Length in bytes of the whole lines that the blob and every old version begin with. */
function commonStart(blob: Buffer, olds: readonly Buffer[]): number {
  let length = blob.length;
  for (const old of olds) length = sameStart(blob, old, Math.min(length, old.length));
  return length === 0 ? 0 : blob.lastIndexOf(NEWLINE, length - 1) + 1;
}

/** Length in bytes of the whole lines that they all end with; the first `start` bytes are not looked at. */
function commonEnd(blob: Buffer, olds: readonly Buffer[], start: number): number {
  let length = blob.length - start;
  for (const old of olds) length = sameEnd(blob, old, Math.min(length, old.length - start));
  const atLine = [blob, ...olds].every((bytes) => {
    const at = bytes.length - length;
    return at === start || bytes[at - 1] === NEWLINE;
  });
  if (length === 0 || atLine) return length;
  const end = blob.indexOf(NEWLINE, blob.length - length);
  return end < 0 ? 0 : blob.length - end - 1;
}

function sameStart(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  while (at + STEP <= most && a.compare(b, at, at + STEP, at, at + STEP) === 0) at += STEP;
  while (at < most && a[at] === b[at]) at++;
  return at;
}

function sameEnd(a: Buffer, b: Buffer, most: number): number {
  const same = (count: number) =>
    a.compare(b, b.length - count - STEP, b.length - count, a.length - count - STEP, a.length - count) === 0;
  let count = 0;
  while (count + STEP <= most && same(count)) count += STEP;
  while (count < most && a[a.length - count - 1] === b[b.length - count - 1]) count++;
  return count;
}

function countLines(bytes: Buffer): number {
  const breaks = countBreaks(bytes, 0, bytes.length);
  return bytes.length > 0 && bytes[bytes.length - 1] !== NEWLINE ? breaks + 1 : breaks;
}

function countBreaks(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}

function result(blob: Buffer, added: Uint8Array, lines: number, count: number): AddedLines {
  const has = (line: number) => line >= 1 && line <= lines && (added[line >>> 3]! & (1 << (line & 7))) !== 0;
  const any = (startLine: number, endLine: number) => {
    if (count === 0) return false;
    const last = Math.min(endLine, lines);
    for (let line = Math.max(startLine, 1); line <= last; line++) if (has(line)) return true;
    return false;
  };
  let lineAt: ((byte: number) => number) | undefined;
  const anyInBytes = (byteStart: number, byteEnd: number) => {
    if (count === 0) return false;
    lineAt ??= lineFinder(blob);
    return any(lineAt(byteStart), lineAt(Math.max(byteStart, byteEnd - 1)));
  };
  return { lines, count, has, any, anyInBytes };
}

/** Answers which line a byte stands in, reading at most STEP bytes each time. */
function lineFinder(blob: Buffer): (byte: number) => number {
  const before = [0];
  for (let at = 0; at + STEP <= blob.length; at += STEP) {
    before.push(before.at(-1)! + countBreaks(blob, at, at + STEP));
  }
  return (byte) => {
    const clamped = Math.max(0, Math.min(byte, blob.length - 1));
    const step = Math.floor(clamped / STEP);
    return 1 + before[step]! + countBreaks(blob, step * STEP, clamped);
  };
}
