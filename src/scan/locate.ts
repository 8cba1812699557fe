import { firstEndingAfter } from '../detect/overlap.ts';
import { KEY_MASK, redact } from '../findings/redact.ts';
import type { Encoding } from '../sources/text/encoding.ts';
import { excerpt } from '../sources/text/excerpt.ts';
import { advance, type Place } from '../sources/text/lines.ts';
import { mapToRaw, type SyncPoint } from '../sources/text/transcode.ts';
import type { LocatedMatch, Match, Region } from '../types.ts';

/** The stretch of an item that lies in the detector's input, and where it stands in the item. */
export interface Window {
  readonly bytes: Buffer;
  /** Where counting lines and columns begins: the window's first byte, or a line's start before the matches. */
  readonly first: Place;
  /** The window's first byte, where `first` is another. */
  readonly start?: Place;
  /** Offset of the window's first byte in the UTF-8 text and in the item as stored. */
  readonly sync: SyncPoint;
  readonly encoding: Encoding;
  /** Matches keep the lines they stand on. */
  readonly keepsLines?: boolean;
}

/** Of very long lines this much on either side of a match is kept, in bytes. */
const LINE_REACH = 2048;

const CONTEXT_LENGTH = 200;

/**
 * Gives matches their lines, columns and one redacted line around them.
 * @param matches of one window, sorted by start, offsets in the window.
 * @param all what is redacted in those lines: the same matches and those beside them, disjoint and sorted by start.
 */
export const locate = (matches: readonly Match[], window: Window, all: readonly Match[] = matches): LocatedMatch[] => {
  let known = window.first;
  const regionFrom = (from: Place, { start, end }: Span): [Region, Place] => {
    const first = advance(window.bytes, from, start);
    const last = advance(window.bytes, first, end);
    const region = {
      startLine: first.line,
      startColumn: first.column,
      endLine: last.line,
      endColumn: last.column,
      byteStart: rawOffset(window, start),
      byteEnd: rawOffset(window, end),
    };
    return [region, first];
  };
  return matches.map((match) => {
    const [region, first] = regionFrom(known, match);
    known = first;
    return {
      ...match,
      region,
      context: redactedLine(window.bytes, match, all),
      // A companion may stand before its secret: counted from the window's start, which few findings need.
      ...(match.companion ? { companionRegion: regionFrom(window.start ?? window.first, match.companion)[0] } : {}),
      ...(window.keepsLines ? { lines: linesOf(window.bytes, match) } : {}),
    };
  });
};

type Span = Pick<Match, 'start' | 'end'>;

/** The lines that a match stands on, without the line break at their end. */
const linesOf = (bytes: Buffer, { start, end }: Match): string => {
  const from = Math.max(0, start - LINE_REACH);
  const before = bytes.subarray(from, start).lastIndexOf(10);
  const after = bytes.subarray(end, end + LINE_REACH).indexOf(10);
  return bytes.toString('utf8', from + before + 1, after < 0 ? end + LINE_REACH : end + after);
};

/** Offset in the item as stored of an offset in the window. */
const rawOffset = ({ bytes, sync, encoding }: Window, offset: number): number =>
  mapToRaw(bytes, sync.utf8 + offset, encoding, sync);

/** The match's first line, cut to size, with every secret on it masked, also those that the cut goes through. */
const redactedLine = (bytes: Buffer, match: Match, all: readonly Match[]): string => {
  const { byteStart, byteEnd } = excerpt(bytes, match.start, match.end, CONTEXT_LENGTH);
  let text = '';
  let at = byteStart;
  for (let i = firstEndingAfter(all, at); i < all.length && all[i]!.start < byteEnd; i++) {
    const { start, end, secret } = all[i]!;
    text += bytes.toString('utf8', at, Math.max(at, start));
    const mask = redact(secret);
    text += mask === KEY_MASK || start >= byteStart ? mask : redact('');
    at = Math.min(end, byteEnd);
  }
  return (text + bytes.toString('utf8', at, byteEnd)).trim();
};
