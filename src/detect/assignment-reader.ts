import { readComparisons } from './assign/comparison.ts';
import { type AssignmentJudgement, judgeAssignment } from './assign/judge.ts';
import { readAssignments } from './assign/read.ts';
import { type Draft, type Refusal, utf8Of } from './finding-draft.ts';
import { BINARY_REACH, isAmongBinary, type Layer, lineAfter, lineBefore } from './layer.ts';
import type { CompiledRule } from './rules/rule.ts';

/** An assignment on its lines, judged. Offsets are those of the lines' text. */
interface Judged {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly secret: string;
  readonly judgement: AssignmentJudgement;
}

const BEFORE = 256;
const AFTER = 1024;
const NEXT_LINE = 256;

/**
 * Judged lines by keyword and text: the versions of a file repeat nearly all of its lines, and a judgement depends on
 * nothing but the keyword, its line and the next. Bounded; the answers are the same without it.
 */
const remembered = new Map<string, readonly Judged[]>();
const REMEMBERED = 20_000;

/** What is assigned to the name around the keyword at [at, end), as the rule `generic-secret` reads it. */
export const readAssignment = (rule: CompiledRule, layer: Layer, at: number, end: number): (Draft | Refusal)[] => {
  const [from, to] = linesAround(layer.bytes(), at, end);
  const text = layer.bytes().toString('latin1', from, to);
  return judgedAt(text, at - from, end - from).map(({ start, end: stop, name, secret, judgement }): Draft | Refusal => {
    const span = { start: from + start, end: from + stop };
    if (!judgement.keep) return { ...span, refused: judgement.reason };
    if (isAmongBinary(layer, span.start, span.end)) return { ...span, refused: 'among binary data' };
    return {
      ...span,
      secret,
      identity: secret,
      confidence: judgement.confidence,
      severity: rule.facts.severity,
      proof: 'not applicable',
      reasons: judgement.reasons,
      details: { name },
      chain: layer.chain,
    };
  });
};

/** The line of the keyword and the next one, where a `value:` may stand; cut on lines that are very long. */
const linesAround = (bytes: Buffer, at: number, end: number): [from: number, to: number] => {
  const lowest = Math.max(0, at - BEFORE);
  const from = lowest + bytes.subarray(lowest, at).lastIndexOf(10) + 1;
  const rest = bytes.subarray(end, end + AFTER);
  const lineEnd = rest.indexOf(10);
  if (lineEnd < 0) return [from, end + rest.length];
  const next = bytes.subarray(end + lineEnd + 1, end + lineEnd + 1 + NEXT_LINE);
  const nextEnd = next.indexOf(10);
  return [from, end + lineEnd + 1 + (nextEnd < 0 ? next.length : nextEnd)];
};

/**
 * What readAssignment() looks at for the keyword at [at, end): offsets, beyond the layer when its border was met. Two
 * lines, and what tells whether they stand among binary bytes.
 */
export const assignmentReach = (bytes: Buffer, at: number, end: number): [number, number] => {
  const lowest = Math.max(0, at - BEFORE);
  const before = bytes.subarray(lowest, at).lastIndexOf(10);
  const from = before < 0 ? at - BEFORE : lowest + before;
  const lineEnd = bytes.subarray(end, end + AFTER).indexOf(10);
  if (lineEnd < 0) return [from - BINARY_REACH, end + AFTER + BINARY_REACH];
  const next = end + lineEnd + 1;
  const nextEnd = bytes.subarray(next, next + NEXT_LINE).indexOf(10);
  return [from - BINARY_REACH, (nextEnd < 0 ? next + NEXT_LINE : next + nextEnd + 1) + BINARY_REACH];
};

const judgedAt = (text: string, at: number, end: number): readonly Judged[] => {
  const key = `${at} ${end} ${text}`;
  let judged = remembered.get(key);
  if (!judged) {
    judged = [...readAssignments(text, at, end), ...readComparisons(text, at, end)].map((found) => ({
      start: found.valueStart,
      end: found.valueEnd,
      name: utf8Of(found.name),
      secret: utf8Of(found.value),
      judgement: judgeAssignment(found, lineBefore(text, found.nameStart), lineAfter(text, found.valueEnd)),
    }));
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, judged);
  }
  return judged;
};
