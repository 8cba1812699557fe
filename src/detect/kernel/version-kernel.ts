import type { DeltaExports } from '../../delta-exports.ts';
import type { KernelImage } from './image.ts';
import { createInflater } from './inflater.ts';
import type { Kernel } from './kernel.ts';
import { sortPairs } from './pairs.ts';
import { testReachOf } from './test-reach.ts';

interface VersionExports {
  configureVersions(...values: number[]): void;
  applyDelta: DeltaExports['applyDelta'];
  deriveVersion(
    base: number,
    baseLength: number,
    delta: number,
    deltaLength: number,
    out: number,
    outLength: number,
    runs: number,
    most: number,
    counts: number,
  ): number;
}

/** What may differ between a version and its base. All positions are those of the version. */
export interface Changes {
  /** Triples (place, place in the base, length) of what was copied, ascending. */
  readonly runs: Uint32Array;
  /** Pairs (from, to): `found` has every anchor that starts in them, and outside of them nothing changed. */
  readonly windows: Uint32Array;
  /** Pairs (position, anchor), sorted. */
  readonly found: Uint32Array;
  /** The same for encoded text: windows, and triples (position, length, kind). */
  readonly spotWindows: Uint32Array;
  readonly spots: Uint32Array;
}

/** Loads deltas in the kernel's memory; addresses are those of the kernel. */
export interface VersionKernel {
  /** First address behind this kernel's own buffers. */
  readonly freeAt: number;
  /** As Inflater.inflate(). */
  inflate(at: number, length: number, out: number, size: number): boolean;
  /** Puts the result of a delta to an address. False when it does not fit. */
  apply(base: Stretch, delta: Stretch, out: Stretch): boolean;
  /**
   * The same, and tells what it changed; 'crowded' when that is too much to follow, 'damaged' when the delta does not fit. Valid
   * until the next call. Without `carries` (nothing is known of the base), copies and windows are left out where nothing was
   * found.
   */
  derive(base: Stretch, delta: Stretch, out: Stretch, carries: boolean): Changes | 'damaged' | 'crowded';
}

/** A stretch of the kernel's memory. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

const DAMAGED = -1;

const NO_WORDS = new Uint32Array(0);
const NO_CHANGES: Changes = {
  runs: NO_WORDS,
  windows: NO_WORDS,
  found: NO_WORDS,
  spotWindows: NO_WORDS,
  spots: NO_WORDS,
};

const MOST_RUNS = 1 << 15;
const MOST_FOUND = 1 << 14;
const MOST_SPOTS = 1 << 13;

/** Sets up the buffers of versions from the address `at` on, for the kernel that was made with the image. */
export const createVersionKernel = (kernel: Kernel, image: KernelImage, at: number): VersionKernel => {
  const reach = testReachOf(image);
  const wasm = kernel.wasm as unknown as VersionExports;
  const runsAt = at;
  const windowsAt = runsAt + MOST_RUNS * 12;
  const spotWindowsAt = windowsAt + (MOST_RUNS + 2) * 8;
  const foundAt = spotWindowsAt + (MOST_RUNS + 2) * 8;
  const spotsAt = foundAt + MOST_FOUND * 8;
  const countsAt = spotsAt + MOST_SPOTS * 12;
  const inflaterAt = (countsAt + 16 + 63) & ~63;
  kernel.reserve(at, inflaterAt - at);
  const inflater = createInflater(kernel.wasm, inflaterAt, kernel.reserve);
  const freeAt = (inflater.freeAt + 4095) & ~4095;
  wasm.configureVersions(
    reach.line,
    reach.any,
    foundAt,
    MOST_FOUND,
    windowsAt,
    spotWindowsAt,
    spotsAt,
    MOST_SPOTS,
    kernel.candidatesAt,
    kernel.spotsAt,
    image.alphabet,
  );
  const words = (address: number, count: number) =>
    count === 0 ? NO_WORDS : new Uint32Array(kernel.memory().buffer, address, count);
  let known = words(countsAt, 4);
  /** The view ends when the memory grows. */
  const counts = () => {
    if (known.buffer !== kernel.memory().buffer) known = words(countsAt, 4);
    return known;
  };
  return {
    freeAt,
    inflate: inflater.inflate,
    apply: (base, delta, out) =>
      wasm.applyDelta(base.at, base.length, delta.at, delta.length, out.at, out.length, runsAt, MOST_RUNS) !== DAMAGED,
    derive: (base, delta, out, carries) => {
      const { at, length } = delta;
      const runs = wasm.deriveVersion(
        base.at,
        base.length,
        at,
        length,
        out.at,
        out.length,
        runsAt,
        MOST_RUNS,
        countsAt,
      );
      if (runs < 0) return runs === DAMAGED ? 'damaged' : 'crowded';
      const [windows, found, spotWindows, spots] = counts() as unknown as [number, number, number, number];
      if (!carries && found === 0 && spots === 0) return NO_CHANGES;
      return {
        runs: words(runsAt, runs * 3),
        windows: words(windowsAt, windows * 2),
        found: sortPairs(words(foundAt, found * 2)),
        spotWindows: words(spotWindowsAt, spotWindows * 2),
        spots: words(spotsAt, spots * 3),
      };
    },
  };
};
