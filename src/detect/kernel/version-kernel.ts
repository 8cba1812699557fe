import type { DeltaExports } from '../../delta-exports.ts';
import type { KernelImage } from './image.ts';
import { createInflater } from './inflater.ts';
import type { Kernel } from './kernel.ts';
import { sortPairs } from './pairs.ts';
import { testReachOf } from './test-reach.ts';

interface VersionExports extends DeltaExports {
  configureVersions(...values: number[]): void;
  scanChanges(at: number, length: number, baseLength: number, runs: number, runCount: number): boolean;
  foundCount(): number;
  windowCount(): number;
  spotWindowCount(): number;
  spotsCount(): number;
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
  /** Size in bytes that a delta names for its base or its result; undefined when it is damaged or beyond 2 GiB. */
  sizeOf(deltaAt: number, length: number, which: 'base' | 'result'): number | undefined;
  /** Puts the result of a delta to `outAt`. 'damaged' when it does not fit; 'crowded' when it is too patchy to follow. */
  apply(
    base: { readonly at: number; readonly length: number },
    delta: { readonly at: number; readonly length: number },
    out: { readonly at: number; readonly length: number },
  ): number | 'damaged' | 'crowded';
  /**
   * What the last apply() changed, `runs` being its answer; undefined when it is too much. Valid until the next call.
   * Without `carries` (nothing is known of the base), copies and windows are left out where nothing was found.
   */
  changes(
    out: { readonly at: number; readonly length: number },
    baseLength: number,
    runs: number,
    carries: boolean,
  ): Changes | undefined;
}

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
  const inflaterAt = (spotsAt + MOST_SPOTS * 12 + 63) & ~63;
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
  return {
    freeAt,
    inflate: inflater.inflate,
    sizeOf: (deltaAt, length, which) => {
      const size = wasm.deltaSize(deltaAt, length, which === 'base' ? 0 : 1);
      return size < 0 ? undefined : size;
    },
    apply: (base, delta, out) => {
      const runs = wasm.applyDelta(base.at, base.length, delta.at, delta.length, out.at, out.length, runsAt, MOST_RUNS);
      return runs === -1 ? 'damaged' : runs === -2 ? 'crowded' : runs;
    },
    changes: (out, baseLength, runs, carries) => {
      if (!wasm.scanChanges(out.at, out.length, baseLength, runsAt, runs)) return undefined;
      const found = wasm.foundCount();
      const spots = wasm.spotsCount();
      if (!carries && found === 0 && spots === 0) return NO_CHANGES;
      return {
        runs: words(runsAt, runs * 3),
        windows: words(windowsAt, wasm.windowCount() * 2),
        found: sortPairs(words(foundAt, found * 2)),
        spotWindows: words(spotWindowsAt, wasm.spotWindowCount() * 2),
        spots: words(spotsAt, spots * 3),
      };
    },
  };
};
