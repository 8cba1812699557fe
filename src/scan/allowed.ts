import { fingerprintOf } from '../findings/fingerprint.ts';
import type { Located } from '../findings/grouping.ts';
import type { Finding } from '../types.ts';
import type { Reviewed } from './options.ts';

/** Matches to be grouped: where one is accepted, its place says why. */
export const withReasons = (reviewed: readonly Reviewed[]): Located[] =>
  reviewed.map(({ placed, allowed }) =>
    allowed === undefined ? placed : { ...placed, note: [placed.note, allowed].filter(Boolean).join('; ') },
  );

interface Standing {
  /** A place where it is not accepted, and one of these that is new. */
  open: boolean;
  introduced: boolean;
  readonly reasons: Set<string>;
}

/**
 * Says which findings are accepted: those of which every place is. A place that is not accepted keeps the finding as it
 * is, unless all such places were there before.
 * @param key fingerprint key of the user, as for the findings.
 */
export const markAllowed = (findings: readonly Finding[], reviewed: readonly Reviewed[], key?: string): Finding[] => {
  const standings = new Map<string, Standing>();
  for (const { placed, allowed } of reviewed) {
    const fingerprint = fingerprintOf(placed.match.identity, key);
    const known = standings.get(fingerprint) ?? { open: false, introduced: false, reasons: new Set<string>() };
    standings.set(fingerprint, known);
    if (allowed !== undefined) known.reasons.add(allowed);
    else {
      known.open = true;
      known.introduced ||= placed.introduced !== false;
    }
  }
  return findings.map((finding) => {
    const standing = standings.get(finding.fingerprint);
    if (!standing || standing.reasons.size === 0) return finding;
    if (!standing.open)
      return { ...finding, status: 'allowed', reasons: [...finding.reasons, ...[...standing.reasons].sort()] };
    return standing.introduced ? finding : { ...finding, status: 'pre-existing' };
  });
};
