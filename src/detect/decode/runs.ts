import { type Decoding, isMostlyText, opaque } from './decoding.ts';

const MAX_INFLATED = 4 << 20;
/** Base64 wrapped at fewer columns than this is not joined: 64 (PEM) and 76 (MIME) are the usual widths. */
const MIN_WRAP = 60;

const isBase64 = (byte: number): boolean =>
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  (byte >= 47 && byte <= 57) ||
  byte === 43 ||
  byte === 45 ||
  byte === 95;

/** How far a look went: the offset behind the last byte it depends on; beyond the layer when its end was met. */
export interface Seen {
  to: number;
}

type Piece = readonly [start: number, end: number];

/**
 * The pieces of a base64 text that is wrapped over lines: offsets in `bytes`, ends exclusive. All but the last are of one
 * length. Looks no further once there are `most` characters.
 */
const wrappedPieces = (
  bytes: Uint8Array,
  start: number,
  end: number,
  limit: number,
  most = Number.POSITIVE_INFINITY,
  seen: Seen = { to: 0 },
): Piece[] => {
  const pieces: Piece[] = [[start, end]];
  const width = end - start;
  seen.to = Math.max(seen.to, end + 2);
  if (width < MIN_WRAP) return pieces;
  for (let last = end; pieces.length * width < most; ) {
    let next = last;
    if (bytes[next] === 13) next++;
    if (bytes[next] !== 10) return pieces;
    next++;
    while (next < limit && (bytes[next] === 32 || bytes[next] === 9)) next++;
    let stop = next;
    while (stop < limit && isBase64(bytes[stop]!)) stop++;
    seen.to = Math.max(seen.to, stop + 2);
    if (stop === next || stop - next > width) return pieces;
    pieces.push([next, stop]);
    last = stop;
    if (stop - next < width) return pieces;
  }
  return pieces;
};

/** Characters of a run that tell what it is: as many bytes as isMostlyText looks at. */
const HEAD = 5464;
const INFLATED_HEAD = 65536;

const decodePieces = (bytes: Buffer, pieces: readonly Piece[]): Buffer =>
  Buffer.from(pieces.map(([from, to]) => bytes.toString('latin1', from, to)).join(''), 'base64');

/**
 * Decodes a run of base64 or base64url characters, joined over wrapped lines, and what is inside: text, gzip or UTF-16.
 * The `end` of what it returns says up to where runs need no further look.
 * @param bytes the layer; @param start,end the run's offsets; @param limit end of the layer.
 * @param seen is told how far the answer depends on what follows.
 */
export const decodeBase64Run = (
  bytes: Buffer,
  start: number,
  end: number,
  limit: number,
  seen?: Seen,
): Decoding | undefined => {
  // Each line of what is nothing comes here as a run of its own: it must not be decoded with all lines that follow it.
  const head = decodePieces(bytes, wrappedPieces(bytes, start, Math.min(end, start + HEAD), limit, HEAD, seen));
  const isGzip = head[0] === 0x1f && head[1] === 0x8b && inflate(head, INFLATED_HEAD) !== undefined;
  const isWide = looksUtf16(head);
  if (!isGzip && !isWide && !isMostlyText(head)) return undefined;
  const pieces = wrappedPieces(bytes, start, end, limit, Number.POSITIVE_INFINITY, seen);
  const stop = pieces[pieces.length - 1]![1];
  const decoded = decodePieces(bytes, pieces);
  const inner = isGzip ? inflate(decoded, MAX_INFLATED) : undefined;
  if (inner) return { ...opaque('base64>gzip', inner.bytes, start, stop), cut: inner.cut };
  if (isWide) return opaque('base64>utf-16le', Buffer.from(decoded.toString('utf16le')), start, stop);
  if (isMostlyText(head)) return { name: 'base64', bytes: decoded, start, end: stop, source: base64Source(pieces) };
  // Damaged behind its head. What follows the head may be something by itself.
  return opaque('base64>gzip', new Uint8Array(0), start, Math.min(stop, start + HEAD));
};

