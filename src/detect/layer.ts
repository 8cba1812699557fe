/** Bytes in the kernel's memory that are scanned as one text: an item's window, or something decoded from it. */
export interface Layer {
  /** The layer's bytes. Valid until the kernel's memory grows: never kept. */
  bytes(): Buffer;
  readonly length: number;
  /** Decodings passed through, outermost first. */
  readonly chain: readonly string[];
}

/** Latin-1 text of [from, to), clipped to the layer. */
export const textOf = (layer: Layer, from: number, to: number): string =>
  layer.bytes().toString('latin1', Math.max(0, from), Math.min(layer.length, to));

/** Bytes to either side that isAmongBinary() looks at. */
export const BINARY_REACH = 64;

/**
 * Does [start, end) stand among bytes that are no text? Control characters within 64 bytes decide, so the answer does
 * not depend on how a file begins. Only unmistakable formats are believed there.
 */
export const isAmongBinary = (layer: Layer, start: number, end: number): boolean => {
  const bytes = layer.bytes();
  let control = 0;
  const count = (from: number, to: number) => {
    for (let i = Math.max(0, from); i < Math.min(layer.length, to); i++) {
      const byte = bytes[i]!;
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 12 && byte !== 8) control++;
    }
  };
  count(start - BINARY_REACH, start);
  count(end, end + BINARY_REACH);
  return control > 2;
};

/** How much of a line is judged together with a value. */
export const JUDGE_BEFORE = 120;
export const JUDGE_AFTER = 60;

/** The text left of `at` on its line, at most 120 characters. */
export const lineBefore = (text: string, at: number): string => {
  const left = text.slice(Math.max(0, at - JUDGE_BEFORE), at);
  return left.slice(Math.max(left.lastIndexOf('\n'), left.lastIndexOf('\r')) + 1);
};

/** The text right of `at` on its line, at most 60 characters. */
export const lineAfter = (text: string, at: number): string => {
  const right = text.slice(at, at + JUDGE_AFTER);
  const stop = right.search(/[\r\n]/);
  return stop < 0 ? right : right.slice(0, stop);
};

/** What stands left and right of the bytes [start, end) of a layer on their line. */
export const lineAround = (layer: Layer, start: number, end: number): { before: string; after: string } => {
  const from = Math.max(0, start - JUDGE_BEFORE);
  const text = textOf(layer, from, end + JUDGE_AFTER);
  return { before: lineBefore(text, start - from), after: lineAfter(text, end - from) };
};
