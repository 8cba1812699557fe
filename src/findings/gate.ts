import { CONFIDENCES, type Confidence, type Finding, type Gate, SEVERITIES, type Severity } from '../types.ts';
import { confidenceRank, severityRank } from './order.ts';

export const EXIT = { clean: 0, findings: 1, incomplete: 3, interrupted: 130 } as const;

/** What the gate needs to know of the scan itself. */
export interface GateFacts {
  readonly complete: boolean;
  readonly interrupted: boolean;
  /** Every reason (`Skipped.reason`) that made the scan incomplete, also of entries the receipt has no room to show. */
  readonly incompleteReasons: Iterable<string>;
}

export interface GateOptions {
  readonly failOn: Severity;
  readonly minConfidence: Confidence;
  /** Findings don't fail the run. An incomplete scan still does. */
  readonly exitZero: boolean;
  /** Reasons of incompleteness to accept, as in the receipt; case, spaces, '-' and '_' don't matter. */
  readonly allowIncomplete: readonly string[];
}

type Threshold = Pick<Gate, 'failOn' | 'minConfidence'>;

/**
 * True when the finding fails the gate: a secret (not an id or a public value), neither allowed nor there before, and
 * at or above both thresholds.
 */
export const isBlocking = (finding: Finding, { failOn, minConfidence }: Threshold): boolean =>
  finding.rule.kind === 'secret' &&
  finding.status === 'active' &&
  severityRank(finding) >= SEVERITIES.indexOf(failOn) &&
  confidenceRank(finding) >= CONFIDENCES.indexOf(minConfidence);

const reasonKey = (reason: string): string =>
  reason
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');

/** Incomplete without any reason given is never allowed: what isn't known can't have been accepted. */
const isIncompleteAllowed = (reasons: Iterable<string>, allowed: readonly string[]): boolean => {
  const allowedKeys = new Set(allowed.map(reasonKey));
  const given = [...reasons];
  return given.length > 0 && given.every((reason) => allowedKeys.has(reasonKey(reason)));
};

const exitCodeOf = (blocking: number, facts: GateFacts, options: GateOptions): number => {
  if (facts.interrupted) return EXIT.interrupted;
  if (blocking > 0 && !options.exitZero) return EXIT.findings;
  if (!facts.complete && !isIncompleteAllowed(facts.incompleteReasons, options.allowIncomplete)) return EXIT.incomplete;
  return EXIT.clean;
};

/**
 * Decides whether the run passes. Exit code 130 when interrupted, else 1 when a finding blocks (unless `exitZero`),
 * else 3 when the scan is incomplete for a reason that isn't allowed, else 0.
 */
export const applyGate = (findings: readonly Finding[], facts: GateFacts, options: GateOptions): Gate => {
  const blocking = findings.filter((finding) => isBlocking(finding, options)).length;
  return {
    failOn: options.failOn,
    minConfidence: options.minConfidence,
    blocking,
    exitCode: exitCodeOf(blocking, facts, options),
  };
};
