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

const BINARY_REACH = 64;

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
