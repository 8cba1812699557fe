interface InflateExports {
  configureInflate(at: number): void;
  inflateWork(): number;
  inflate(at: number, length: number, out: number, size: number): number;
}

/** Inflates zlib streams (RFC 1950) within the kernel's memory: small ones far faster than a stream of node:zlib is made. */
export interface Inflater {
  /** First address behind the inflater's own tables. */
  readonly freeAt: number;
  /**
   * Inflates `length` bytes at an address to exactly `size` bytes at another; both have 64 bytes of margin behind them.
   * False when the stream is damaged, or of another size.
   */
  inflate(at: number, length: number, out: number, size: number): boolean;
}

/** Sets up an inflater in memory from the address `at` on, which has to be there. */
export const createInflater = (
  exports: Record<string, unknown>,
  at: number,
  reserve: (at: number, size: number) => void,
): Inflater => {
  const wasm = exports as unknown as InflateExports;
  reserve(at, wasm.inflateWork());
  wasm.configureInflate(at);
  return {
    freeAt: (at + wasm.inflateWork() + 63) & ~63,
    inflate: (from, length, out, size) => wasm.inflate(from, length, out, size) !== 0,
  };
};
