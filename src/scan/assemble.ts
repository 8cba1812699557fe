import picomatch from 'picomatch';
import type { RuleSet } from '../detect/rules/ruleset.ts';
import { SourceError } from '../errors.ts';
import { groupFindings } from '../findings/grouping.ts';
import { confidenceRank } from '../findings/order.ts';
import { CONFIDENCES, type Finding, type RuleFacts } from '../types.ts';
import type { ScanOptions } from './options.ts';
import type { Placed } from './source-run.ts';

/** Turns matches and their places into findings: one a secret, those at or above the least confidence. */
export const assembleFindings = (placed: readonly Placed[], rules: RuleSet, options: ScanOptions): Finding[] =>
  reported(groupFindings(withinIncludes(placed, rules), factsLookup(rules), options.fingerprintKey), options).map(
    (finding) => (options.allow.includes(finding.fingerprint) ? { ...finding, status: 'allowed' } : finding),
  );

const factsLookup = (rules: RuleSet): ((id: string) => RuleFacts) => {
  let byId: Map<string, RuleFacts> | undefined;
  return (id) => {
    byId ??= new Map(
      Array.from({ length: rules.size }, (_, index) => [rules.rule(index).facts.id, rules.rule(index).facts]),
    );
    const facts = byId.get(id);
    if (!facts) throw new SourceError(`a match names an unknown rule: ${id}`);
    return facts;
  };
};

/** Some rules hold for certain paths only. Blobs are scanned before their paths are known, so this is decided last. */
const withinIncludes = (placed: readonly Placed[], rules: RuleSet): Placed[] => {
  const accepts = new Map<string, (path: string) => boolean>();
  for (let index = 0; placed.length > 0 && index < rules.size; index++) {
    const { facts, include } = rules.rule(index);
    if (include.length > 0) accepts.set(facts.id, picomatch([...include], { dot: true }));
  }
  return placed.filter(({ match, path: place }) => {
    const accept = accepts.get(match.ruleId);
    return !accept || (place !== undefined && accept(place));
  });
};

const reported = (findings: readonly Finding[], { minConfidence }: ScanOptions): Finding[] =>
  findings.filter((finding) => confidenceRank(finding) >= CONFIDENCES.indexOf(minConfidence));
