/**
 * What a WebAssembly module exports that applies git's deltas (src/detect/kernel/assembly/delta.ts). All numbers are addresses
 * in its memory and lengths in bytes, but `most`: how many copies `runs` has room for.
 */
export interface DeltaExports {
  deltaSize(delta: number, length: number, which: number): number;
  applyDelta(
    base: number,
    baseLength: number,
    delta: number,
    deltaLength: number,
    out: number,
    outLength: number,
    runs: number,
    most: number,
  ): number;
}
