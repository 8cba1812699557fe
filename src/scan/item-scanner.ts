import type { Detector } from '../detect/detector.ts';
import { firstEndingAfter } from '../detect/overlap.ts';
import { detectEncoding, ENCODING_HEAD, type Encoding } from '../sources/text/encoding.ts';
import type { Place } from '../sources/text/lines.ts';
import { createTranscoder, mapToRaw, type SyncPoint, type Transcoder } from '../sources/text/transcode.ts';
import type { Dropped, LocatedMatch, Match } from '../types.ts';
import { locate } from './locate.ts';

/** What one item holds. */
export interface ItemReport {
  readonly matches: readonly LocatedMatch[];
  /** What judgement refused, by reason. */
  readonly droppedCounts: Readonly<Record<string, number>>;
  /** The same one by one, when asked for. */
  readonly dropped: readonly (Dropped & { readonly line: number })[];
  /** Bytes of the item as stored. */
  readonly bytes: number;
  /** Some encoded text was not looked into, because decoding reached its limit. */
  readonly decodingCut: boolean;
}

/**
 * Scans items one after another. Large ones are cut into zones at fixed offsets. Each is looked at together with what
 * stands within reach on either side, and gives the matches that start in it: so findings depend neither on how the
 * input arrives nor on where a zone ends, and matches on either side of a border are seen together.
 */
export interface ItemScanner {
  /** Scans a whole item. */
  scan(bytes: Uint8Array): ItemReport;
  /**
   * Scans an item that `read` copies into the buffer it is given, from the start; it returns the number of bytes, and
   * less than asked for only at the end.
   */
  scanFrom(read: (target: Buffer, length: number) => number): ItemReport;
  /** Scans an item that arrives in chunks; no other item may be scanned before its end. */
  scanChunks(chunks: AsyncIterable<Uint8Array>): Promise<ItemReport>;
}

export interface ScannerOptions {
  /** Bytes of a zone; smaller ones are for tests. */
  readonly zone?: number;
  /** Keep refused matches with their lines (for --explain). */
  readonly locateDropped?: boolean;
  /** Matches keep the lines they stand on. */
  readonly keepsLines?: boolean;
}

/** Bytes of a zone. An item that is no longer is scanned as one. */
export const ZONE = 4 << 20;
const START: Place = { offset: 0, line: 1, column: 1 };

// A character's bytes are never cut apart: up to three more than asked for may stay.
const reachOf = ({ rules }: Detector): number => (rules.reach + 4096 + 63) & ~63;

/** Bytes of an item that are in the detector's memory at a time. */
export const capacityOf = (detector: Detector, zone = ZONE): number => reachOf(detector) * 4 + zone + 64;

/** Creates a scanner on a detector, which it has for itself. */
export const createItemScanner = (
  detector: Detector,
  { zone = ZONE, locateDropped = false, keepsLines = false }: ScannerOptions = {},
): ItemScanner => {
  const reach = reachOf(detector);
  const capacity = capacityOf(detector, zone);
  const begin = () => createIntake(detector, { zone, reach, capacity, locateDropped, keepsLines });

  const scan = (bytes: Uint8Array): ItemReport => {
    const intake = begin();
    intake.push(bytes);
    return intake.end();
  };
  return {
    scan,
    scanFrom: (read) => {
      const intake = begin();
      for (;;) {
        const room = intake.room();
        const count = read(room, room.length);
        intake.filled(count);
        if (count < room.length) return intake.end();
      }
    },
    scanChunks: async (chunks) => {
      const intake = begin();
      for await (const chunk of chunks) intake.push(chunk);
      return intake.end();
    },
  };
};

interface Intake {
  /** Where the next bytes go. */
  room(): Buffer;
  /** Says that `count` bytes were put there. */
  filled(count: number): void;
  push(bytes: Uint8Array): void;
  end(): ItemReport;
}

interface Sizes {
  readonly zone: number;
  readonly reach: number;
  readonly capacity: number;
  readonly locateDropped: boolean;
  readonly keepsLines: boolean;
}

/** Takes in one item and scans each zone as soon as its context is there. */
const createIntake = (detector: Detector, sizes: Sizes): Intake => {
  const { capacity } = sizes;
  const window = createWindow(detector, sizes);
  let encoding: Encoding | undefined;
  let transcoder: Transcoder | undefined;
  let head: Buffer = Buffer.alloc(0);
  let received = 0;
  const scratch = () => Buffer.allocUnsafe(Math.min(capacity, 1 << 20));

  const decide = (final: boolean): void => {
    if (encoding !== undefined || (!final && head.length < ENCODING_HEAD)) return;
    encoding = detectEncoding(head);
    if (encoding !== 'utf-8') transcoder = createTranscoder(encoding);
    window.use(encoding);
    window.push(transcoder ? transcoder.push(head) : head);
  };
  const push = (bytes: Uint8Array): void => {
    received += bytes.length;
    if (encoding === undefined) {
      head =
        head.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([head, bytes]);
      if (head.length < ENCODING_HEAD) head = Buffer.from(head);
      decide(false);
      return;
    }
    window.push(transcoder ? transcoder.push(bytes) : bytes);
  };
  let lent: Buffer | undefined;
  return {
    room: () => {
      lent = encoding === 'utf-8' || received === 0 ? window.room() : scratch();
      return lent;
    },
    filled: (count) => {
      const direct = encoding === 'utf-8' || received === 0;
      if (direct && received === 0) {
        // The usual case: the whole file was read into the window; only another encoding moves it again.
        encoding = detectEncoding(lent!.subarray(0, count));
        window.use(encoding);
        if (encoding !== 'utf-8') {
          transcoder = createTranscoder(encoding);
          received += count;
          window.push(transcoder.push(Buffer.from(lent!.subarray(0, count))));
          return;
        }
      }
      if (direct) {
        received += count;
        window.filled(count);
      } else push(lent!.subarray(0, count));
    },
    push,
    end: () => {
      decide(true);
      if (transcoder) window.push(transcoder.end());
      return { ...window.end(), bytes: received };
    },
  };
};

