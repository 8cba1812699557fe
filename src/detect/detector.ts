import type { Dropped, Match } from '../types.ts';
import type { Decoding } from './decode/decoding.ts';
import { decodeEscapes, escapedRegion } from './decode/escapes.ts';
import { decodeBase64Run, decodeContinuedRun, decodeHexRun, type Seen } from './decode/runs.ts';
import { type Engines, type Matcher, matcherFor } from './engine.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { createKernel, type Kernel, SPOT, type Spot } from './kernel/kernel.ts';
import type { Layer } from './layer.ts';
import { matchEverywhere } from './match-everywhere.ts';
import { matchAround } from './match-form.ts';
import { type RankedMatch, resolveOverlaps } from './overlap.ts';
import { readerOf } from './readers.ts';
import type { CompiledRule } from './rules/rule.ts';
import type { RuleSet } from './rules/ruleset.ts';

/** What a stretch of an item holds. */
export interface Detection {
  /** Disjoint, sorted by start. */
  readonly matches: readonly Match[];
  readonly dropped: readonly Dropped[];
  /** True when decoding stopped at its budget: some encoded text was not looked into. */
  readonly decodingCut: boolean;
}

/**
 * The detector: bytes in, matches out. Pure and synchronous: the same bytes give the same matches. One instance a
 * thread; it owns the kernel's memory.
 */
export interface Detector {
  readonly rules: RuleSet;
  /** Room for `size` bytes of input, to be filled by the caller before detect(). Valid until the next call of either. */
  input(size: number): Buffer;
  /**
   * Finds secrets whose anchors lie in [from, to) of the first `length` input bytes. Offsets are those of the input.
   * The bytes outside of [from, to) are context.
   */
  detect(length: number, from?: number, to?: number): Detection;
  /** Line feeds in [from, to) of the input. */
  newlines(from: number, to: number): number;
  /** UTF-16 code units of the UTF-8 text [from, to) of the input. */
  utf16Units(from: number, to: number): number;
  /** What detect() is made of, for scanning the versions of an item (detect/versions). */
  readonly parts: DetectorParts;
}

/** The steps of detect(), each by itself. Layers lie anywhere in the kernel's memory behind what `free` names. */
export interface DetectorParts {
  readonly kernel: Kernel;
  /** False when a rule without literals is on: what it finds depends on where its pieces of text begin. */
  readonly isLocal: () => boolean;
  layerAt(at: number, length: number): PlacedLayer;
  /** Owners of an anchor that are switched on, as pairs (rule, anchor's index within the rule). */
  ownersOf(anchor: number): readonly (readonly [rule: CompiledRule, index: number])[];
  /** What the rules of an anchor find around it; offsets are those of the layer. */
  evaluate(layer: Layer, at: number, anchor: number, add: Collect): void;
  /** Decodes what stands at a spot and scans it. Uses the memory from `free` on. */
  decode(layer: PlacedLayer, spot: Spot, budget: number, free: number, seen?: Seen): DecodedSpot;
  /** As detect(), of a whole layer that lies anywhere. */
  detectLayer(layer: PlacedLayer, free: number): Detection;
}

/** What was found in the text that a spot stands for. */
export interface DecodedSpot {
  /** Up to where spots of the kind need no further look. */
  readonly end: number;
  readonly matches: readonly RankedMatch[];
  /** Decoded bytes that were looked at. */
  readonly used: number;
  /** Something was not looked into; `over` tells that the budget was the reason. */
  readonly cut: boolean;
  readonly over: boolean;
}

export interface DetectorOptions {
  readonly engines: Engines;
  /** Rules that are switched off, by id. */
  readonly isEnabled?: (rule: CompiledRule) => boolean;
}

const MAX_DEPTH = 5;
/** Decoded bytes a call may look at, as a multiple of its input, and at least. */
const BUDGET_FACTOR = 4;
const BUDGET_LEAST = 1 << 20;

/** Decoded bytes that may be looked at for an item of `length` bytes. */
export const decodingBudget = (length: number): number => Math.max(BUDGET_LEAST, length * BUDGET_FACTOR);

/** State of one detect() call. */
interface Run {
  readonly dropped: Dropped[];
  budget: number;
  cut: boolean;
  /** True when the budget was too small for something. */
  over: boolean;
  /** First free address behind the layers in memory. */
  free: number;
}

export interface PlacedLayer extends Layer {
  readonly at: number;
  readonly depth: number;
}

