/** One line of text around a span, to show beside a finding. */
import { characterLength, utf16Length } from './lines.ts';

/** A piece of one line. The text still holds the secret: whoever shows it redacts first. */
export interface Excerpt {
  /** Without CR and LF; bytes that are not UTF-8 show as U+FFFD. */
  readonly text: string;
  /** UTF-16 offsets in `text` of what it holds of the span, end exclusive. */
  readonly secretStart: number;
  readonly secretEnd: number;
  /** 0-based offsets in the bytes of what `text` shows, end exclusive: other spans that it cuts must be redacted too. */
  readonly byteStart: number;
  readonly byteEnd: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts out what stands around a span on its first line.
 *
 * @param bytes UTF-8 text, or a window of it around the span
 * @param start 0-based offset of the span's first byte
 * @param end 0-based offset after its last byte
 * @param max most UTF-16 code units of the text; a longer span is cut at its end, a shorter one is shown with as much
 *   before as after it where the line allows
 */
export function excerpt(bytes: Uint8Array, start: number, end: number, max = 200): Excerpt {
  const lineEnd = endOfLine(bytes, start, end);
  const secretEnd = forward(bytes, start, lineEnd, max);
  const room = max - utf16Length(bytes, start, secretEnd);
  // A line end within the span, or a span longer than the room, ends the excerpt.
  const after = secretEnd < end ? secretEnd : forward(bytes, secretEnd, bytes.length, room);
  const before = backward(bytes, start, room);
  const beforeUnits = utf16Length(bytes, before, start);
  const afterUnits = utf16Length(bytes, secretEnd, after);
  const half = Math.floor(room / 2);
  const cut = backward(bytes, start, Math.min(beforeUnits, Math.max(half, room - afterUnits)));
  const byteStart = cut === 0 && start >= 3 && hasMark(bytes) ? 3 : cut;
  const byteEnd = forward(bytes, secretEnd, after, room - utf16Length(bytes, byteStart, start));
  const head = decode(bytes, byteStart, start);
  const secret = decode(bytes, start, secretEnd);
  const text = head + secret + decode(bytes, secretEnd, byteEnd);
  return { text, secretStart: head.length, secretEnd: head.length + secret.length, byteStart, byteEnd };
}

function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== LF && bytes[i] !== CR) i++;
  return i;
}

/** The furthest offset within `units` UTF-16 code units of `start` on the same line, not beyond `end`. */
function forward(bytes: Uint8Array, start: number, end: number, units: number): number {
  let i = start;
  while (i < end && bytes[i] !== LF && bytes[i] !== CR) {
    const length = characterLength(bytes, i, end);
    units -= length === 4 ? 2 : 1;
    if (units < 0) break;
    i += length;
  }
  return i;
}

/** The earliest offset within `units` UTF-16 code units of `start` on the same line. */
function backward(bytes: Uint8Array, start: number, units: number): number {
  let i = start;
  while (i > 0 && bytes[i - 1] !== LF && bytes[i - 1] !== CR) {
    const length = lengthBefore(bytes, i);
    units -= length === 4 ? 2 : 1;
    if (units < 0) break;
    i -= length;
  }
  return i;
}

/** Bytes of the character that ends at an offset; 1 for a byte that ends no valid character. */
function lengthBefore(bytes: Uint8Array, at: number): number {
  for (let length = 4; length > 1; length--) {
    if (at >= length && characterLength(bytes, at - length, at) === length) return length;
  }
  return 1;
}

/** A byte order mark at the start of the text is not part of its first line. */
function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
}
