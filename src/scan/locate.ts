import { firstEndingAfter } from '../detect/overlap.ts';
import { KEY_MASK, redact } from '../findings/redact.ts';
import type { Encoding } from '../sources/text/encoding.ts';
import { excerpt } from '../sources/text/excerpt.ts';
import { advance, type Place } from '../sources/text/lines.ts';
import { mapToRaw, type SyncPoint } from '../sources/text/transcode.ts';
import type { LocatedMatch, Match } from '../types.ts';

/** The stretch of an item that lies in the detector's input, and where it stands in the item. */
export interface Window {
  readonly bytes: Buffer;
  /** Line and column of the window's first byte. */
  readonly first: Place;
  /** Offset of the window's first byte in the UTF-8 text and in the item as stored. */
  readonly sync: SyncPoint;
  readonly encoding: Encoding;
}

const CONTEXT_LENGTH = 200;

/**
 * Gives matches their lines, columns and one redacted line around them.
 * @param matches of one window, sorted by start, offsets in the window.
 * @param all what is redacted in those lines: the same matches and those beside them, disjoint and sorted by start.
 */
export const locate = (matches: readonly Match[], window: Window, all: readonly Match[] = matches): LocatedMatch[] => {
  let known = window.first;
  return matches.map((match) => {
    const start = advance(window.bytes, known, match.start);
    const end = advance(window.bytes, start, match.end);
    known = start;
    return {
      ...match,
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
        byteStart: rawOffset(window, match.start),
        byteEnd: rawOffset(window, match.end),
      },
      context: redactedLine(window.bytes, match, all),
    };
  });
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
