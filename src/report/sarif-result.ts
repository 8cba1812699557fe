import { createHash } from 'node:crypto';
import type { Location, Result, Region as SarifRegion } from 'sarif';
import type { CommitInfo, Finding, Reach } from '../types.ts';
import type { Cleaner } from './clean.ts';
import { toUri, wellFormed } from './escape.ts';
import { firstCommit, nearestReach, type Place, placesOf } from './places.ts';
import { levelOf } from './sarif-rules.ts';
import { counted, dayOf, shortId } from './words.ts';

/** GitHub refuses results with more locations. */
const MOST_LOCATIONS = 1000;

/** All places of one secret in one path: a result. */
export interface SecretInPath {
  readonly finding: Finding;
  readonly location: string;
  readonly places: readonly [Place, ...Place[]];
}

/** Splits a finding by path, in the order of its occurrences. */
export const byPath = (finding: Finding): readonly SecretInPath[] => {
  const groups = new Map<string, [Place, ...Place[]]>();
  for (const place of placesOf(finding)) {
    const group = groups.get(place.location);
    if (group === undefined) groups.set(place.location, [place]);
    else group.push(place);
  }
  return [...groups].map(([location, places]) => ({ finding, location, places }));
};

/**
 * Identity of a result across uploads: SHA-256 of fingerprint, a zero byte and the path. It holds neither line nor
 * commit, so that an alert stays the same when the line moves. GitHub reads `primaryLocationLineHash` alone, whose form
 * is 16 hex digits, ':' and a running number; the whole hash is under the tool's own name.
 */
const fingerprintsOf = ({ finding, location }: SecretInPath): Record<string, string> => {
  const hash = createHash('sha256')
    .update(`${finding.fingerprint}\0${toUri(location)}`)
    .digest('hex');
  return { primaryLocationLineHash: `${hash.slice(0, 16)}:1`, 'leakgate/v1': hash };
};

/** Keeps a link (`[text](target)`, SARIF 3.11.6) from forming out of text from rules. */
const plain = (text: string): string => wellFormed(text).replace(/\]\(/g, '] (');

const WHERE: Readonly<Record<Reach, string>> = {
  'at HEAD': 'at HEAD',
  'history only': 'in history only',
  unreachable: 'in unreachable objects',
};

/** The first sentence is the title GitHub shows. */
const messageOf = ({ finding, places }: SecretInPath, clean: Cleaner): string => {
  const reach = nearestReach(places);
  const commit = firstCommit(finding.occurrences);
  const sentences = [
    `${finding.rule.name} ${reach === undefined ? 'found' : WHERE[reach]} (${finding.redacted.replace(/[[\]]/g, '')})`,
  ];
  if (commit !== undefined) sentences.push(`First commit ${shortId(commit.oid)} on ${dayOf(commit.authorDate)}`);
  sentences.push(
    `The value stands in ${counted(finding.occurrences.length, 'place')}, confidence ${finding.confidence}`,
  );
  sentences.push(...finding.reasons.map((reason) => clean.text(reason).replace(/\.$/, '')));
  if (finding.rule.kind === 'secret') sentences.push('If it was ever pushed, revoke or rotate it first');
  return plain(`${sentences.join('. ')}.`);
};

/** Ends are exclusive as in SARIF; columns are never below 1, which uploads refuse. */
const regionOf = ({ occurrence }: Place): SarifRegion => {
  const { startLine, startColumn, endLine, endColumn } = occurrence.region;
  return { startLine, startColumn, endLine, endColumn: Math.max(1, endColumn) };
};

const toLocation = (place: Place, { finding, location }: SecretInPath, clean: Cleaner): Location => {
  const { startLine, endLine } = place.occurrence.region;
  const context = clean.context(finding, place.occurrence.context);
  const oneLine = startLine === endLine && context !== '';
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(clean.path(location)) },
      region: { ...regionOf(place), snippet: { text: finding.redacted } },
      ...(oneLine ? { contextRegion: { startLine, endLine, snippet: { text: wellFormed(context) } } } : {}),
    },
  };
};

/** Both parts have to be taken out, so a companion is a location of the result too. */
const companionLocation = (place: Place, { finding, location }: SecretInPath, clean: Cleaner): Location[] => {
  const region = place.occurrence.companionRegion;
  if (region === undefined || finding.companion === undefined) return [];
  const { startLine, startColumn, endLine, endColumn } = region;
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: toUri(clean.path(location)) },
        region: { startLine, startColumn, endLine, endColumn: Math.max(1, endColumn) },
      },
      message: { text: plain(`${finding.companion.name}, which belongs to it`) },
    },
  ];
};

const commitFacts = (commit: CommitInfo, clean: Cleaner): Record<string, string> => ({
  id: commit.oid,
  authorName: wellFormed(clean.text(commit.authorName)),
  authorDate: commit.authorDate,
});

const detailsOf = ({ details }: Finding, clean: Cleaner): Record<string, string> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [wellFormed(name), wellFormed(clean.text(value))]));

const propertiesOf = ({ finding, places }: SecretInPath, clean: Cleaner): Record<string, unknown> => {
  const occurrences = places.map((place) => place.occurrence);
  const commit = firstCommit(finding.occurrences);
  const reach = nearestReach(places);
  return {
    fingerprint: finding.fingerprint,
    severity: finding.severity,
    confidence: finding.confidence,
    proof: finding.proof,
    status: finding.status,
    ...(reach === undefined ? {} : { reach }),
    ...(commit === undefined ? {} : { firstCommit: commitFacts(commit, clean) }),
    places: finding.occurrences.length,
    placesInPath: places.reduce((sum, place) => sum + place.versions, 0),
    chain: [...(occurrences[0]?.chain ?? [])],
    details: detailsOf(finding, clean),
    ...(finding.companion === undefined
      ? {}
      : { companion: `${wellFormed(finding.companion.name)} ${finding.companion.redacted}` }),
    alsoMatched: finding.alsoMatched.map(wellFormed),
  };
};

const SUPPRESSED_BECAUSE = {
  'pre-existing': 'It was there before this change.',
  allowed: 'An allow entry names it.',
  baseline: 'The baseline holds it.',
} as const;

/** In one run either no result has `suppressions` or every one has (SARIF 3.27.23). */
const suppressionsOf = ({ status }: Finding): Pick<Result, 'suppressions'> => ({
  suppressions:
    status === 'active' ? [] : [{ kind: 'external', status: 'accepted', justification: SUPPRESSED_BECAUSE[status] }],
});

/**
 * One result: a secret in a path. All its places in that path are locations, since each has to be cleaned.
 *
 * @param withSuppressions whether results of the run say if they are suppressed
 */
export const toResult = (
  entry: SecretInPath,
  ruleIndex: number,
  clean: Cleaner,
  withSuppressions: boolean,
): Result => ({
  ruleId: wellFormed(entry.finding.rule.id),
  ruleIndex,
  level: levelOf(entry.finding.severity, entry.finding.rule.kind),
  message: { text: messageOf(entry, clean) },
  locations: entry.places
    .flatMap((place) => [toLocation(place, entry, clean), ...companionLocation(place, entry, clean)])
    .slice(0, MOST_LOCATIONS),
  partialFingerprints: fingerprintsOf(entry),
  ...(withSuppressions ? suppressionsOf(entry.finding) : {}),
  properties: propertiesOf(entry, clean),
});
