/** Decoded text and the way back: offsets of the decoded bytes in the text they came from. */
export interface Decoding {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Span of the encoded text, in the layer above; end exclusive. */
  readonly start: number;
  readonly end: number;
  /** True when there was more than the limit allows: the bytes are not all. */
  readonly cut?: boolean;
  /** Offsets in the layer above of the decoded range [start, end). */
  source(start: number, end: number): [start: number, end: number];
}

/** A decoding whose inner positions can't be told apart (compressed): every range maps to the whole span. */
export const opaque = (name: string, bytes: Uint8Array, start: number, end: number): Decoding => ({
  name,
  bytes,
  start,
  end,
  source: () => [start, end],
});

/** A decoding that knows for each decoded byte where its source starts and ends in the layer above. */
export const mapped = (
  name: string,
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  starts: Uint32Array,
  ends: Uint32Array,
): Decoding => ({
  name,
  bytes,
  start,
  end,
  source: (from, to) => [starts[from] ?? end, to > from ? ends[to - 1]! : (starts[from] ?? end)],
});

const TEXT_SHARE = 0.85;

/** Are nearly all bytes printable ASCII or white space? A random token decodes to text of 40 %. */
export const isMostlyText = (bytes: Uint8Array): boolean => {
  let text = 0;
  const sample = Math.min(bytes.length, 4096);
  for (let i = 0; i < sample; i++) {
    const byte = bytes[i]!;
    if ((byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9 || byte === 27) text++;
  }
  return sample > 0 && text >= sample * TEXT_SHARE;
};
