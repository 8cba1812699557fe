import { SPOT } from '../kernel/kernel.ts';
import { type Decoding, mapped } from './decoding.ts';

/** What is decoded as one reaches this far back from the first escape, and this far on. */
const BACK = 2048;
const ON = 16384;
/** Where the text had to be cut, escapes this far before the cut are looked at again with what follows. */
const OVERLAP = 2048;

const isTokenByte = (byte: number): boolean =>
  byte > 32 && byte !== 34 && byte !== 39 && byte !== 60 && byte !== 62 && byte !== 96;
const isLineByte = (byte: number): boolean => byte !== 10 && byte !== 13;
const belongsFor = (kind: number) => (kind === SPOT.ansi ? isLineByte : isTokenByte);

const isWordByte = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95;

/** What escapedRegion() and decodeEscapes() look at for an escape: offsets, beyond the layer when its border was met. */
export const escapeReach = (bytes: Buffer, position: number, kind: number): [number, number] => {
  const inside = belongsFor(kind);
  let start = position;
  while (start > position - BACK && start > 0 && inside(bytes[start - 1]!)) start--;
  let end = position;
  while (end < position + ON && end < bytes.length && inside(bytes[end]!)) end++;
  return [start - 1, end + 1];
};

/** The stretch around an escape that is decoded as one: the line for terminal codes, the token for the others. */
export const escapedRegion = (bytes: Uint8Array, position: number, kind: number, limit: number): [number, number] => {
  const inside = belongsFor(kind);
  let start = position;
  const lowest = Math.max(0, position - BACK);
  while (start > lowest && inside(bytes[start - 1]!)) start--;
  // Cut within a word, its rest would look like a whole one.
  if (start > 0 && inside(bytes[start - 1]!)) while (start < position && isWordByte(bytes[start]!)) start++;
  let end = position;
  const highest = Math.min(limit, position + ON);
  while (end < highest && inside(bytes[end]!)) end++;
  return [start, end];
};

const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]_][^\x07\x1b]{0,1000}(?:\x07|\x1b\\))/y;
const PERCENT = /%([0-9A-Fa-f]{2})/y;
const BACKSLASH = /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([abfnrtv/\\"']))/y;
const LETTERS: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const replacement = (kind: number, found: RegExpExecArray): Buffer => {
  if (kind === SPOT.ansi) return Buffer.alloc(0);
  if (kind === SPOT.percent) return Buffer.from(found[1]!, 'hex');
  const [, unicode, hex, letter] = found;
  if (unicode !== undefined) return Buffer.from(String.fromCharCode(Number.parseInt(unicode, 16)));
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  return Buffer.from(LETTERS[letter!] ?? letter!, 'latin1');
};

const NAMES: Record<number, string> = { [SPOT.ansi]: 'ansi', [SPOT.percent]: 'percent', [SPOT.backslash]: 'escapes' };

/**
 * Removes terminal codes, or resolves %XX or backslash escapes, in [start, end) of a layer. The `end` of what it returns
 * says up to where escapes need no further look; it holds no bytes when no whole escape stands there.
 */
export const decodeEscapes = (bytes: Buffer, start: number, end: number, kind: number): Decoding => {
  const text = bytes.toString('latin1', start, end);
  const pattern = kind === SPOT.ansi ? ANSI : kind === SPOT.percent ? PERCENT : BACKSLASH;
  const mark = kind === SPOT.ansi ? '\x1b' : kind === SPOT.percent ? '%' : '\\';
  const output = Buffer.allocUnsafe(text.length);
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let length = 0;
  let changed = false;
  const put = (byte: number, offset: number, width: number) => {
    output[length] = byte;
    starts[length] = start + offset;
    ends[length++] = start + offset + width;
  };
  for (let i = 0; i < text.length; ) {
    if (text[i] === mark) {
      pattern.lastIndex = i;
      const found = pattern.exec(text);
      if (found) {
        for (const byte of replacement(kind, found)) put(byte, i, found[0].length);
        i += found[0].length;
        changed = true;
        continue;
      }
    }
    put(text.charCodeAt(i), i, 1);
    i++;
  }
  if (!changed) length = 0;
  const cut = end < bytes.length && end - start >= ON && belongsFor(kind)(bytes[end]!);
  const seen: [number, number] = [start, cut ? end - OVERLAP : end];
  return mapped(NAMES[kind]!, output.subarray(0, length), seen, starts.subarray(0, length), ends);
};
