import type { CommitInfo, Finding, LocatedMatch, Occurrence, Origin, Reach, RuleFacts } from '../types.ts';
import { fingerprintOf } from './fingerprint.ts';
import {
  compareFindings,
  compareOccurrences,
  compareText,
  confidenceRank,
  occurrenceKey,
  severityRank,
} from './order.ts';
import { KEY_MASK, redact } from './redact.ts';

/** A match and where its item comes from. */
export interface Located {
  readonly match: LocatedMatch;
  readonly origin: Origin;
  readonly path?: string;
  readonly commit?: CommitInfo;
  readonly reach?: Reach;
  readonly note?: string;
  readonly introduced?: boolean;
}

interface Entry {
  readonly match: LocatedMatch;
  readonly occurrence: Occurrence;
}

const toEntry = ({ match, origin, path, commit, reach, note, introduced }: Located): Entry => ({
  match,
  occurrence: {
    origin,
    ...(path === undefined ? {} : { path }),
    region: match.region,
    context: match.context,
    chain: match.chain,
    ...(match.companionRegion === undefined ? {} : { companionRegion: match.companionRegion }),
    ...(commit === undefined ? {} : { commit }),
    ...(reach === undefined ? {} : { reach }),
    ...(note === undefined ? {} : { note }),
    ...(introduced === undefined ? {} : { introduced }),
  },
});

/** The match that speaks for a secret comes first: confidence, severity, rule id, then place, then what it says. */
const compareEntries = (a: Entry, b: Entry): number =>
  confidenceRank(b.match) - confidenceRank(a.match) ||
  severityRank(b.match) - severityRank(a.match) ||
  compareText(a.match.ruleId, b.match.ruleId) ||
  compareOccurrences(a.occurrence, b.occurrence) ||
  compareText(spokenBy(a.match), spokenBy(b.match));

const spokenBy = (match: LocatedMatch): string =>
  JSON.stringify([match.secret, match.proof, match.reasons, Object.entries(match.details).sort()]);

/** Of occurrences at one place keeps the first in order; of flags that differ the one that gates. */
const distinctOccurrences = (entries: readonly Entry[]): readonly Occurrence[] => {
  const byKey = new Map<string, Occurrence>();
  for (const { occurrence } of [...entries].sort((a, b) => compareOccurrences(a.occurrence, b.occurrence))) {
    const key = occurrenceKey(occurrence);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, occurrence);
    else if (known.introduced === false && occurrence.introduced !== false) {
      byKey.set(key, { ...known, introduced: true });
    }
  }
  return [...byKey.values()];
};

const otherRules = (entries: readonly Entry[], winner: string): readonly string[] => {
  const ids = new Set<string>();
  for (const { match } of entries) {
    ids.add(match.ruleId);
    for (const id of match.alsoMatched) ids.add(id);
  }
  ids.delete(winner);
  return [...ids].sort(compareText);
};

const companionOf = ({ companion }: LocatedMatch, rules: (id: string) => RuleFacts): Pick<Finding, 'companion'> =>
  companion === undefined
    ? {}
    : {
        companion: { ruleId: companion.ruleId, name: rules(companion.ruleId).name, redacted: redact(companion.secret) },
      };

const toFinding = (fingerprint: string, entries: readonly Entry[], rules: (id: string) => RuleFacts): Finding => {
  const { match } = entries.reduce((best, entry) => (compareEntries(entry, best) < 0 ? entry : best));
  const occurrences = distinctOccurrences(entries);
  return {
    fingerprint,
    rule: rules(match.ruleId),
    severity: match.severity,
    confidence: match.confidence,
    proof: match.proof,
    secret: match.secret,
    redacted: match.identity.startsWith('spki:') ? KEY_MASK : redact(match.secret),
    reasons: match.reasons,
    details: match.details,
    alsoMatched: otherRules(entries, match.ruleId),
    ...companionOf(match, rules),
    occurrences,
    status: occurrences.every(({ introduced }) => introduced === false) ? 'pre-existing' : 'active',
  };
};

/**
 * Joins matches into findings: one for each secret, whatever the number of places and rules. The answer doesn't depend
 * on the order of the input. Of several rules the most confident speaks, then the most severe, then the first by id.
 *
 * @param input matches with their origin, in any order
 * @param rules the facts of a rule by id; expected to throw for an id it doesn't know
 * @param key fingerprint key of the user, see `fingerprintOf`
 * @returns findings by severity and confidence (falling), path, line and fingerprint
 */
export const groupFindings = (input: Iterable<Located>, rules: (id: string) => RuleFacts, key?: string): Finding[] => {
  const byFingerprint = new Map<string, Entry[]>();
  for (const located of input) {
    const fingerprint = fingerprintOf(located.match.identity, key);
    const entries = byFingerprint.get(fingerprint);
    if (entries === undefined) byFingerprint.set(fingerprint, [toEntry(located)]);
    else entries.push(toEntry(located));
  }
  const findings = [...byFingerprint].map(([fingerprint, entries]) => toFinding(fingerprint, entries, rules));
  return findings.sort(compareFindings);
};
