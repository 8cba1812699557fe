import type { Matcher } from './engine.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { judgeSpan } from './judge-span.ts';
import { type Layer, textOf } from './layer.ts';
import { isToken } from './match-form.ts';
import type { CompiledRule } from './rules/rule.ts';

const STEP = 65536;

/**
 * The regex of a rule runs over the whole layer, in pieces that overlap by its longest match. Slow, and only for rules of
 * users: those that have neither literal nor context word, and imported ones whose keyword may stand anywhere.
 */
export const matchEverywhere = (
  rule: CompiledRule,
  matcher: Matcher,
  layer: Layer,
  from: number,
  to: number,
): (Draft | Refusal)[] => {
  const found: (Draft | Refusal)[] = [];
  for (let piece = from; piece < to; piece += STEP) {
    const textFrom = Math.max(0, piece - 16);
    const text = textOf(layer, textFrom, Math.min(to, piece + STEP) + rule.maxLength + 16);
    const stop = Math.min(to, piece + STEP) - textFrom;
    for (let at = piece - textFrom; at < stop; ) {
      const span = matcher.find(text, at);
      if (!span || span.start >= stop) break;
      if (isToken(rule, text, span)) found.push(...[judgeSpan(rule, layer, text, textFrom, span) ?? []].flat());
      at = Math.max(span.start + 1, isToken(rule, text, span) ? span.end : 0);
    }
  }
  return found;
};
