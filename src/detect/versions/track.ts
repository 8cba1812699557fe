import type { DetectorParts, PlacedLayer } from '../detector.ts';
import type { Spot } from '../kernel/kernel.ts';
import type { Changes } from '../kernel/version-kernel.ts';
import type { Layer } from '../layer.ts';
import type { Reach } from './reach.ts';
import { type Candidate, type Found, firstAt, isWithin, type Run, type TrackedSpot, type Tracks } from './tracks.ts';

/** Tells how far the answer at an anchor depends on the text. */
export type ReachOf = (layer: Layer, at: number, anchor: number) => Reach;

const NO_REACH: Reach = { before: 0, after: 0 };
const NOTHING: readonly Found[] = [];

/** What evaluates one anchor. With `reachOf` undefined nothing will be derived from the answer. */
const evaluated = (
  parts: DetectorParts,
  layer: Layer,
  at: number,
  anchor: number,
  reachOf: ReachOf | undefined,
): Candidate => {
  let found: Found[] | undefined;
  parts.evaluate(layer, at, anchor, (rule, index, what) => {
    found ??= [];
    found.push({ rule, index, what: { ...what, start: what.start - at, end: what.end - at } });
  });
  const { before, after } = reachOf?.(layer, at, anchor) ?? NO_REACH;
  return { anchor, before, after, found: found ?? NOTHING };
};

/** Tracks a text without a base: every anchor is looked at. */
export const trackWhole = (parts: DetectorParts, layer: PlacedLayer, reachOf?: ReachOf): Tracks => {
  const pairs = parts.kernel.candidates(layer.at, 0, layer.length, layer.length);
  const positions: number[] = [];
  const candidates: Candidate[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    positions.push(pairs[i]!);
    candidates.push(evaluated(parts, layer, pairs[i]!, pairs[i + 1]!, reachOf));
  }
  const spots = parts.kernel.spots(layer.at, 0, layer.length, layer.length).sort(byPosition);
  return {
    positions,
    candidates,
    spotPositions: spots.map(({ position }) => position),
    spots: spots.map(({ length, kind }) => ({ length, kind, ...NO_REACH })),
  };
};

const byPosition = (a: Spot, b: Spot) => a.position - b.position || a.kind - b.kind;

/** Walks over sorted, disjoint pairs (from, to); asked for ascending positions only. */
const windowWalk = (windows: Uint32Array): ((position: number) => boolean) => {
  let next = 0;
  return (position) => {
    while (next < windows.length && windows[next + 1]! <= position) next += 2;
    return next < windows.length && windows[next]! <= position;
  };
};

/** The runs of a version as objects. */
function* runsOf({ runs }: Changes, length: number, baseLength: number): Generator<Run> {
  for (let i = 0; i < runs.length; i += 3) {
    const [to, from, size] = [runs[i]!, runs[i + 1]!, runs[i + 2]!];
    yield {
      to,
      from,
      size,
      atStart: to === 0 && from === 0,
      atEnd: to + size === length && from + size === baseLength,
    };
  }
}

/**
 * Tracks a version of a base. In a window of the changes the kernel has told which anchors there are; outside of them
 * they are those of the base. What was found at an anchor is inherited when all that it depends on was copied in one run.
 */
export const trackChanges = (
  parts: DetectorParts,
  layer: PlacedLayer,
  base: { readonly length: number; readonly tracks: Tracks },
  changes: Changes,
  reachOf?: ReachOf,
): Tracks => {
  const positions: number[] = [];
  const candidates: Candidate[] = [];
  // Evaluating reuses the kernel's buffers, but not those of the changes.
  const { found } = changes;
  let next = 0;
  const add = (at: number, anchor: number, inherited?: Candidate) => {
    positions.push(at);
    candidates.push(inherited ?? evaluated(parts, layer, at, anchor, reachOf));
  };
  /** Adds what the kernel found before (position, anchor); tells whether it found that itself. */
  const catchUp = (at: number, anchor: number): boolean => {
    while (next < found.length && (found[next]! < at || (found[next] === at && found[next + 1]! < anchor))) {
      add(found[next]!, found[next + 1]!);
      next += 2;
    }
    return found[next] === at && found[next + 1] === anchor;
  };
  const isChanged = windowWalk(changes.windows);
  const own = base.tracks;
  for (const run of own.positions.length === 0 ? [] : runsOf(changes, layer.length, base.length)) {
    for (let i = firstAt(own.positions, run.from); own.positions[i]! < run.from + run.size; i++) {
      const candidate = own.candidates[i]!;
      const at = own.positions[i]! - run.from + run.to;
      const isFound = catchUp(at, candidate.anchor);
      if (isFound) next += 2;
      else if (isChanged(at)) continue;
      add(at, candidate.anchor, isWithin(candidate, own.positions[i]!, run) ? candidate : undefined);
    }
  }
  catchUp(layer.length, 0);
  return { positions, candidates, ...trackSpots(layer.length, base, changes) };
};

/** The same for encoded text: whether it is looked into is decided when all spots are known. */
const trackSpots = (
  length: number,
  base: { readonly length: number; readonly tracks: Tracks },
  changes: Changes,
): Pick<Tracks, 'spotPositions' | 'spots'> => {
  const { spots: own, spotPositions } = base.tracks;
  if (own.length === 0 && changes.spots.length === 0) return { spotPositions: [], spots: [] };
  const merged: (TrackedSpot & { readonly position: number })[] = [];
  for (let i = 0; i < changes.spots.length; i += 3) {
    const [position, size, kind] = [changes.spots[i]!, changes.spots[i + 1]!, changes.spots[i + 2]!];
    merged.push({ position, length: size, kind, ...NO_REACH });
  }
  const isChanged = windowWalk(changes.spotWindows);
  for (const run of own.length === 0 ? [] : runsOf(changes, length, base.length)) {
    for (let i = firstAt(spotPositions, run.from); spotPositions[i]! < run.from + run.size; i++) {
      const position = spotPositions[i]! - run.from + run.to;
      const spot = own[i]!;
      if (isChanged(position)) continue;
      const isSame = spot.decoded === undefined || isWithin(spot, spotPositions[i]!, run);
      merged.push(isSame ? { ...spot, position } : { position, length: spot.length, kind: spot.kind, ...NO_REACH });
    }
  }
  merged.sort(byPosition);
  return { spotPositions: merged.map(({ position }) => position), spots: merged };
};
