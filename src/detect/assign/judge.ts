import { digestReason, isUuid } from '../judge/digest.ts';
import { identifierReason } from '../judge/identifier.ts';
import type { Judgement } from '../judge/judgement.ts';
import { placeholderReason } from '../judge/placeholder.ts';
import { referenceReason } from '../judge/reference.ts';
import type { Assignment, AssignmentStyle } from './assignment.ts';
import { fragmentReason } from './fragment.ts';
import { judgeName, type NameKind } from './secret-name.ts';
import { type ValueStrength, valueStrength } from './value-strength.ts';

/** Score from which an assignment is kept with medium and with low confidence. */
const MEDIUM = 3;
const LOW = 1.5;

const KIND_POINTS: Readonly<Record<NameKind, number>> = {
  password: 2.5,
  secret: 2,
  token: 1.5,
  key: 1.5,
  auth: 1,
  vague: 0,
};

const STYLE_POINTS: Readonly<Record<AssignmentStyle, number>> = {
  dotenv: 0.5,
  json: 0.5,
  yaml: 0.5,
  xml: 0.5,
  flag: 0.5,
  code: 0.5,
  query: 0.25,
  default: 0,
  spaced: 0.25,
  comparison: 0,
  call: 0,
};

/** A judgement of an assignment with the score it rests on: below 0 is certain to be nothing, from 5 on hardly ever. */
export type AssignmentJudgement = Judgement & { readonly score: number };

/**
 * Judges whether an assignment gives away a secret: the name must be one that secrets are kept under and the value must
 * look real. `before` and `after` are the text around the assignment on its line (about 120 and 60 characters). Generic
 * assignments are never of high confidence.
 */
export function judgeAssignment(assignment: Assignment, before: string, after: string): AssignmentJudgement {
  const { value, quoted, style } = assignment;
  if (value.length < 4) return refuse('too short');
  const name = judgeName(assignment.name);
  if ('refused' in name) return refuse(name.refused);
  if (!quoted && style === 'code' && name.kind !== 'password' && /^[A-Za-z_.$]{1,15}$/.test(value))
    return refuse('a name in code');
  const reason =
    placeholderReason(value) ??
    referenceReason(value) ??
    identifierReason(value, quoted) ??
    digestReason(value, assignment.name) ??
    fragmentReason(assignment, before, after);
  if (reason !== undefined) return refuse(reason);
  if (repeatsName(assignment)) return refuse('the value repeats the name');
  const strength = valueStrength(value);
  if (name.kind === 'password' && strength.isWord && isSetting(assignment, after)) return weakPassword(before);
  const unfit = unfitReason(name.kind, assignment, strength, after);
  if (unfit !== undefined) return refuse(unfit);
  const score = KIND_POINTS[name.kind] + STYLE_POINTS[style] + strength.points - contextPenalty(before);
  if (score < LOW) return { ...refuse('the value does not look like a secret'), score };
  const sure =
    score >= MEDIUM && !isBareName(assignment, after) && !strength.isWord && !(strength.isNumber && value.length < 8);
  return { keep: true, confidence: sure ? 'medium' : 'low', reasons: reasons(name.kind, strength), score };
}

function refuse(reason: string): AssignmentJudgement {
  return { keep: false, reason, score: -1 };
}

/** A word under a password's name: people do choose words, and programs name things with them. Never more than low. */
function weakPassword(before: string): AssignmentJudgement {
  const score = 2 - contextPenalty(before);
  return {
    keep: true,
    confidence: 'low',
    reasons: ['assigned to a name that says password', 'the value is a word'],
    score,
  };
}

/** Whether the value is a literal or the whole value of a line in a configuration file. */
function isSetting(assignment: Assignment, after: string): boolean {
  if (assignment.style === 'comparison' || assignment.style === 'call') return false;
  return (
    assignment.quoted ||
    assignment.style === 'xml' ||
    (assignment.style !== 'code' && /^\s*(?:$|[\n\r\\#])/.test(after))
  );
}

function reasons(kind: NameKind, strength: ValueStrength): string[] {
  const named = kind === 'vague' ? 'assigned to a key' : `assigned to a name that says ${kind}`;
  if (strength.isRandom) return [named, 'the value looks random'];
  return [named, strength.isWord ? 'the value is a word' : 'the value is no placeholder'];
}

/** `DB_PASSWORD=db_password`, `token: 'mytoken'`: the value is the name, or the name holds it. */
function repeatsName(assignment: Assignment): boolean {
  const name = assignment.name.toLowerCase().replace(/[^a-z\d]/g, '');
  const value = assignment.value.toLowerCase().replace(/[^a-z\d]/g, '');
  return (
    value.length >= 4 &&
    (name.includes(value) || (name.length >= 4 && value.includes(name) && value.length < name.length + 6))
  );
}

/** Values that some kinds of name never hold. */
function unfitReason(
  kind: NameKind,
  assignment: Assignment,
  strength: ValueStrength,
  after: string,
): string | undefined {
  const { value, quoted, style } = assignment;
  if (kind === 'vague' && style === 'code' && !quoted) return 'code';
  if (kind === 'vague' && (!strength.isRandom || isUuid(value))) return 'a vague name with a value that is not random';
  if (kind === 'auth' && !/^[\w+/=.~:@!-]{8,}$/.test(value)) return 'not the form of a credential';
  if (style === 'spaced' && !standsAfterWord(kind, assignment, strength)) return 'text after a word';
  if (kind !== 'password' && (strength.isWord || /^[A-Za-z_-]{4,7}$/.test(value))) return 'a word';
  if (strength.isNumber && value.length < (kind === 'secret' ? 8 : kind === 'password' ? 5 : 12)) return 'a number';
  if (quoted || style === 'xml' || style === 'query') return undefined;
  const inCode = style === 'code' || /^\s*[,;)}\]]/.test(after);
  if (inCode && /^[A-Za-z_.$*&-]+$/.test(value) && (value.length < 16 || strength.points < 1)) {
    return kind === 'password' && strength.points >= 1 ? undefined : 'a name in code';
  }
  if (strength.isNumber && (inCode || value.startsWith('0x'))) return 'a number';
  return undefined;
}

/** Whether a value without any operator before it may be meant as one: SQL, netrc, macro definitions. */
function standsAfterWord(kind: NameKind, { value, quoted }: Assignment, strength: ValueStrength): boolean {
  if (/\s/.test(value) || (!quoted && !/\d/.test(value))) return false;
  return kind === 'password' || kind === 'secret' || strength.isRandom;
}

/** An unquoted run of letters in what may be code: perhaps a variable. */
function isBareName({ value, quoted, style }: Assignment, after: string): boolean {
  return (
    !quoted && value.length < 16 && (style === 'code' || /^\s*[,;)}\]]/.test(after)) && /^[A-Za-z_.$*&-]+$/.test(value)
  );
}

const TEST_CONTEXT = /\b(?:assert\w*|expect|should|describe|test|spec|mock\w*|fake\w*|dummy|example)\b/i;

function contextPenalty(before: string): number {
  return TEST_CONTEXT.test(before) ? 0.5 : 0;
}
