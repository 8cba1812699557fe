import type { DetectorParts, PlacedLayer } from '../detector.ts';
import type { Spot } from '../kernel/kernel.ts';
import type { Changes } from '../kernel/version-kernel.ts';
import type { Layer } from '../layer.ts';
import type { Reach } from './reach.ts';
import { type Candidate, type Found, firstAt, type TrackedSpot, type Tracks, UNTRACKED } from './tracks.ts';

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
  if (positions.length === 0 && spots.length === 0) return UNTRACKED;
  return {
    positions,
    candidates,
    spotPositions: spots.map(({ position }) => position),
    spots: spots.map(({ length, kind }) => ({ length, kind, ...NO_REACH })),
  };
};

const byPosition = (a: Place, b: Place) => a.position - b.position || a.kind - b.kind;
type Place = Pick<Spot, 'position' | 'kind'>;

/** Walks over sorted, disjoint pairs (from, to); asked for ascending positions only. */
const windowWalk = (windows: Uint32Array): ((position: number) => boolean) => {
  let next = 0;
  return (position) => {
    while (next < windows.length && windows[next + 1]! <= position) next += 2;
    return next < windows.length && windows[next]! <= position;
  };
};

/** A text and what is known of it. */
interface Tracked {
  readonly length: number;
  readonly tracks: Tracks;
}

/** Visits what stands in the base at `positions` (ascending) and was copied, with its place in the version. */
const eachCopied = (
  positions: readonly number[],
  { runs }: Changes,
  visit: (index: number, at: number, run: number) => void,
): void => {
  const count = positions.length;
  let i = 0;
  // A loop over numbers: there are dozens of runs for each text, and mostly nothing stands in them.
  for (let run = 0; run < runs.length && count > 0; run += 3) {
    const to = runs[run]!;
    const from = runs[run + 1]!;
    const end = from + runs[run + 2]!;
    // Runs mostly ascend in the base too.
    if (i === count || positions[i]! < from || (i > 0 && positions[i - 1]! >= from)) i = firstAt(positions, from);
    for (; i < count && positions[i]! < end; i++) visit(i, positions[i]! - from + to, run);
  }
};

/**
 * Tracks a version of a base. In a window of the changes the kernel has told which anchors there are; outside of them
 * they are those of the base. What was found at an anchor is inherited when all that it depends on was copied in one run.
 */
export const trackChanges = (
  parts: DetectorParts,
  layer: PlacedLayer,
  base: Tracked,
  changes: Changes,
  reachOf?: ReachOf,
): Tracks => {
  const own = base.tracks;
  // Evaluating reuses the kernel's buffers, but not those of the changes.
  const { found } = changes;
  if (own === UNTRACKED && found.length === 0 && changes.spots.length === 0) return UNTRACKED;
  const positions: number[] = [];
  const candidates: Candidate[] = [];
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
  const isInherited = inheritance(changes, layer.length, base.length);
  eachCopied(own.positions, changes, (index, at, run) => {
    const candidate = own.candidates[index]!;
    const isFound = catchUp(at, candidate.anchor);
    if (isFound) next += 2;
    else if (isChanged(at)) return;
    add(at, candidate.anchor, isInherited(candidate, own.positions[index]!, run) ? candidate : undefined);
  });
  catchUp(layer.length, 0);
  return { positions, candidates, ...trackSpots(layer.length, base, changes) };
};

/** Tells whether all that a reach speaks of was copied in one run. */
const inheritance =
  ({ runs }: Changes, length: number, baseLength: number) =>
  (reach: Reach, position: number, run: number): boolean => {
    const to = runs[run]!;
    const from = runs[run + 1]!;
    const size = runs[run + 2]!;
    const isStart = to === 0 && from === 0;
    const isEnd = to + size === length && from + size === baseLength;
    return (isStart || position - reach.before >= from) && (isEnd || position + reach.after <= from + size);
  };

const NO_SPOTS: Pick<Tracks, 'spotPositions' | 'spots'> = { spotPositions: [], spots: [] };

/** The same for encoded text: whether it is looked into is decided when all spots are known. */
const trackSpots = (length: number, base: Tracked, changes: Changes): Pick<Tracks, 'spotPositions' | 'spots'> => {
  const { spots: own, spotPositions: ownPositions } = base.tracks;
  if (own.length === 0 && changes.spots.length === 0) return NO_SPOTS;
  const spotPositions: number[] = [];
  const spots: TrackedSpot[] = [];
  const found = foundSpots(changes);
  let next = 0;
  const add = (position: number, spot: TrackedSpot) => {
    spotPositions.push(position);
    spots.push(spot);
  };
  const catchUp = (position: number, kind: number) => {
    for (let one = found[next]; one && byPosition(one, { position, kind }) < 0; one = found[next]) {
      add(one.position, { length: one.length, kind: one.kind, ...NO_REACH });
      next++;
    }
  };
  const isChanged = windowWalk(changes.spotWindows);
  const isInherited = inheritance(changes, length, base.length);
  eachCopied(ownPositions, changes, (index, position, run) => {
    const spot = own[index]!;
    if (isChanged(position)) return;
    catchUp(position, spot.kind);
    const isSame = spot.decoded === undefined || isInherited(spot, ownPositions[index]!, run);
    add(position, isSame ? spot : { length: spot.length, kind: spot.kind, ...NO_REACH });
  });
  catchUp(length, 0);
  return { spotPositions, spots };
};

const foundSpots = ({ spots }: Changes): Spot[] => {
  const found: Spot[] = [];
  for (let i = 0; i < spots.length; i += 3) {
    found.push({ position: spots[i]!, length: spots[i + 1]!, kind: spots[i + 2]! });
  }
  return found.sort(byPosition);
};
