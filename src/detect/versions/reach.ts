import { assignmentReach } from '../assignment-reader.ts';
import { BESIDE } from '../companions.ts';
import type { DetectorParts } from '../detector.ts';
import { MANIFEST_REACH } from '../kubernetes-secret.ts';
import { BINARY_REACH, JUDGE_AFTER, JUDGE_BEFORE, type Layer } from '../layer.ts';
import { privateKeyReach } from '../readers.ts';
import { type CompiledRule, type ExtractorName, type RuleAnchor, SECTION_REACH } from '../rules/rule.ts';
import { SERVICE_ACCOUNT_REACH } from '../service-account.ts';

/**
 * How far what is found at an anchor depends on the bytes around it. Whoever lets a rule look further must say so here:
 * versions of an item inherit what their base had wherever these bytes are the same. A test holds it against the
 * detector.
 */

/** Bytes on either side of a match that boundaries (boundary.ts) and readers of escapes look at. */
const BOUNDARY = 16;

/** Bytes before an anchor, and from its start on, that decide what is found there. */
export interface Reach {
  readonly before: number;
  readonly after: number;
}

const NOTHING: Reach = { before: 0, after: 0 };

const wider = (a: Reach, b: Reach): Reach => ({
  before: Math.max(a.before, b.before),
  after: Math.max(a.after, b.after),
});

/** The reach of what a form or a context rule finds (match-form.ts, match-context.ts). */
const formReach = (rule: CompiledRule, anchor: RuleAnchor): Reach => {
  const beside = Math.max(BOUNDARY, BINARY_REACH, rule.within);
  const before = Math.max(beside, JUDGE_BEFORE);
  const after = Math.max(beside, JUDGE_AFTER) + rule.maxLength + BOUNDARY;
  if (rule.mode === 'form') return { before: before + anchor.maxOffset, after: after - anchor.minOffset };
  const word = anchor.test.type === 'near' ? anchor.test.reach : rule.within;
  return { before, after: after + anchor.literal.length + Math.max(word, LINE_BEHIND, SECTION_REACH) };
};

/** What stands behind a word on its line when the line may head a section. */
const LINE_BEHIND = 64;

/** The secret that belongs to an unmistakable id is looked for behind it (companions.ts). */
const withSecretBehind = (reach: Reach, secret: CompiledRule | undefined): Reach =>
  secret === undefined
    ? reach
    : { before: reach.before, after: reach.after + BESIDE + secret.maxLength + Math.max(JUDGE_AFTER, BINARY_REACH) };

/** Readers whose reach does not depend on the text. */
const fixedReach: Partial<Record<ExtractorName, number>> = {
  'kubernetes-secret': MANIFEST_REACH,
  'service-account': SERVICE_ACCOUNT_REACH,
};

type TextReach = (layer: Layer, at: number, end: number) => [number, number];

/** Readers that stop at a line or at the next header. */
const textReach: Partial<Record<ExtractorName, TextReach>> = {
  assignment: (layer, at, end) => assignmentReach(layer.bytes(), at, end),
  'private-key': privateKeyReach,
};

/** Tells for each anchor how far the answer at a place depends on the text. */
export const createReach = (parts: Pick<DetectorParts, 'ownersOf' | 'ruleNamed'>) => {
  interface Known {
    readonly fixed: Reach;
    readonly byText: readonly { readonly reach: TextReach; readonly length: number }[];
  }
  const known = new Map<number, Known>();
  const learn = (anchorNumber: number): Known => {
    let fixed = NOTHING;
    const byText: { reach: TextReach; length: number }[] = [];
    for (const [rule, index] of parts.ownersOf(anchorNumber)) {
      const anchor = rule.anchors[index]!;
      const { length } = anchor.literal;
      const extract = rule.extract;
      if (extract === undefined) {
        const secret = rule.pair === undefined ? undefined : parts.ruleNamed(rule.pair);
        fixed = wider(fixed, withSecretBehind(formReach(rule, anchor), secret));
      } else if (textReach[extract]) byText.push({ reach: textReach[extract], length });
      else fixed = wider(fixed, { before: fixedReach[extract]!, after: fixedReach[extract]! + length });
    }
    const answer = { fixed, byText };
    known.set(anchorNumber, answer);
    return answer;
  };
  return (layer: Layer, at: number, anchorNumber: number): Reach => {
    const { fixed, byText } = known.get(anchorNumber) ?? learn(anchorNumber);
    let reach = fixed;
    for (const one of byText) {
      const [from, to] = one.reach(layer, at, at + one.length);
      reach = wider(reach, { before: at - from, after: to - at });
    }
    return reach;
  };
};
