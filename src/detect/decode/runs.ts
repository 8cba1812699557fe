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

/** The pieces of a base64 text that is wrapped over lines: offsets in `bytes`, ends exclusive. */
const wrappedPieces = (bytes: Uint8Array, start: number, end: number, limit: number): [number, number][] => {
  const pieces: [number, number][] = [[start, end]];
  const width = end - start;
  if (width < MIN_WRAP) return pieces;
  for (let last = end; ; ) {
    let next = last;
    if (bytes[next] === 13) next++;
    if (bytes[next] !== 10) return pieces;
    next++;
    while (next < limit && (bytes[next] === 32 || bytes[next] === 9)) next++;
    let stop = next;
    while (stop < limit && isBase64(bytes[stop]!)) stop++;
    if (stop === next || stop - next > width) return pieces;
    pieces.push([next, stop]);
    last = stop;
    if (stop - next < width) return pieces;
  }
};

/**
 * Decodes a run of base64 or base64url characters, joined over wrapped lines, and what is inside: text, gzip or UTF-16.
 * @param bytes the layer; @param start,end the run's offsets; @param limit end of the layer.
 */
export const decodeBase64Run = (bytes: Buffer, start: number, end: number, limit: number): Decoding | undefined => {
  const pieces = wrappedPieces(bytes, start, end, limit);
  const stop = pieces[pieces.length - 1]![1];
  const text = pieces.map(([from, to]) => bytes.toString('latin1', from, to)).join('');
  const decoded = Buffer.from(text, 'base64');
  const inner = decoded[0] === 0x1f && decoded[1] === 0x8b ? inflate(decoded) : undefined;
  if (inner) return { ...opaque('base64>gzip', inner.bytes, start, stop), cut: inner.cut };
  const wide = fromUtf16(decoded);
  if (wide) return opaque('base64>utf-16le', wide, start, stop);
  if (!isMostlyText(decoded)) return undefined;
  return { name: 'base64', bytes: decoded, start, end: stop, source: base64Source(pieces) };
};

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
  const aligned = from + ((4 - ((from - start) % 4)) % 4);
  const tries = start > 0 ? [aligned] : [from, from + 1, from + 2, from + 3];
  for (const at of tries) {
    const decoding = at + 32 <= end ? decodeBase64Run(bytes, at, end, limit) : undefined;
    if (decoding) return decoding;
  }
  return undefined;
};

/** Character k of the joined text, as an offset in the layer. */
const base64Source = (pieces: readonly [number, number][]): Decoding['source'] => {
  const offsetOf = (character: number): number => {
    let left = character;
    for (const [from, to] of pieces) {
      if (left < to - from) return from + left;
      left -= to - from;
    }
    return pieces[pieces.length - 1]![1];
  };
  return (from, to) => {
    const first = offsetOf(Math.floor((from * 8) / 6));
    const lastCharacter = Math.floor((to * 8 - 1) / 6);
    return [first, to > from ? offsetOf(lastCharacter) + 1 : first];
  };
};

/** What is compressed, as far as it goes: a truncated stream gives its start. */
const inflate = (bytes: Uint8Array): { bytes: Uint8Array; cut: boolean } | undefined => {
  try {
    // Loaded on first use: most scans meet no compressed text.
    const { gunzipSync, constants } = process.getBuiltinModule('node:zlib');
    const finishFlush = constants.Z_SYNC_FLUSH;
    const inner = gunzipSync(bytes, { maxOutputLength: MAX_INFLATED, finishFlush });
    return inner.length > 0 ? { bytes: inner, cut: false } : undefined;
  } catch (error) {
    // Not gzip after all, or damaged: the run stays what it was, undecoded text. A bomb is a limit that was hit.
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isBomb ? { bytes: new Uint8Array(0), cut: true } : undefined;
  }
};

const fromUtf16 = (bytes: Buffer): Buffer | undefined => {
  const sample = Math.min(bytes.length & ~1, 256);
  let zeros = 0;
  for (let i = 1; i < sample; i += 2) if (bytes[i] === 0) zeros++;
  return sample >= 16 && zeros >= sample * 0.45 ? Buffer.from(bytes.toString('utf16le')) : undefined;
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
