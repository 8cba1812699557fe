import { CONFIDENCES, type Finding, type Occurrence, type Origin, SEVERITIES } from '../types.ts';

/** Negative when the first comes first. Strings compare by UTF-16 code units: the same order in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const severityRank = (finding: Pick<Finding, 'severity'>): number => SEVERITIES.indexOf(finding.severity);

export const confidenceRank = (finding: Pick<Finding, 'confidence'>): number => CONFIDENCES.indexOf(finding.confidence);

/** Places without a path come after all that have one. */
const comparePath = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareText(a, b);
};

const originKey = (origin: Origin): string =>
  [origin.type, 'oid' in origin ? origin.oid : '', 'path' in origin ? origin.path : ''].join('\0');

/** What makes two occurrences the same place: two rules that match the same bytes give one occurrence. */
export const occurrenceKey = (occurrence: Occurrence): string => {
  const { origin, path, region, chain } = occurrence;
  return JSON.stringify([originKey(origin), path ?? null, region.byteStart, region.byteEnd, chain]);
};

/** A total order that does not depend on the order in which places were found: path, line, column, origin, the rest. */
export const compareOccurrences = (a: Occurrence, b: Occurrence): number =>
  comparePath(a.path, b.path) ||
  a.region.startLine - b.region.startLine ||
  a.region.startColumn - b.region.startColumn ||
  compareText(originKey(a.origin), originKey(b.origin)) ||
  a.region.byteStart - b.region.byteStart ||
  a.region.byteEnd - b.region.byteEnd ||
  compareText(a.chain.join('>'), b.chain.join('>')) ||
  compareText(a.commit?.oid ?? '', b.commit?.oid ?? '') ||
  compareText(a.reach ?? '', b.reach ?? '') ||
  compareText(a.context, b.context);

/** The order of a report: severity and confidence falling, then first path and line, then fingerprint. */
export const compareFindings = (a: Finding, b: Finding): number => {
  const [first, second] = [a.occurrences[0], b.occurrences[0]];
  return (
    severityRank(b) - severityRank(a) ||
    confidenceRank(b) - confidenceRank(a) ||
    comparePath(first?.path, second?.path) ||
    (first?.region.startLine ?? 0) - (second?.region.startLine ?? 0) ||
    compareText(a.fingerprint, b.fingerprint)
  );
};