/** Creates a detector from the compiled kernel and a rule set. */
export const createDetector = (module: WebAssembly.Module, rules: RuleSet, options: DetectorOptions): Detector => {
  const kernel = createKernel(module, rules.image);
  const matchers = new Map<number, Matcher>();
  const enabled = new Map<number, boolean>();

  const isEnabled = (index: number): boolean => {
    let answer = enabled.get(index);
    if (answer === undefined) {
      answer = options.isEnabled?.(rules.rule(index)) ?? true;
      enabled.set(index, answer);
    }
    return answer;
  };
  const matcherOf = (index: number): Matcher => {
    let matcher = matchers.get(index);
    if (!matcher) {
      matcher = matcherFor(rules.rule(index), options.engines);
      matchers.set(index, matcher);
    }
    return matcher;
  };

  const evaluate = (layer: Layer, at: number, anchorNumber: number, add: Collect): void => {
    const owners = rules.anchorRules(anchorNumber);
    for (let k = 0; k < owners.length; k += 2) {
      const index = owners[k]!;
      if (!isEnabled(index)) continue;
      const rule = rules.rule(index);
      const anchor = rule.anchors[owners[k + 1]!]!;
      const found =
        rule.extract === undefined
          ? matchAround(rule, matcherOf(index), layer, at, anchor)
          : readerOf(rule.extract)(rule, layer, at, at + anchor.literal.length);
      for (const one of found) add(rule, index, one);
    }
  };

  const candidatesOf = (layer: PlacedLayer, from: number, to: number, add: Collect): void => {
    const pairs = kernel.candidates(layer.at, from, to, layer.length);
    for (let i = 0; i < pairs.length; i += 2) evaluate(layer, pairs[i]!, pairs[i + 1]!, add);
    for (const index of rules.everywhere) {
      if (!isEnabled(index)) continue;
      const rule = rules.rule(index);
      for (const one of matchEverywhere(rule, matcherOf(index), layer, from, to)) add(rule, index, one);
    }
  };

  const scanLayer = (layer: PlacedLayer, from: number, to: number, run: Run): RankedMatch[] => {
    const { collect, matches } = collector(run, layer.depth === 0);
    candidatesOf(layer, from, to, collect);
    const own = resolveOverlaps(matches);
    if (layer.depth >= MAX_DEPTH) return own;
    const inner: RankedMatch[] = [];
    for (const decoding of decodingsOf(kernel, layer, from, to)) {
      for (const match of scanDecoding(layer, decoding, run)) inner.push(match);
    }
    return inner.length === 0 ? own : resolveOverlaps([...own, ...inner]);
  };

  const scanDecoding = (outer: PlacedLayer, decoding: Decoding, run: Run): RankedMatch[] => {
    const { bytes } = decoding;
    if (decoding.cut) run.cut = true;
    if (bytes.length < 8) return [];
    if (bytes.length > run.budget) {
      run.cut = true;
      run.over = true;
      return [];
    }
    run.budget -= bytes.length;
    const at = (run.free + 63) & ~63;
    kernel.reserve(at, bytes.length);
    kernel.memory().set(bytes, at);
    const before = run.free;
    run.free = at + bytes.length + 64;
    const layer = placedLayer(kernel, at, bytes.length, [...outer.chain, ...decoding.name.split('>')], outer.depth + 1);
    const found = scanLayer(layer, 0, bytes.length, run);
    run.free = before;
    return found.map((match) => {
      const [start, end] = decoding.source(match.start, match.end);
      return { ...match, start, end };
    });
  };

  const detectLayer = (layer: PlacedLayer, free: number, from = 0, to = layer.length): Detection => {
    const run: Run = { dropped: [], budget: decodingBudget(layer.length), cut: false, over: false, free };
    const matches = scanLayer(layer, from, to, run).map(withoutRank);
    return { matches, dropped: run.dropped, decodingCut: run.cut };
  };

  const parts: DetectorParts = {
    kernel,
    isLocal: () => !rules.everywhere.some(isEnabled),
    layerAt: (at, length) => placedLayer(kernel, at, length, [], 0),
    ownersOf: (anchor) => {
      const owners = rules.anchorRules(anchor);
      return Array.from({ length: owners.length / 2 }, (_, k) => [owners[k * 2]!, owners[k * 2 + 1]!] as const)
        .filter(([index]) => isEnabled(index))
        .map(([index, own]) => [rules.rule(index), own] as const);
    },
    evaluate,
    decode: (layer, spot, budget, free, seen) => {
      const run: Run = { dropped: [], budget, cut: false, over: false, free };
      const decoding = decodeSpot(layer, spot, seen);
      const matches = decoding ? scanDecoding(layer, decoding, run) : [];
      const end = decoding?.end ?? spot.position + spot.length;
      return { end, matches, used: budget - run.budget, cut: run.cut, over: run.over };
    },
    detectLayer,
  };

  let inputSize = 0;
  return {
    rules,
    input: (size) => {
      kernel.reserve(kernel.inputAt, size);
      inputSize = size;
      return kernel.memory().subarray(kernel.inputAt, kernel.inputAt + size);
    },
    detect: (length, from = 0, to = length) => {
      if (length > inputSize) throw new RangeError('detect() was given more bytes than input() has room for');
      kernel.reserve(kernel.inputAt, length);
      const layer = placedLayer(kernel, kernel.inputAt, length, [], 0);
      return detectLayer(layer, kernel.inputAt + Math.max(length, inputSize) + 64, from, to);
    },
    newlines: (from, to) => kernel.newlines(kernel.inputAt + from, kernel.inputAt + to),
    utf16Units: (from, to) => kernel.utf16Units(kernel.inputAt + from, kernel.inputAt + to),
    parts,
  };
};

