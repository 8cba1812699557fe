import { endsToken, startsToken } from './boundary.ts';
import type { Matcher, Span } from './engine.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { judgeSpan } from './judge-span.ts';
import { type Layer, textOf } from './layer.ts';
import { contextSpans, headOf } from './match-context.ts';
import { type CompiledRule, type RuleAnchor, SECTION_REACH } from './rules/rule.ts';

/** Everything a rule finds around one anchor at `at` (offset in the layer). */
export const matchAround = (
  rule: CompiledRule,
  matcher: Matcher,
  layer: Layer,
  at: number,
  anchor: RuleAnchor,
): (Draft | Refusal)[] =>
  rule.mode === 'form'
    ? formMatches(rule, matcher, layer, at, anchor)
    : contextMatches(rule, matcher, layer, at, anchor);

const formMatches = (
  rule: CompiledRule,
  matcher: Matcher,
  layer: Layer,
  at: number,
  anchor: RuleAnchor,
): (Draft | Refusal)[] => {
  const from = Math.max(0, at - anchor.maxOffset - 16);
  const text = textOf(layer, from, at - anchor.minOffset + rule.maxLength + 16);
  return formSpans(rule, matcher, text, at - from, anchor).flatMap(
    (span) => judgeSpan(rule, layer, text, from, span) ?? [],
  );
};

const contextMatches = (
  rule: CompiledRule,
  matcher: Matcher,
  layer: Layer,
  at: number,
  { literal, test }: RuleAnchor,
): (Draft | Refusal)[] => {
  const from = Math.max(0, at - 16);
  const reach = test.type === 'near' ? test.reach : rule.within;
  const text = textOf(layer, from, at + literal.length + Math.max(reach, SECTION_REACH) + rule.maxLength + 16);
  const word = at - from;
  return contextSpans(rule, matcher, {
    text,
    at: word,
    end: word + literal.length,
    reach,
    head: headOf(layer, at),
  }).flatMap(({ span, standing }) => judgeSpan(rule, layer, text, from, span, standing) ?? []);
};

/** Matches of the form that hold the anchor at its place. */
const formSpans = (rule: CompiledRule, matcher: Matcher, text: string, at: number, anchor: RuleAnchor): Span[] => {
  if (anchor.minOffset === anchor.maxOffset) {
    const start = at - anchor.minOffset;
    // The cheap look first: glued repeats of an anchor never reach the regex.
    if (start < 0 || !startsToken(rule, text, start)) return [];
    const span = matcher.at(text, start);
    return span && isToken(rule, text, span) ? [span] : [];
  }
  for (let start = Math.max(0, at - anchor.maxOffset); start <= at - anchor.minOffset; ) {
    const span = matcher.find(text, start);
    if (!span || span.start > at - anchor.minOffset) return [];
    if (span.end >= at + anchor.literal.length && isToken(rule, text, span)) return [span];
    start = span.start + 1;
  }
  return [];
};

export const isToken = (rule: CompiledRule, text: string, span: Span): boolean =>
  startsToken(rule, text, span.start) && endsToken(rule, text, span.end);
