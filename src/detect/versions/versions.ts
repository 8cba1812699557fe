import { type Arena, createArena } from '../../arena.ts';
import type { Dropped, Match } from '../../types.ts';
import { createCollector, MOST_RULES, withoutAccepted } from '../collector.ts';
import { type Detection, type Detector, decodingBudget } from '../detector.ts';
import { createVersionKernel, type Stretch } from '../kernel/version-kernel.ts';
import { type RankedMatch, resolveOverlaps } from '../overlap.ts';
import { createReach } from './reach.ts';
import { decodeTracks } from './spots.ts';
import { trackChanges, trackWhole } from './track.ts';
import { type Tracks, UNTRACKED } from './tracks.ts';

/** A text in the detector's memory. */
export interface Version {
  readonly at: number;
  /** Bytes. */
  readonly length: number;
  /** What is known of its anchors; undefined when it was not scanned, or can only be scanned by itself. */
  readonly tracks?: Tracks;
}

/** What is wanted of a version. */
export interface Wanted {
  /** Its findings are asked for. */
  readonly scanned: boolean;
  /** Other versions will be derived from it. */
  readonly isBase: boolean;
}

/** Bytes as a zlib stream (RFC 1950) and how many they are when inflated. What follows the stream is not part of it. */
export interface Deflated {
  readonly deflated: Uint8Array;
  readonly size: number;
}

export interface VersionScanner {
  /** Takes a whole text. 'damaged' when it can't be inflated, undefined when there is no room for it. */
  whole(text: Deflated, wanted: Wanted): Version | 'damaged' | undefined;
  /**
   * Makes a version by a delta (gitformat-pack, "Deltified representation"). 'damaged' when the delta can't be inflated or
   * does not fit its base, undefined when there is no room.
   */
  derive(base: Version, delta: Deflated, wanted: Wanted): Version | 'damaged' | undefined;
  /** The same as detect() of the version's whole text; undefined for a version without tracks. */
  detection(version: Version & { readonly tracks: Tracks }): Detection;
  /**
   * How often what was refused in a version, by reason, when nothing else was found in it: sooner than detection() tells.
   */
  refusals(version: Version & { readonly tracks: Tracks }): Record<string, number> | undefined;
  /** As detect(), of the part of a version from `from` on; offsets are those of the part. */
  detectFrom(version: Version, from: number): Detection;
  /** The text. Valid until the next call. */
  bytes(version: Version): Buffer;
  /** Line feeds in [from, to) of a version. */
  newlines(version: Version, from: number, to: number): number;
  release(version: Version): void;
}

export interface VersionOptions {
  /** Bytes behind the first free one that detect() of other items may use. */
  readonly spare: number;
  /** Bytes that versions may take at a time. */
  readonly room: number;
  /** Longer texts are held, but have no tracks. */
  readonly longest: number;
  /** Says of the first bytes of a text whether it is scanned as it is stored. */
  readonly isPlain: (bytes: Buffer) => boolean;
}

/**
 * Scans versions of items: each is made from its base, and only what may differ from the base is looked at. The answers
 * are those of detect() on the whole text of each.
 */
