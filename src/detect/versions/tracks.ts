import type { DecodedSpot } from '../detector.ts';
import type { Draft, Refusal } from '../finding-draft.ts';
import type { RankedMatch } from '../overlap.ts';
import type { CompiledRule } from '../rules/rule.ts';
import type { Reach } from './reach.ts';

/** What one rule found at an anchor; `start` and `end` count from the anchor's position. */
export interface Found {
  readonly rule: CompiledRule;
  readonly index: number;
  readonly what: Draft | Refusal;
}

/** An anchor and what was found at it. Says nothing of where it stands, so that versions can share it. */
export interface Candidate extends Reach {
  readonly anchor: number;
  readonly found: readonly Found[];
}

/** A place with encoded text. `decoded` is there when it was looked into; its offsets count from the spot's position. */
export interface TrackedSpot extends Reach {
  readonly kind: number;
  readonly length: number;
  readonly decoded?: DecodedSpot;
}

/** All anchors and spots of one version, each list sorted by position and then by anchor or kind. */
export interface Tracks {
  readonly positions: readonly number[];
  readonly candidates: readonly Candidate[];
  readonly spotPositions: readonly number[];
  readonly spots: readonly TrackedSpot[];
  /** What stands in the encoded text, once it was looked into. */
  readonly decoded?: { readonly matches: readonly RankedMatch[]; readonly cut: boolean };
}

/** Tracks of a text with no anchor and nothing encoded in it: most are such. */
export const UNTRACKED: Tracks = { positions: [], candidates: [], spotPositions: [], spots: [] };

/** Index of the first position at `at` or behind it. */
export const firstAt = (positions: readonly number[], at: number): number => {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positions[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
};
