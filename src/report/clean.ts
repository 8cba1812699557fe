import { redactIn } from '../findings/redact.ts';
import { createScrubber } from '../findings/scrub.ts';
import type { Finding, ScanResult } from '../types.ts';
import type { ReportOptions } from './options.ts';

/** In running text (subjects, names, details) secrets from this length on are hidden. */
const SHORTEST_IN_TEXT = 8;
/** A path must stay usable: a directory named like a weak password is no leak, one named like a token is. */
const SHORTEST_IN_PATH = 16;

/** Hides the secrets of a scan in strings that come from its input. */
export interface Cleaner {
  readonly text: (text: string) => string;
  readonly path: (path: string) => string;
  /** For the line around a finding: hides that finding's secret whatever its length. */
  readonly context: (finding: Finding, context: string) => string;
}

const AS_IS: Cleaner = { text: (text) => text, path: (path) => path, context: (_, context) => context };

/**
 * The last line of defence before anything is printed: a file, a commit subject or an author may be named like a secret
 * found elsewhere. With `showSecrets` strings are left as they are.
 */
export const createCleaner = (result: ScanResult, { showSecrets }: Pick<ReportOptions, 'showSecrets'>): Cleaner => {
  if (showSecrets) return AS_IS;
  const secrets = result.findings.filter(({ rule }) => rule.kind === 'secret').map(({ secret }) => secret);
  const text = createScrubber(secrets, SHORTEST_IN_TEXT);
  return {
    text,
    path: createScrubber(secrets, SHORTEST_IN_PATH),
    context: (finding, context) => redactIn(text(context), [finding.secret], { start: false, end: false }),
  };
};
