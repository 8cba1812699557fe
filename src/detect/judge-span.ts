import type { Confidence, Proof } from '../types.ts';
import type { CheckResult } from './checks/check.ts';
import { checkNamed } from './checks/index.ts';
import type { Span } from './engine.ts';
import { EVIDENCE_REASON, type Evidence, weighed } from './evidence.ts';
import { type Draft, type Refusal, utf8Of } from './finding-draft.ts';
import { identifierReason } from './judge/identifier.ts';
import { placeholderReason } from './judge/placeholder.ts';
import { referenceReason } from './judge/reference.ts';
import { judgeToken } from './judge/token.ts';
import { isAmongBinary, type Layer, lineAround, textOf } from './layer.ts';
import { importedDraft } from './match-imported.ts';
import type { CompiledRule } from './rules/rule.ts';
import { foldWord } from './rules/words.ts';

const NOT_APPLICABLE: CheckResult = { proof: 'not applicable' };

const CARRIED = 'it stands where a credential stands, and is no placeholder';

/** The host of a URL whose password is only for show: the names that RFC 2606 sets aside. */
const SAMPLE_HOST =
  /^@(?:host(?:name)?\b|(?:[\w-]+\.)*example(?:\.(?:com|org|net|edu))?(?=[:/"'\s>)]|$)|(?:[\w-]+\.)+(?:test|invalid|example)\b)/i;

/** What stands before a commit id, a digest or a checksum, and before no key. */
const COMMIT_OR_DIGEST =
  /(?:@|\/(?:commit|commits|blob|tree|raw|archive)\/|sha-?(?:1|256|384|512)?[-:=]["' ]{0,3}|\b(?:integrity|commit|rev|revision|ref|digest|checksum|etag|md5)["' :=]{1,6})$/i;

/**
 * Judges one span of the text that starts at `from` in the layer.
 * @param standing what a match without a literal of its own stands on
 * @returns undefined when the rule's own conditions (a context word near) do not hold
 */
export const judgeSpan = (
  rule: CompiledRule,
  layer: Layer,
  text: string,
  from: number,
  span: Span,
  standing?: Evidence,
): Draft | Refusal | undefined => {
  const draft = rule.imported
    ? importedDraft(rule, rule.imported, layer, text, from, span)
    : judgedDraft(rule, layer, text, from, span, standing);
  if (!rule.keepsForm || !draft || 'refused' in draft) return draft;
  return { ...draft, form: utf8Of(text.slice(span.start, span.end)) };
};

const judgedDraft = (
  rule: CompiledRule,
  layer: Layer,
  text: string,
  from: number,
  span: Span,
  standing?: Evidence,
): Draft | Refusal | undefined => {
  if (rule.mode === 'form' && rule.context.length > 0 && !hasContext(rule, layer, from + span.start, from + span.end))
    return undefined;
  const start = from + span.secretStart;
  const end = from + span.secretEnd;
  const latin1 = text.slice(span.secretStart, span.secretEnd);
  const line = lineAround(layer, start, end);
  const judgement = judgeToken({
    ruleId: rule.facts.id,
    confidence: rule.facts.confidence,
    secret: latin1,
    entropyMin: rule.entropy || undefined,
    needs: rule.needs,
    ...line,
  });
  if (!judgement.keep) return { start, end, refused: judgement.reason };
  const free = rule.carrier ? (placeholderReason(latin1) ?? referenceReason(latin1)) : undefined;
  if (free !== undefined) return { start, end, refused: free };
  const common = standing && commonReason(latin1, line.before);
  if (common !== undefined) return { start, end, refused: common };
  if (judgement.confidence !== 'high' && isAmongBinary(layer, start, end))
    return { start, end, refused: 'among binary data' };
  const confidence = rule.carrier && SAMPLE_HOST.test(line.after) ? 'low' : judgement.confidence;
  if (!standing) {
    const reasons = rule.carrier ? [CARRIED] : judgement.reasons;
    return proved(rule, layer, latin1, { start, end, confidence, reasons });
  }
  const draft = { start, end, confidence: weighed(confidence, standing), reasons: [EVIDENCE_REASON[standing]] };
  return {
    ...proved(rule, layer, latin1, draft),
    weight: WEIGHT[standing] + longestIn(rule.context, line.before) / 100,
  };
};

/** Letters of the longest context word before a value: `acme_secret_key` says more than `acme`. */
const longestIn = (context: readonly string[], before: string): number => {
  const folded = foldWord(before);
  return context.reduce((most, word) => (word.length > most && folded.includes(word) ? word.length : most), 0);
};

/** Of context rules that find the same value the one wins to whose word it is given, then the one with the longer word. */
const WEIGHT: Readonly<Record<Evidence, number>> = { given: 2, direct: 1, near: 0, beside: 0 };

/** What has a common form and is no credential. */
const commonReason = (latin1: string, before: string): string | undefined => {
  if (COMMIT_OR_DIGEST.test(before)) return 'a commit id or a digest';
  return placeholderReason(latin1) ?? referenceReason(latin1) ?? identifierReason(latin1);
};

/** A proof makes sure; one that fails takes away a step: real tokens are mangled on their way into a document. */
const provedConfidence = (proof: Proof, confidence: Confidence): Confidence =>
  proof === 'valid'
    ? 'high'
    : proof === 'invalid' && confidence === 'high'
      ? 'medium'
      : proof === 'invalid'
        ? 'low'
        : confidence;

/** Adds what the rule's offline check says. */
const proved = (
  rule: CompiledRule,
  layer: Layer,
  latin1: string,
  base: Pick<Draft, 'start' | 'end' | 'confidence' | 'reasons'>,
): Draft => {
  const check = rule.check === undefined ? undefined : checkNamed(rule.check);
  const result = check ? check(latin1) : NOT_APPLICABLE;
  const secret = utf8Of(latin1);
  return {
    ...base,
    secret,
    identity: result.identity ?? secret,
    confidence: result.confidence ?? provedConfidence(result.proof, base.confidence),
    severity: rule.facts.severity,
    proof: result.proof,
    reasons: result.reason ? [...base.reasons, result.reason] : base.reasons,
    details: result.details ?? {},
    chain: layer.chain,
  };
};

/** Does one of the rule's context words stand within reach, before or behind? */
const hasContext = (rule: CompiledRule, layer: Layer, start: number, end: number): boolean => {
  const before = foldWord(textOf(layer, start - rule.within, start));
  const after = foldWord(textOf(layer, end, end + rule.within));
  return rule.context.some((word) => before.includes(word) || after.includes(word));
};
