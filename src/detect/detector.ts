import type { Dropped, Match } from '../types.ts';
import { type Collect, createCollector, withoutAccepted } from './collector.ts';
import type { Decoding } from './decode/decoding.ts';
import { decodeSpot, decodingsOf } from './decode/decodings.ts';
import type { Seen } from './decode/runs.ts';
import { type Engines, type Matcher, matcherFor } from './engine.ts';
import { createFinishing } from './finishing.ts';
import { createKernel, type Kernel, type Spot } from './kernel/kernel.ts';
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
  /** What is reported of the matches of a layer: secrets with their companions, known samples marked. */
  finished(matches: readonly RankedMatch[], layer: PlacedLayer): Match[];
  ruleNamed(id: string): CompiledRule | undefined;
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

  const { addBeside, finished } = createFinishing(rules, matcherOf, isEnabled);

  const evaluate = (layer: Layer, at: number, anchorNumber: number, add: Collect): void => {
    const owners = rules.anchorRules(anchorNumber);
    for (let k = 0; k < owners.length; k += 2) {
      const index = owners[k]!;
      const rule = isEnabled(index) ? rules.rule(index) : undefined;
      if (!rule || rule.mode === 'everywhere') continue;
      const anchor = rule.anchors[owners[k + 1]!]!;
      const found =
        rule.extract === undefined
          ? matchAround(rule, matcherOf(index), layer, at, anchor)
          : readerOf(rule.extract)(rule, layer, at, at + anchor.literal.length);
      for (const one of found) {
        add(rule, index, one);
        if (!('refused' in one)) addBeside(rule, layer, one.end, add);
      }
    }
  };
  /** Rules for everywhere of which an anchor was seen are put into `woken`. */
  const wake = (anchorNumber: number, woken: Set<number>): void => {
    const owners = rules.anchorRules(anchorNumber);
    for (let k = 0; k < owners.length; k += 2) if (rules.everywhere.includes(owners[k]!)) woken.add(owners[k]!);
  };

  const candidatesOf = (layer: PlacedLayer, from: number, to: number, add: Collect): void => {
    const pairs = kernel.candidates(layer.at, from, to, layer.length);
    const woken = new Set<number>();
    for (let i = 0; i < pairs.length; i += 2) {
      if (rules.everywhere.length > 0) wake(pairs[i + 1]!, woken);
      evaluate(layer, pairs[i]!, pairs[i + 1]!, add);
    }
    for (const index of rules.everywhere) {
      if (!isEnabled(index)) continue;
      const rule = rules.rule(index);
      if (rule.anchors.length > 0 && !woken.has(index)) continue;
      for (const one of matchEverywhere(rule, matcherOf(index), layer, from, to)) add(rule, index, one);
    }
  };

  const scanLayer = (layer: PlacedLayer, from: number, to: number, run: Run): RankedMatch[] => {
    const { collect, matches } = createCollector(run.dropped, layer.depth === 0);
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
    const matches = finished(scanLayer(layer, from, to, run), layer);
    return { matches, dropped: withoutAccepted(run.dropped), decodingCut: run.cut };
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
    finished,
    ruleNamed: rules.ruleNamed,
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
