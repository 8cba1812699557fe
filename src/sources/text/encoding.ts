/** Finds out which Unicode encoding a file is written in, from its first bytes. */

/** Encodings that the sources can read. Everything that is not UTF-16 or UTF-32 is read as UTF-8, binary files included. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

/** Bytes at the start of a file that decide its encoding. */
export const ENCODING_HEAD = 4096;

/** Text without a byte order mark is only believed to be UTF-16 or UTF-32 from this many code units on. */
const MIN_UNITS = 8;

/** Order matters: the mark of UTF-32LE begins with the one of UTF-16LE. */
const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const WIDE: readonly Encoding[] = ['utf-32le', 'utf-32be', 'utf-16le', 'utf-16be'];

interface Tally {
  readonly units: number;
  /** Tab, line ends, escape and the printable ASCII characters. */
  readonly ascii: number;
  /** Other control characters, U+0000 among them. */
  readonly control: number;
  /** Lone surrogates and numbers above U+10FFFF. */
  readonly invalid: number;
}

/**
 * Tells the encoding of a file from its first bytes.
 *
 * @param head the first bytes of the file; at most ENCODING_HEAD of them are looked at
 * @returns what the byte order mark says (Unicode 16.0, section 23.8), unless what follows can't be that encoding; without
 *   a mark UTF-16 or UTF-32 where the bytes read that way are printable and mostly ASCII; else 'utf-8'
 */
export function detectEncoding(head: Uint8Array): Encoding {
  const sample = head.length > ENCODING_HEAD ? head.subarray(0, ENCODING_HEAD) : head;
  // No mark begins with such a byte, and the other encodings have zeros in all text of mostly ASCII.
  if (sample.length > 0 && sample[0]! > 0 && sample[0]! < 0xef && !sample.includes(0)) return 'utf-8';
  for (const [encoding, mark] of MARKS) {
    if (mark.every((byte, i) => sample[i] === byte) && fitsItsMark(sample, encoding)) return encoding;
  }
  if (!sample.includes(0)) return 'utf-8';
  return WIDE.find((encoding) => looksLikeText(tally(sample, encoding))) ?? 'utf-8';
}

/** Binary files may begin with FF FE by chance; they betray themselves by lone surrogates (3 % of random code units). */
function fitsItsMark(sample: Uint8Array, encoding: Encoding): boolean {
  if (encoding === 'utf-8') return true;
  const { units, invalid } = tally(sample, encoding);
  return invalid * 100 <= units;
}

function looksLikeText({ units, ascii, control, invalid }: Tally): boolean {
  return units >= MIN_UNITS && invalid === 0 && control * 100 <= units && ascii * 2 >= units;
}

function tally(sample: Uint8Array, encoding: Encoding): Tally {
  const width = encoding.startsWith('utf-16') ? 2 : 4;
  const view = new DataView(sample.buffer, sample.byteOffset, sample.byteLength);
  const littleEndian = encoding.endsWith('le');
  const units = Math.floor(sample.length / width);
  let ascii = 0;
  let control = 0;
  let invalid = 0;
  for (let i = 0; i < units; i++) {
    const at = i * width;
    const unit = width === 2 ? view.getUint16(at, littleEndian) : view.getUint32(at, littleEndian);
    if (isAsciiText(unit)) ascii++;
    else if (unit < 0xa0) control++;
    else if (width === 4) invalid += isScalar(unit) ? 0 : 1;
    else if (isHigh(unit)) {
      // A pair cut by the end of the sample is not held against it.
      if (i + 1 < units && !isLow(view.getUint16(at + 2, littleEndian))) invalid++;
      else i++;
    } else if (isLow(unit)) invalid++;
  }
  return { units, ascii, control, invalid };
}

function isAsciiText(unit: number): boolean {
  return (unit >= 0x20 && unit < 0x7f) || (unit >= 0x09 && unit <= 0x0d) || unit === 0x1b;
}

function isScalar(unit: number): boolean {
  return unit <= 0x10ffff && (unit < 0xd800 || unit > 0xdfff);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