export const withoutRank = ({ specificity: _, ...match }: RankedMatch): Match => match;

const placedLayer = (
  kernel: Kernel,
  at: number,
  length: number,
  chain: readonly string[],
  depth: number,
): PlacedLayer => {
  let memory = kernel.memory();
  let view = memory.subarray(at, at + length);
  return {
    at,
    length,
    chain,
    depth,
    bytes: () => {
      if (memory !== kernel.memory()) {
        memory = kernel.memory();
        view = memory.subarray(at, at + length);
      }
      return view;
    },
  };
};

/** Takes what a rule found, by the rule's index. */
export type Collect = (rule: CompiledRule, index: number, found: Draft | Refusal) => void;

/** Rules are numbered with 16 bits in the compiled set. */
const MOST_RULES = 1 << 16;

/** Gathers what rules find in a layer; the same span found through two anchors counts once. */
export const collector = (
  run: { readonly dropped: Dropped[] },
  keepDropped: boolean,
): { collect: Collect; matches: RankedMatch[] } => {
  const matches: RankedMatch[] = [];
  // By rule and start; a rule finds two spans with one start only through anchors of different places.
  const seen = new Map<number, number[]>();
  const collect: Collect = (rule, index, found) => {
    const key = found.start * MOST_RULES + index;
    const ends = seen.get(key);
    if (ends?.includes(found.end)) return;
    if (ends) ends.push(found.end);
    else seen.set(key, [found.end]);
    if ('refused' in found) {
      if (keepDropped)
        run.dropped.push({ ruleId: rule.facts.id, start: found.start, end: found.end, reason: found.refused });
      return;
    }
    matches.push({ ...found, ruleId: rule.facts.id, alsoMatched: [], specificity: rule.specificity });
  };
  return { collect, matches };
};

/** Everything encoded that starts in [from, to) of a layer. One at a time: together they may be far larger than it. */
function* decodingsOf(kernel: Kernel, layer: PlacedLayer, from: number, to: number): Generator<Decoding> {
  const continued = decodeContinuedRun(layer.bytes(), from, layer.length);
  if (continued) yield continued;
  const done: Record<number, number> = {};
  for (const spot of kernel.spots(layer.at, from, to, layer.length).sort(byPosition)) {
    if (spot.position < (done[spot.kind] ?? 0)) continue;
    const decoding = decodeSpot(layer, spot);
    done[spot.kind] = decoding?.end ?? spot.position + spot.length;
    if (decoding) yield decoding;
  }
}

export const byPosition = (a: Spot, b: Spot) => a.position - b.position || a.kind - b.kind;

const decodeSpot = (layer: Layer, { position, length, kind }: Spot, seen?: Seen): Decoding | undefined => {
  const bytes = layer.bytes();
  if (kind === SPOT.base64) return decodeBase64Run(bytes, position, position + length, layer.length, seen);
  if (kind === SPOT.hex) return decodeHexRun(bytes, position, position + length);
  const [start, end] = escapedRegion(bytes, position, kind, layer.length);
  return decodeEscapes(bytes, start, end, kind);
};
