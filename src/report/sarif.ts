import type { Invocation, Notification, Run } from 'sarif';
import { KEY_MASK, MASK } from '../findings/redact.ts';
import type { Receipt, ScanResult, Skipped } from '../types.ts';
import { TOOL_HOME, TOOL_NAME } from '../version.ts';
import { type Cleaner, createCleaner } from './clean.ts';
import { toJson, wellFormed } from './escape.ts';
import type { ReportOptions } from './options.ts';
import { receiptFacts } from './receipt-facts.ts';
import { byPath, type SecretInPath, toResult } from './sarif-result.ts';
import { ruleTable } from './sarif-rules.ts';
import { grouped } from './words.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** GitHub refuses runs with more results. */
const MOST_RESULTS = 25_000;

const skippedNotification = ({ reason, where, incomplete, detail }: Skipped, clean: Cleaner): Notification => {
  const place = where === '' ? '' : `: ${clean.path(where)}`;
  const more = detail === undefined ? '' : ` (${clean.text(detail)})`;
  return {
    level: incomplete ? 'error' : 'warning',
    message: { text: wellFormed(`Not read, ${reason}${place}${more}.`) },
  };
};

/** Entries the receipt counts but has no room to show. */
const unshownNotification = ({ skipped, skippedCounts }: Receipt): readonly Notification[] => {
  const unshown = Object.values(skippedCounts).reduce((sum, count) => sum + count, 0) - skipped.length;
  if (unshown <= 0) return [];
  return [
    { level: 'warning', message: { text: `${grouped(unshown)} more entries were not read; the receipt counts them.` } },
  ];
};

const omittedNotification = (omitted: number): readonly Notification[] =>
  omitted === 0
    ? []
    : [
        {
          level: 'warning',
          message: {
            text: `${grouped(omitted)} results of lesser severity are left out: a run holds ${grouped(MOST_RESULTS)}.`,
          },
        },
      ];

const interruptedNotification = ({ interrupted }: Receipt): readonly Notification[] =>
  interrupted
    ? [{ level: 'error', message: { text: 'Interrupted: what is reported is what was read until then.' } }]
    : [];

const invocationOf = ({ receipt, gate }: ScanResult, omitted: number, clean: Cleaner): Invocation => ({
  executionSuccessful: receipt.complete && !receipt.interrupted,
  exitCode: gate.exitCode,
  toolExecutionNotifications: [
    ...interruptedNotification(receipt),
    ...receipt.skipped.map((entry) => skippedNotification(entry, clean)),
    ...unshownNotification(receipt),
    ...omittedNotification(omitted),
  ],
});

/** The run but for its results, which are written one by one. */
const runHead = (
  result: ScanResult,
  options: ReportOptions,
  rules: Run['tool']['driver']['rules'],
  omitted: number,
  clean: Cleaner,
): Omit<Run, 'results'> => ({
  tool: {
    driver: {
      name: TOOL_NAME,
      informationUri: TOOL_HOME,
      version: options.toolVersion,
      semanticVersion: options.toolVersion,
      rules: rules ?? [],
    },
  },
  automationDetails: { id: `${options.category ?? `leakgate/${result.receipt.mode}`}/` },
  columnKind: 'utf16CodeUnits',
  redactionTokens: [MASK, KEY_MASK],
  invocations: [invocationOf(result, omitted, clean)],
  properties: { receipt: receiptFacts(result.receipt, clean), gate: result.gate },
});

const chunks = function* (
  head: Omit<Run, 'results'>,
  entries: readonly SecretInPath[],
  toText: (entry: SecretInPath) => string,
): Generator<string> {
  yield `{"$schema":${toJson(SCHEMA)},"version":"2.1.0","runs":[`;
  yield `${toJson(head).slice(0, -1)},"results":[`;
  for (const [index, entry] of entries.entries()) yield `${index === 0 ? '\n' : ',\n'}${toText(entry)}`;
  yield ']}]}\n';
};

/**
 * SARIF 2.1.0 (OASIS, errata 01) as GitHub code scanning takes it. One result for each secret and path; secrets are
 * redacted whatever the options say. Findings that are pre-existing, allowed or in the baseline are left out unless
 * `includeSuppressed`, because GitHub shows suppressed results as open alerts.
 *
 * @returns the file in chunks, one for each result, so that no string holds it whole
 */
export const renderSarif = (result: ScanResult, options: ReportOptions): Iterable<string> => {
  const withSuppressions = options.includeSuppressed === true;
  const clean = createCleaner(result, { showSecrets: false });
  const findings = result.findings.filter(({ status }) => withSuppressions || status === 'active');
  const all = findings.flatMap(byPath);
  const entries = all.slice(0, MOST_RESULTS);
  const { descriptors, indexOf } = ruleTable(entries.map(({ finding }) => finding));
  const head = runHead(result, options, [...descriptors], all.length - entries.length, clean);
  return chunks(head, entries, (entry) =>
    toJson(toResult(entry, indexOf(entry.finding.rule.id), clean, withSuppressions)),
  );
};
