import { readFileSync } from 'node:fs';
import { whyNot } from '../../detect/rules/why-not.ts';
import { UsageError } from '../../errors.ts';
import { prepareDetector } from '../../policy/rules.ts';
import { scan } from '../../scan/scan.ts';
import { texts, type Values } from '../settings.ts';
import { loadRules, print } from './load.ts';

/** More of a file is not looked through for rules that almost match. */
const MOST_BYTES = 4 << 20;

/**
 * `leakgate rules test FILE`: which rules match, what was refused and why, and which rules only came near.
 * @throws UsageError when the file can't be read
 */
export const testRules = async (file: string, values: Values, signal: AbortSignal): Promise<number> => {
  const text = startOf(file);
  const detector = await prepareDetector({ folders: texts(values, 'rules'), only: [], enable: ['all'], disable: [] });
  const result = await scan(
    { mode: 'dir', paths: [file], ignored: true },
    {
      detector,
      failOn: 'low',
      minConfidence: 'low',
      exitZero: true,
      allowIncomplete: [],
      allow: [],
      exclude: [],
      explain: true,
      signal,
    },
  );
  const matched = result.findings.flatMap((finding) =>
    finding.occurrences.map(
      ({ path = '', region }) =>
        `match    ${path}:${region.startLine}:${region.startColumn}  ${finding.rule.id}  ${finding.confidence}  ${finding.redacted}` +
        (finding.alsoMatched.length ? `  (also ${finding.alsoMatched.join(', ')})` : ''),
    ),
  );
  const refused = (result.droppedMatches ?? []).map(
    ({ path, line, ruleId, reason }) => `refused  ${path}:${line}  ${ruleId}  ${reason}`,
  );
  const met = new Set([
    ...result.findings.flatMap(({ rule, alsoMatched, companion }) => [rule.id, ...alsoMatched, companion?.ruleId]),
    ...(result.droppedMatches ?? []).map(({ ruleId }) => ruleId),
  ]);
  const near = (await loadRules(values)).flatMap((rule) => {
    const why = met.has(rule.facts.id) ? undefined : whyNot(rule, text);
    return why ? [`no match ${file}:${why.line}  ${rule.facts.id}  ${why.reason}`] : [];
  });
  const totals = `${matched.length} matched, ${refused.length} refused, ${near.length} came near`;
  return print([...matched, ...refused, ...near, totals]) || result.gate.exitCode;
};

/** The first bytes of a file as Latin-1. */
const startOf = (file: string): string => {
  try {
    return readFileSync(file).subarray(0, MOST_BYTES).toString('latin1');
  } catch (error) {
    throw new UsageError(`can't read ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
};