/** The sliding window over the UTF-8 text of an item. */
const createWindow = (detector: Detector, { zone, reach, capacity, locateDropped, keepsLines }: Sizes) => {
  let buffer = detector.input(capacity);
  let filled = 0;
  /** Offset in the item's text of the buffer's first byte; the next zone starts at `from` in the buffer. */
  let first: Place = START;
  let sync: SyncPoint = { utf8: 0, raw: 0 };
  let from = 0;
  let encoding: Encoding = 'utf-8';
  const matches: LocatedMatch[] = [];
  const dropped: (Dropped & { line: number })[] = [];
  const droppedCounts: Record<string, number> = {};
  /** Decoded matches behind the last zone: the text that holds them may have begun too far before the next one. */
  let carried: readonly Match[] = [];
  let decodingCut = false;

  /** Scans the zone up to `to`; matches that start behind it are the next zone's. */
  const detect = (to: number): void => {
    const found = detector.detect(filled, Math.max(0, from - reach), Math.min(filled, to + reach));
    // Decoding may have made the detector's memory grow: the old view is then empty.
    buffer = detector.input(capacity);
    const isHere = ({ start }: { readonly start: number }) => start >= from && start < to;
    const all = withCarried(found.matches, carried);
    carried = all.filter(({ start, chain }) => start >= to && chain.length > 0);
    const here = all.filter(isHere);
    if (here.length > 0) {
      const window = { bytes: buffer.subarray(0, filled), first, sync, encoding, keepsLines };
      // One by one: as arguments of one call they may be too many.
      for (const match of locate(here, window, all)) if (match.partOf === undefined) matches.push(match);
    }
    addDropped(found.dropped.filter(isHere));
    decodingCut ||= found.decodingCut;
  };
  const addDropped = (found: Dropped[]): void => {
    for (const { reason } of found) droppedCounts[reason] = (droppedCounts[reason] ?? 0) + 1;
    if (!locateDropped) return;
    let line = first.line;
    let counted = 0;
    for (const one of found.sort((a, b) => a.start - b.start || a.end - b.end || (a.ruleId < b.ruleId ? -1 : 1))) {
      line += detector.newlines(counted, one.start);
      counted = one.start;
      dropped.push({ ...one, line, start: sync.utf8 + one.start, end: sync.utf8 + one.end });
    }
  };
  /** Moves on to the next zone, keeping what lies within reach before it. */
  const slide = (to: number): void => {
    const kept = reach * 2;
    let cut = Math.max(0, to - kept);
    // Never within a character, so that columns can be counted from here on.
    while (cut > 0 && (buffer[cut]! & 0xc0) === 0x80 && to - cut < kept + 4) cut--;
    const bytes = buffer.subarray(0, filled);
    const next = placeOf(cut);
    sync = { utf8: sync.utf8 + cut, raw: mapToRaw(bytes, sync.utf8 + cut, encoding, sync) };
    first = next;
    buffer.copyWithin(0, cut, filled);
    filled -= cut;
    from = to - cut;
    carried = carried.map((match) => movedBack(match, cut));
  };
  const placeOf = (offset: number): Place => {
    const line = first.line + detector.newlines(0, offset);
    const lineStart = line === first.line ? 0 : buffer.lastIndexOf(10, offset - 1) + 1;
    const before = line === first.line ? first.column : 1;
    // A byte order mark has no width.
    const mark = lineStart === 0 && sync.utf8 === 0 && offset >= 3 && buffer.readUIntBE(0, 3) === 0xefbbbf ? 1 : 0;
    return { offset: 0, line, column: before + detector.utf16Units(lineStart, offset) - mark };
  };
  const advanceZones = (): void => {
    while (filled >= from + zone + reach * 2) {
      const to = from + zone;
      detect(to);
      slide(to);
    }
  };
  const push = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + capacity - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      advanceZones();
    }
  };
  return {
    use: (name: Encoding) => {
      encoding = name;
    },
    room: () => buffer.subarray(filled),
    filled: (count: number) => {
      filled += count;
      advanceZones();
    },
    push,
    end: () => {
      detect(Number.POSITIVE_INFINITY);
      return { matches, dropped, droppedCounts, decodingCut };
    },
  };
};

const movedBack = (match: Match, by: number): Match => {
  const moved = { ...match, start: match.start - by, end: match.end - by };
  const { companion } = match;
  return companion
    ? { ...moved, companion: { ...companion, start: companion.start - by, end: companion.end - by } }
    : moved;
};

/** Adds the matches of the zone before that this one does not see. Sorted by start. */
const withCarried = (found: readonly Match[], carried: readonly Match[]): readonly Match[] => {
  const isSeen = (match: Match): boolean => {
    const next = found[firstEndingAfter(found, match.start)];
    return next !== undefined && next.start < match.end;
  };
  const missing = carried.filter((match) => !isSeen(match));
  return missing.length === 0 ? found : [...found, ...missing].sort((a, b) => a.start - b.start);
};
