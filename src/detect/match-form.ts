import type { Confidence, Proof } from '../types.ts';
import { endsToken, startsToken } from './boundary.ts';
import type { CheckResult } from './checks/check.ts';
import { checkNamed } from './checks/index.ts';
import type { Matcher, Span } from './engine.ts';
import { type Draft, type Refusal, utf8Of } from './finding-draft.ts';
import { placeholderReason } from './judge/placeholder.ts';
import { referenceReason } from './judge/reference.ts';
import { judgeToken } from './judge/token.ts';
import { isAmongBinary, type Layer, lineAround, textOf } from './layer.ts';
import type { CompiledRule, RuleAnchor } from './rules/rule.ts';
import { foldWord } from './rules/words.ts';

const NOT_APPLICABLE: CheckResult = { proof: 'not applicable' };

/** Everything a rule's regex finds around one anchor at `at` (offset in the layer). */
export const matchAround = (
  rule: CompiledRule,
  matcher: Matcher,
  layer: Layer,
  at: number,
  anchor: RuleAnchor,
): (Draft | Refusal)[] => {
  const from = Math.max(0, at - (rule.mode === 'form' ? anchor.maxOffset : 0) - 16);
  const to =
    rule.mode === 'form'
      ? at - anchor.minOffset + rule.maxLength + 16
      : at + anchor.literal.length + rule.within + rule.maxLength + 16;
  const text = textOf(layer, from, to);
  const spans =
    rule.mode === 'form'
      ? formSpans(rule, matcher, text, at - from, anchor)
      : contextSpans(rule, matcher, text, at - from + anchor.literal.length);
  return spans.flatMap((span) => draftOf(rule, layer, text, from, span) ?? []);
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

/** The matches that begin within reach behind a context word, on its line; the first whole token counts. */
const contextSpans = (rule: CompiledRule, matcher: Matcher, text: string, wordEnd: number): Span[] => {
  const newline = /[\r\n]/g;
  newline.lastIndex = wordEnd;
  const line = text.slice(0, newline.exec(text)?.index ?? text.length);
  const last = wordEnd + rule.within;
  for (let start = wordEnd; start <= last; start++) {
    // Within a long word each place would be tried in vain.
    while (start <= last && !startsToken(rule, line, start)) start++;
    const span = start <= last ? matcher.find(line, start) : undefined;
    if (!span || span.start > last) return [];
    if (isToken(rule, line, span)) return [span];
    start = span.start;
  }
  return [];
};

export const isToken = (rule: CompiledRule, text: string, span: Span): boolean =>
  startsToken(rule, text, span.start) && endsToken(rule, text, span.end);

const CARRIED = 'it stands where a credential stands, and is no placeholder';

/** The host of a URL whose password is only for show: the names that RFC 2606 sets aside. */
const SAMPLE_HOST =
  /^@(?:host(?:name)?\b|(?:[\w-]+\.)*example(?:\.(?:com|org|net|edu))?(?=[:/"'\s>)]|$)|(?:[\w-]+\.)+(?:test|invalid|example)\b)/i;

/** What stands before a commit id, a digest or a checksum, and before no key. */
const COMMIT_OR_DIGEST =
  /(?:@|\/(?:commit|commits|blob|tree|raw|archive)\/|sha-?(?:1|256|384|512)?[-:=]["' ]{0,3}|\b(?:integrity|commit|rev|revision|ref|digest|checksum|etag|md5)["' :=]{1,6})$/i;

/** Judges one span: undefined when the rule's own conditions (a context word near) do not hold. */
export const draftOf = (
  rule: CompiledRule,
  layer: Layer,
  text: string,
  from: number,
  span: Span,
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
  if (rule.mode === 'context' && COMMIT_OR_DIGEST.test(line.before))
    return { start, end, refused: 'a commit id or a digest' };
  if (judgement.confidence !== 'high' && isAmongBinary(layer, start, end))
    return { start, end, refused: 'among binary data' };
  const confidence = rule.carrier && SAMPLE_HOST.test(line.after) ? 'low' : judgement.confidence;
  return proved(rule, layer, latin1, { start, end, confidence, reasons: rule.carrier ? [CARRIED] : judgement.reasons });
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