const HEX_ONLY = /^[0-9A-Fa-f]+$/;

/**
 * Decodes what is left of a run that began before `from`, so far back that only a part of it was decoded there. Where its
 * start is out of sight, the four alignments are tried.
 */
export const decodeContinuedRun = (bytes: Buffer, from: number, limit: number): Decoding | undefined => {
  if (from === 0 || from >= limit || !isBase64(bytes[from - 1]!) || !isBase64(bytes[from]!)) return undefined;
  let start = from;
  while (start > 0 && isBase64(bytes[start - 1]!)) start--;
  let end = from;
  while (end < limit && isBase64(bytes[end]!)) end++;
  const hex = HEX_ONLY.test(bytes.toString('latin1', from, Math.min(end, from + 64)));
  if (hex) {
    for (const at of start > 0 ? [from + ((from - start) % 2)] : [from, from + 1]) {
      const decoding = at + 32 <= end ? decodeHexRun(bytes, at, end) : undefined;
      if (decoding) return decoding;
    }
  }
  const aligned = from + ((4 - ((from - start) % 4)) % 4);
  const tries = start > 0 ? [aligned] : [from, from + 1, from + 2, from + 3];
  for (const at of tries) {
    const decoding = at + 32 <= end ? decodeBase64Run(bytes, at, end, limit) : undefined;
    if (decoding) return decoding;
  }
  return undefined;
};

/** The way back from decoded bytes to the characters of the pieces. */
const base64Source = (pieces: readonly Piece[]): Decoding['source'] => {
  const [first, last] = [pieces[0]!, pieces[pieces.length - 1]!];
  const width = first[1] - first[0];
  const offsetOf = (character: number): number =>
    Math.min((pieces[Math.floor(character / width)]?.[0] ?? last[1]) + (character % width), last[1]);
  return (from, to) => {
    const begin = offsetOf(Math.floor((from * 8) / 6));
    const lastCharacter = Math.floor((to * 8 - 1) / 6);
    return [begin, to > from ? offsetOf(lastCharacter) + 1 : begin];
  };
};

/** What is compressed, as far as it goes: a truncated stream gives its start. Undefined when it is damaged. */
const inflate = (bytes: Uint8Array, most: number): { bytes: Uint8Array; cut: boolean } | undefined => {
  try {
    // Loaded on first use: most scans meet no compressed text.
    const { gunzipSync, constants } = process.getBuiltinModule('node:zlib');
    const finishFlush = constants.Z_SYNC_FLUSH;
    return { bytes: gunzipSync(bytes, { maxOutputLength: most, finishFlush }), cut: false };
  } catch (error) {
    // Not gzip after all, or damaged: the run stays what it was, undecoded text. A bomb is a limit that was hit.
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isBomb ? { bytes: new Uint8Array(0), cut: true } : undefined;
  }
};

const looksUtf16 = (bytes: Buffer): boolean => {
  const sample = Math.min(bytes.length & ~1, 256);
  let zeros = 0;
  for (let i = 1; i < sample; i += 2) if (bytes[i] === 0) zeros++;
  return sample >= 16 && zeros >= sample * 0.45;
};

/** Decodes a run of hex digits that spells text. */
export const decodeHexRun = (bytes: Buffer, start: number, end: number): Decoding | undefined => {
  let stop = start;
  while (stop < end && /[0-9A-Fa-f]/.test(String.fromCharCode(bytes[stop]!))) stop++;
  if ((stop - start) % 2) stop--;
  const decoded = Buffer.from(bytes.toString('latin1', start, stop), 'hex');
  if (!isMostlyText(decoded)) return undefined;
  return { name: 'hex', bytes: decoded, start, end: stop, source: (from, to) => [start + from * 2, start + to * 2] };
};
