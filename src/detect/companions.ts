import { CONFIDENCES, type Confidence } from '../types.ts';
import type { Matcher } from './engine.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { judgeSpan } from './judge-span.ts';
import { type Layer, textOf } from './layer.ts';
import { firstToken } from './match-context.ts';
import { matchAround } from './match-form.ts';
import type { RankedMatch } from './overlap.ts';
import type { CompiledRule } from './rules/rule.ts';

/**
 * Companions: an id and the secret that belongs to it are one finding. All of this looks at most this many bytes away,
 * so that it does not depend on how an item is cut into zones.
 */
const REACH = 512;
/** A secret without a word of its own follows its id within this many bytes and line breaks. */
export const BESIDE = 160;
const BESIDE_LINES = 3;

/** A rule and what runs it. */
export interface Runner {
  readonly rule: CompiledRule;
  readonly matcher: Matcher;
}

/**
 * A secret of a common form needs no word where its id, which is unmistakable, stands right before it, as in
 * `AKIA…,wJal…`.
 * @param end where the id ends
 */
export const besideId = ({ rule, matcher }: Runner, layer: Layer, end: number): Draft[] => {
  const whole = textOf(layer, end, end + BESIDE + rule.maxLength);
  let from = 0;
  for (let line = 0; line < BESIDE_LINES && from < BESIDE; line++) {
    const newline = whole.indexOf('\n', from);
    const text = whole.slice(0, newline < 0 ? whole.length : newline);
    for (let start = from; start < Math.min(text.length, BESIDE); ) {
      const span = firstToken(rule, matcher, text, start, BESIDE);
      if (!span) break;
      const draft = judgeSpan(rule, layer, text, end, span, 'beside');
      if (draft && !('refused' in draft)) return [draft];
      start = span.end;
    }
    if (newline < 0) break;
    from = newline + 1;
  }
  return [];
};

/** Companions that are asleep as rules of their own are looked for around the secrets that need them. */
export const sleepingCompanion = (
  { rule, matcher }: Runner,
  layer: Layer,
  { start, end }: { readonly start: number; readonly end: number },
): Draft | undefined => {
  const from = Math.max(0, start - REACH);
  const text = textOf(layer, from, end + REACH);
  const folded = text.toLowerCase();
  for (const anchor of rule.anchors) {
    const [where, literal] = anchor.nocase ? [folded, anchor.literal.toLowerCase()] : [text, anchor.literal];
    for (let at = where.indexOf(literal); at >= 0; at = where.indexOf(literal, at + 1)) {
      const found = matchAround(rule, matcher, layer, from + at, anchor).find((one) =>
        isCompanion(one, rule, start, end),
      );
      if (found) return found as Draft;
    }
  }
  return undefined;
};

const isCompanion = (one: Draft | Refusal, { mode }: CompiledRule, start: number, end: number): boolean =>
  !('refused' in one) && (one.end <= start || one.start >= end) && (mode === 'form' || (one.weight ?? 0) >= 1);

/**
 * Joins ids with their secrets: the secret names its companion and is surer for it, the id is marked as part of it.
 * @param matches disjoint, sorted by start
 */
export const joinCompanions = (
  matches: readonly RankedMatch[],
  ruleNamed: (id: string) => CompiledRule | undefined,
): RankedMatch[] => {
  const joined = [...matches];
  matches.forEach((match, index) => {
    const rule = ruleNamed(match.ruleId);
    if (rule?.facts.kind !== 'secret') return;
    const at = nearestId(matches, index, rule, ruleNamed);
    if (at === undefined) return;
    const id = matches[at]!;
    joined[index] = withCompanion(joined[index]!, id, ruleNamed(id.ruleId));
    joined[at] = { ...joined[at]!, partOf: match.ruleId };
  });
  return joined;
};

/** A match and its companion as one. */
export const withCompanion = (
  match: RankedMatch,
  companion: { readonly secret: string; readonly start: number; readonly end: number },
  rule: CompiledRule | undefined,
): RankedMatch => {
  if (!rule || match.companion) return match;
  const { mode, facts } = rule;
  const least: Confidence =
    mode === 'form' && facts.confidence === 'high' && match.confidence !== 'low' ? 'high' : 'medium';
  return {
    ...match,
    companion: { ruleId: facts.id, secret: companion.secret, start: companion.start, end: companion.end },
    confidence: surer(match.confidence, match.proof === 'invalid' ? match.confidence : least),
    reasons: [...match.reasons, `its companion stands near (${facts.name})`],
  };
};

const surer = (a: Confidence, b: Confidence): Confidence => (CONFIDENCES.indexOf(a) >= CONFIDENCES.indexOf(b) ? a : b);

/** Index of the nearest id that names this secret as its companion, or that the secret names. */
const nearestId = (
  matches: readonly RankedMatch[],
  index: number,
  rule: CompiledRule,
  ruleNamed: (id: string) => CompiledRule | undefined,
): number | undefined => {
  const { start, end } = matches[index]!;
  let best: { at: number; distance: number } | undefined;
  const look = (at: number): boolean => {
    const other = matches[at];
    if (!other) return false;
    const distance = at < index ? start - other.end : other.start - end;
    if (distance > REACH) return false;
    const otherRule = ruleNamed(other.ruleId);
    const belongs = rule.pair === other.ruleId || otherRule?.pair === rule.facts.id;
    if (belongs && otherRule?.facts.kind !== 'secret' && (!best || distance < best.distance)) best = { at, distance };
    return true;
  };
  for (let at = index - 1; look(at); ) at--;
  for (let at = index + 1; look(at); ) at++;
  return best?.at;
};
