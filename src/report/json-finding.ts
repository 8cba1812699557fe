import { isBlocking } from '../findings/gate.ts';
import type { Finding, Gate, Occurrence, Origin, RuleFacts } from '../types.ts';
import type { Cleaner } from './clean.ts';
import { toUri, wellFormed } from './escape.ts';
import { locationOf } from './places.ts';

/** Version of the JSON report's form; raised when a field changes its meaning or goes. */
export const REPORT_VERSION = 1;

const text = (value: string, clean: Cleaner): string => wellFormed(clean.text(value));

const originOf = (origin: Origin, clean: Cleaner): Record<string, string> => ({
  type: origin.type,
  ...('oid' in origin ? { oid: origin.oid } : {}),
  ...('path' in origin ? { path: wellFormed(clean.path(origin.path)) } : {}),
});

const commitOf = (
  { oid, authorName, authorEmail, authorDate, subject }: NonNullable<Occurrence['commit']>,
  clean: Cleaner,
) => ({
  oid,
  authorName: text(authorName, clean),
  authorEmail: text(authorEmail, clean),
  authorDate: wellFormed(authorDate),
  subject: text(subject, clean),
});

/** `path` is for reading (U+FFFD for bytes that are not UTF-8); `uri` is exact, and made up where there is no path. */
const occurrenceOf = (finding: Finding, occurrence: Occurrence, clean: Cleaner) => {
  const { origin, path, region, context, chain, companionRegion, commit, reach, note, introduced } = occurrence;
  return {
    origin: originOf(origin, clean),
    ...(path === undefined ? {} : { path: wellFormed(clean.path(path)) }),
    uri: toUri(clean.path(locationOf(occurrence))),
    region,
    context: wellFormed(clean.context(finding, context)),
    chain,
    ...(companionRegion === undefined ? {} : { companionRegion }),
    ...(commit === undefined ? {} : { commit: commitOf(commit, clean) }),
    ...(reach === undefined ? {} : { reach }),
    ...(note === undefined ? {} : { note }),
    ...(introduced === undefined ? {} : { introduced }),
  };
};

const ruleOf = ({ id, provider, name, kind, severity, confidence, description, remediation }: RuleFacts) => ({
  id: wellFormed(id),
  provider: wellFormed(provider),
  name: wellFormed(name),
  kind,
  severity,
  confidence,
  ...(description === undefined ? {} : { description: wellFormed(description) }),
  ...(remediation === undefined ? {} : { remediation }),
});

const detailsOf = ({ details }: Finding, clean: Cleaner): Record<string, string> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [wellFormed(name), text(value, clean)]));

const companionOf = ({ ruleId, name, redacted }: NonNullable<Finding['companion']>) => ({
  rule: wellFormed(ruleId),
  name: wellFormed(name),
  redacted,
});

/** A finding as the JSON reports write it (`schema/report.schema.json`); the secret itself only with `showSecrets`. */
export const jsonFinding = (finding: Finding, gate: Gate, clean: Cleaner, showSecrets: boolean) => ({
  fingerprint: finding.fingerprint,
  rule: ruleOf(finding.rule),
  severity: finding.severity,
  confidence: finding.confidence,
  proof: finding.proof,
  redacted: finding.redacted,
  ...(showSecrets ? { secret: wellFormed(finding.secret) } : {}),
  status: finding.status,
  blocking: isBlocking(finding, gate),
  reasons: finding.reasons.map((reason) => text(reason, clean)),
  details: detailsOf(finding, clean),
  ...(finding.companion === undefined ? {} : { companion: companionOf(finding.companion) }),
  alsoMatched: finding.alsoMatched.map(wellFormed),
  occurrences: finding.occurrences.map((occurrence) => occurrenceOf(finding, occurrence, clean)),
});
