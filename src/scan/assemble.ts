import picomatch from 'picomatch';
import type { CompiledRule } from '../detect/rules/rule.ts';
import type { RuleSet } from '../detect/rules/ruleset.ts';
import { SourceError } from '../errors.ts';
import { groupFindings } from '../findings/grouping.ts';
import { confidenceRank } from '../findings/order.ts';
import { CONFIDENCES, type Finding } from '../types.ts';
import { markAllowed, withReasons } from './allowed.ts';
import type { ScanOptions } from './options.ts';
import type { Placed } from './source-run.ts';

/** Turns matches and their places into findings: one a secret, those at or above the least confidence. */
export const assembleFindings = (placed: readonly Placed[], rules: RuleSet, options: ScanOptions): Finding[] => {
  const here = withinIncludes(placed, rules);
  const reviewed = options.review?.(here);
  const key = options.fingerprintKey;
  const findings = groupFindings(reviewed ? withReasons(reviewed) : here, factsLookup(rules), key);
  return reported(reviewed ? markAllowed(findings, reviewed, key) : findings, options).map((finding) =>
    options.allow.includes(finding.fingerprint) ? { ...finding, status: 'allowed' } : finding,
  );
};

const factsLookup = (rules: RuleSet) => (id: string) => ruleOf(rules, id).facts;

const ruleOf = (rules: RuleSet, id: string): CompiledRule => {
  const rule = rules.ruleNamed(id);
  if (!rule) throw new SourceError(`a match names an unknown rule: ${id}`);
  return rule;
};

/** Some rules hold for certain paths only. Blobs are scanned before their paths are known, so this is decided last. */
const withinIncludes = (placed: readonly Placed[], rules: RuleSet): Placed[] => {
  const accepts = new Map<string, (path: string) => boolean>();
  for (const id of new Set(placed.map(({ match }) => match.ruleId))) {
    const { include } = ruleOf(rules, id);
    if (include.length > 0) accepts.set(id, picomatch([...include], { dot: true }));
  }
  return placed.filter(({ match, path: place }) => {
    const accept = accepts.get(match.ruleId);
    return !accept || (place !== undefined && accept(place));
  });
};

const reported = (findings: readonly Finding[], { minConfidence }: ScanOptions): Finding[] =>
  findings.filter((finding) => confidenceRank(finding) >= CONFIDENCES.indexOf(minConfidence));
