import { escapeReach } from '../decode/escapes.ts';
import type { DecodedSpot, DetectorParts, PlacedLayer } from '../detector.ts';
import { SPOT } from '../kernel/kernel.ts';
import type { RankedMatch } from '../overlap.ts';
import type { TrackedSpot, Tracks } from './tracks.ts';

/** What stands in the encoded text of a version. */
export interface DecodedTracks {
  readonly matches: readonly RankedMatch[];
  readonly cut: boolean;
  /** True when a scan of the whole text would have come to the end of its budget. */
  readonly over: boolean;
  /** The spots, each with its answer when it was looked into. */
  readonly spots: readonly TrackedSpot[];
}

const moved = (match: RankedMatch, by: number): RankedMatch => ({
  ...match,
  start: match.start + by,
  end: match.end + by,
});

/** Looks into the spots of a version in their order, as detect() does, and at those anew that are not known. */
export const decodeTracks = (
  parts: DetectorParts,
  layer: PlacedLayer,
  { spotPositions, spots }: Tracks,
  budget: number,
  free: number,
): DecodedTracks => {
  const matches: RankedMatch[] = [];
  const answered: TrackedSpot[] = [];
  const done = [0, 0, 0, 0, 0, 0];
  let left = budget;
  let cut = false;
  let over = false;
  for (let index = 0; index < spots.length; index++) {
    const spot = spots[index]!;
    const position = spotPositions[index]!;
    if (position < done[spot.kind]!) {
      answered.push(spot);
      continue;
    }
    const known = spot.decoded ? spot : lookInto(parts, layer, spot, position, budget, free);
    const decoded = known.decoded!;
    answered.push(known);
    done[spot.kind] = position + decoded.end;
    left -= decoded.used;
    cut ||= decoded.cut;
    over ||= decoded.over;
    for (const match of decoded.matches) matches.push(moved(match, position));
  }
  return { matches, cut, over: over || left < 0, spots: answered };
};

const lookInto = (
  parts: DetectorParts,
  layer: PlacedLayer,
  { kind, length }: TrackedSpot,
  position: number,
  budget: number,
  free: number,
): TrackedSpot => {
  const seen = { to: position + length + 1 };
  const answer = parts.decode(layer, { kind, length, position }, budget, free, seen);
  const decoded: DecodedSpot = {
    ...answer,
    end: answer.end - position,
    matches: answer.matches.map((match) => moved(match, -position)),
  };
  const isRun = kind === SPOT.base64 || kind === SPOT.hex;
  const [from, to] = isRun ? [position - 1, seen.to] : escapeReach(layer.bytes(), position, kind);
  return { kind, length, decoded, before: position - from, after: to - position };
};
