import type { Span } from './engine.ts';
import { type Draft, type Refusal, utf8Of } from './finding-draft.ts';
import { entropy } from './judge/entropy.ts';
import { isAmongBinary, type Layer } from './layer.ts';
import type { CompiledRule, ImportedConditions } from './rules/rule.ts';

/**
 * Judges a match of an imported rule by what the rule itself asks for. Placeholders stay: whoever wrote the rule decided
 * with allowlists what is none. Only matches among binary bytes are refused, because such rules were made for text.
 * @param from offset in the layer of the text that the span's offsets are in.
 */
export const importedDraft = (
  rule: CompiledRule,
  { entropyAbove }: ImportedConditions,
  layer: Layer,
  text: string,
  from: number,
  span: Span,
): Draft | Refusal => {
  const [secretStart, secretEnd] = withoutLineBreaks(text, span);
  const latin1 = text.slice(secretStart, secretEnd);
  const start = from + secretStart;
  const end = from + secretEnd;
  if (latin1 === '') return { start: from + span.start, end: from + span.end, refused: 'nothing but line breaks' };
  if (entropyAbove > 0 && entropy(latin1) <= entropyAbove) return { start, end, refused: 'too little entropy' };
  if (isAmongBinary(layer, start, end)) return { start, end, refused: 'among binary data' };
  const secret = utf8Of(latin1);
  return {
    start,
    end,
    secret,
    identity: secret,
    confidence: rule.facts.confidence,
    severity: rule.facts.severity,
    proof: 'not applicable',
    reasons: ['matches an imported rule'],
    details: {},
    chain: layer.chain,
  };
};

/** Line breaks around a secret are no part of it: the same key has one fingerprint whatever line it ends. */
const withoutLineBreaks = (text: string, { secretStart, secretEnd }: Span): readonly [number, number] => {
  let start = secretStart;
  let end = secretEnd;
  while (start < end && isLineBreak(text.charCodeAt(start))) start++;
  while (end > start && isLineBreak(text.charCodeAt(end - 1))) end--;
  return [start, end];
};

const isLineBreak = (code: number): boolean => code === 10 || code === 13;