export const createVersionScanner = (detector: Detector, options: VersionOptions): VersionScanner => {
  const { parts, rules } = detector;
  const { kernel } = parts;
  const versionKernel = createVersionKernel(kernel, rules.image, (kernel.inputAt + options.spare + 4095) & ~4095);
  const arena: Arena = createArena(versionKernel.freeAt, options.room, kernel.reserve);
  const reachOf = createReach(parts);
  const bytes = ({ at, length }: Version): Buffer => kernel.memory().subarray(at, at + length);
  const isTracked = (version: Version, { scanned }: Wanted): boolean =>
    scanned && version.length <= options.longest && parts.isLocal() && options.isPlain(bytes(version));

  /** True when a stretch has no anchor and nothing encoded: most messages are such. */
  const isBlank = (at: number, length: number): boolean =>
    parts.isLocal() &&
    kernel.candidates(at, 0, length, length).length === 0 &&
    kernel.spots(at, 0, length, length).length === 0;

  /** The tracks with their encoded text looked into; undefined when only a scan of the whole gives the right answer. */
  const withSpots = (version: Version, tracks: Tracks): Tracks | undefined => {
    if (tracks.spots.length === 0) return tracks;
    const layer = parts.layerAt(version.at, version.length);
    const decoded = decodeTracks(parts, layer, tracks, decodingBudget(version.length), kernel.inputAt);
    return decoded.over ? undefined : { ...tracks, spots: decoded.spots, decoded };
  };
  const tracked = (version: Version, tracks: Tracks): Version => {
    const whole = withSpots(version, tracks);
    return whole ? { ...version, tracks: whole } : version;
  };
  const trackedWhole = (version: Version, wanted: Wanted): Version => {
    if (!isTracked(version, wanted)) return version;
    const layer = parts.layerAt(version.at, version.length);
    return tracked(version, trackWhole(parts, layer, wanted.isBase ? reachOf : undefined));
  };

  const derive = (base: Version, delta: Stretch, wanted: Wanted) => {
    const [named, length] = deltaSizes(kernel.memory(), delta);
    if (named !== base.length || length === undefined) return 'damaged';
    const at = arena.take(length);
    if (at === undefined) return undefined;
    const version: Version = { at, length };
    if (!base.tracks || !wanted.scanned || length > options.longest) {
      if (versionKernel.apply(base, delta, version)) return trackedWhole(version, wanted);
    } else {
      const changes = versionKernel.derive(base, delta, version, base.tracks !== UNTRACKED);
      if (changes !== 'damaged') {
        if (changes === 'crowded' || !isTracked(version, wanted)) return trackedWhole(version, wanted);
        const own = { length: base.length, tracks: base.tracks };
        const layer = parts.layerAt(at, length);
        return tracked(version, trackChanges(parts, layer, own, changes, wanted.isBase ? reachOf : undefined));
      }
    }
    arena.release(at);
    return 'damaged';
  };

  /** Address of the inflated bytes, which the caller gives back. */
  const inflated = ({ deflated, size }: Deflated): number | 'damaged' | undefined => {
    const stored = arena.take(deflated.length);
    if (stored === undefined) return undefined;
    const at = arena.take(size);
    if (at !== undefined) kernel.memory().set(deflated, stored);
    const isWhole = at !== undefined && versionKernel.inflate(stored, deflated.length, at, size);
    arena.release(stored);
    if (isWhole || at === undefined) return at;
    arena.release(at);
    return 'damaged';
  };

  return {
    whole: (text, wanted) => {
      const at = inflated(text);
      return typeof at === 'number' ? trackedWhole({ at, length: text.size }, wanted) : at;
    },
    derive: (base, delta, wanted) => {
      const at = inflated(delta);
      if (typeof at !== 'number') return at;
      try {
        return derive(base, { at, length: delta.size }, wanted);
      } finally {
        arena.release(at);
      }
    },
    detection: ({ at, length, tracks }) =>
      detectionOf(tracks, (matches) => parts.finished(matches, parts.layerAt(at, length))),
    refusals: ({ tracks }) => refusalsOf(tracks),
    detectFrom: ({ at, length }, from) =>
      isBlank(at + from, length - from)
        ? NOTHING_FOUND
        : parts.detectLayer(parts.layerAt(at + from, length - from), kernel.inputAt),
    bytes,
    newlines: ({ at }, from, to) => kernel.newlines(at + from, at + to),
    release: ({ at }) => arena.release(at),
  };
};

/**
 * Sizes in bytes that a delta names in its header, of its base and of its result; undefined when the header is cut or a size is
 * beyond 2^28.
 */
const deltaSizes = (
  memory: Uint8Array,
  { at, length }: Stretch,
): [base: number | undefined, result: number | undefined] => {
  let next = at;
  const size = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 28 && next < at + length; shift += 7) {
      const byte = memory[next++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  return [size(), size()];
};

/** What most texts hold; the same object, so that it is known at a glance. */
export const NOTHING_FOUND: Detection = { matches: [], dropped: [], decodingCut: false };

const NO_REFUSALS: Record<string, number> = {};

/** Counts refusals; undefined where something was found, or where one was met at several anchors and counts once. */
const refusalsOf = ({ positions, candidates, decoded }: Tracks): Record<string, number> | undefined => {
  if (decoded && (decoded.cut || decoded.matches.length > 0)) return undefined;
  let counts = NO_REFUSALS;
  let seen: Set<number> | undefined;
  for (let i = 0; i < candidates.length; i++) {
    for (const { index, what } of candidates[i]!.found) {
      if (!('refused' in what)) return undefined;
      if (!seen) {
        seen = new Set();
        counts = {};
      }
      const place = (positions[i]! + what.start) * MOST_RULES + index;
      if (seen.has(place)) return undefined;
      seen.add(place);
      counts[what.refused] = (counts[what.refused] ?? 0) + 1;
    }
  }
  return counts;
};

/** Puts together what was found at the anchors and in the encoded text, as detect() does. */
const detectionOf = (
  { positions, candidates, decoded }: Tracks,
  finished: (matches: readonly RankedMatch[]) => Match[],
): Detection => {
  const inner = decoded?.matches ?? [];
  if (inner.length === 0 && !decoded?.cut && candidates.every(({ found }) => found.length === 0)) return NOTHING_FOUND;
  const dropped: Dropped[] = [];
  const { collect, matches } = createCollector(dropped, true);
  candidates.forEach(({ found }, i) => {
    const at = positions[i]!;
    for (const { rule, index, what } of found)
      collect(rule, index, { ...what, start: what.start + at, end: what.end + at });
  });
  const own = resolveOverlaps(matches);
  const all = inner.length === 0 ? own : resolveOverlaps([...own, ...inner]);
  return { matches: finished(all), dropped: withoutAccepted(dropped), decodingCut: decoded?.cut ?? false };
};
