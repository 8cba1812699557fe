/** Turns UTF-16 and UTF-32 into UTF-8 as a stream, and UTF-8 offsets back into offsets of the stored bytes. */
import type { Encoding } from './encoding.ts';

/** A streaming converter to UTF-8. The bytes it returns, joined, do not depend on how the input was cut. */
export interface Transcoder {
  /** Takes the next bytes of the file and returns the UTF-8 they complete. Never throws. For UTF-8 it is the chunk itself. */
  push(chunk: Uint8Array): Uint8Array;
  /** Returns what an unfinished character at the end of the file stands for, and makes the transcoder ready for another file. */
  end(): Uint8Array;
}

/** A place known in both countings. */
export interface SyncPoint {
  /** 0-based byte offset in the UTF-8 text. */
  readonly utf8: number;
  /** 0-based byte offset in the file as stored. */
  readonly raw: number;
}

const NOTHING = new Uint8Array(0);
const REPLACEMENT = 0xfffd;

/**
 * Makes a converter from the given encoding to UTF-8.
 *
 * What is no character becomes U+FFFD: a lone surrogate, a number above U+10FFFF, the one to three bytes of a unit that
 * the end of the file cuts. A byte order mark stays, as EF BB BF. UTF-8 passes unchanged, valid or not.
 */
export function createTranscoder(encoding: Encoding): Transcoder {
  if (encoding === 'utf-8') return { push: (chunk) => chunk, end: () => NOTHING };
  const littleEndian = encoding.endsWith('le');
  return encoding.startsWith('utf-16') ? createUtf16(littleEndian) : createUtf32(littleEndian);
}

function createUtf16(littleEndian: boolean): Transcoder {
  /** First byte of a unit that the chunk's end cut, or -1. */
  let held = -1;
  /** High surrogate that waits for its low one, or 0. */
  let high = 0;
  const lowAt = littleEndian ? 0 : 1;
  const highAt = 1 - lowAt;

  function put(out: Uint8Array, at: number, unit: number): number {
    if (high !== 0) {
      const first = high;
      high = 0;
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        return putCodePoint(out, at, 0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00));
      }
      at = putCodePoint(out, at, REPLACEMENT);
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
      high = unit;
      return at;
    }
    return putCodePoint(out, at, unit >= 0xdc00 && unit <= 0xdfff ? REPLACEMENT : unit);
  }

  return {
    push(chunk) {
      // Each unit makes at most 3 bytes; a high surrogate or a byte held back may add one character more.
      const out = new Uint8Array(3 * ((chunk.length + 1) >> 1) + 3);
      let at = 0;
      let i = 0;
      if (held >= 0 && chunk.length > 0) {
        const byte = chunk[i++]!;
        at = put(out, at, littleEndian ? held | (byte << 8) : (held << 8) | byte);
        held = -1;
      }
      for (; i + 1 < chunk.length; i += 2) {
        const unit = chunk[i + lowAt]! | (chunk[i + highAt]! << 8);
        if (unit < 0x80 && high === 0) out[at++] = unit;
        else at = put(out, at, unit);
      }
      if (i < chunk.length) held = chunk[i]!;
      return out.subarray(0, at);
    },
    end() {
      const out = new Uint8Array(6);
      let at = 0;
      if (high !== 0) at = putCodePoint(out, at, REPLACEMENT);
      if (held >= 0) at = putCodePoint(out, at, REPLACEMENT);
      high = 0;
      held = -1;
      return out.subarray(0, at);
    },
  };
}

function createUtf32(littleEndian: boolean): Transcoder {
  const held = new Uint8Array(4);
  let heldLength = 0;

  function put(out: Uint8Array, at: number, b0: number, b1: number, b2: number, b3: number): number {
    const unit =
      (littleEndian ? b0 | (b1 << 8) | (b2 << 16) | (b3 << 24) : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
    return putCodePoint(out, at, unit > 0x10ffff || (unit >= 0xd800 && unit <= 0xdfff) ? REPLACEMENT : unit);
  }

  return {
    push(chunk) {
      const out = new Uint8Array(chunk.length + 4);
      let at = 0;
      let i = 0;
      while (heldLength > 0 && heldLength < 4 && i < chunk.length) held[heldLength++] = chunk[i++]!;
      if (heldLength === 4) {
        at = put(out, at, held[0]!, held[1]!, held[2]!, held[3]!);
        heldLength = 0;
      }
      for (; i + 3 < chunk.length; i += 4) at = put(out, at, chunk[i]!, chunk[i + 1]!, chunk[i + 2]!, chunk[i + 3]!);
      while (i < chunk.length) held[heldLength++] = chunk[i++]!;
      return out.subarray(0, at);
    },
    end() {
      const out = new Uint8Array(3);
      const at = heldLength > 0 ? putCodePoint(out, 0, REPLACEMENT) : 0;
      heldLength = 0;
      return out.subarray(0, at);
    },
  };
}

/** Writes a Unicode scalar value as UTF-8 (RFC 3629, section 3) and returns the offset after it. */
function putCodePoint(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at++] = code;
  } else if (code < 0x800) {
    out[at++] = 0xc0 | (code >> 6);
    out[at++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    out[at++] = 0xe0 | (code >> 12);
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  } else {
    out[at++] = 0xf0 | (code >> 18);
    out[at++] = 0x80 | ((code >> 12) & 0x3f);
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

/**
 * Maps an offset in transcoded text back to the file as stored.
 *
 * The transcoded bytes alone tell how long each character was before: 4 bytes in UTF-32; in UTF-16 4 for what takes 4
 * bytes in UTF-8 and 2 for all else, U+FFFD for a lone surrogate included.
 *
 * @param transcoded UTF-8 bytes that createTranscoder made, the first of which stands at `from.utf8`
 * @param offset 0-based UTF-8 offset, `from.utf8 <= offset <= from.utf8 + transcoded.length`; inside a character it stands
 *   for the character's start
 * @param encoding what the file is stored in
 * @param from a place known in both countings, on a character border; the start of the file by default. The result,
 *   joined with `offset`, is the next one.
 * @param rawSize size of the file in bytes: only needed to be exact after a unit that the end of the file cuts
 * @returns 0-based byte offset in the file
 */
export function mapToRaw(
  transcoded: Uint8Array,
  offset: number,
  encoding: Encoding,
  from: SyncPoint = { utf8: 0, raw: 0 },
  rawSize = Number.POSITIVE_INFINITY,
): number {
  let end = offset - from.utf8;
  if (encoding === 'utf-8') return from.raw + end;
  while (end > 0 && end < transcoded.length && (transcoded[end]! & 0xc0) === 0x80) end--;
  let characters = 0;
  let long = 0;
  for (let i = 0; i < end; i++) {
    const byte = transcoded[i]!;
    if ((byte & 0xc0) !== 0x80) characters++;
    if (byte >= 0xf0) long++;
  }
  const length = encoding.startsWith('utf-16') ? 2 * (characters + long) : 4 * characters;
  return Math.min(from.raw + length, rawSize);
}
