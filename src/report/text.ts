import { isBlocking } from '../findings/gate.ts';
import type { Finding, ScanResult } from '../types.ts';
import { createCleaner } from './clean.ts';
import { forTerminal } from './escape.ts';
import type { ReportOptions } from './options.ts';
import { createPaint } from './paint.ts';
import { findingLines, groupFooter, groupHeader, quietFindingLine, type TextContext } from './text-finding.ts';
import { receiptLines } from './text-receipt.ts';
import { counted, grouped } from './words.ts';

/** Findings of one rule and severity, in the order of the report: the way to fix them is said once. */
export const groupByRule = (findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] => {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.severity}\0${finding.rule.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
};

const activeLines = function* (active: readonly Finding[], context: TextContext): Generator<string> {
  for (const group of groupByRule(active)) {
    yield groupHeader(group, context);
    for (const finding of group) yield* findingLines(finding, context);
    yield* groupFooter(group[0], context);
    yield '';
  }
};

const OTHER_STATUS = { 'pre-existing': 'there before', allowed: 'allowed', baseline: 'in the baseline' } as const;

/** What was there before is named in one line each; what was accepted only with `--verbose`. */
const otherLines = function* (findings: readonly Finding[], context: TextContext): Generator<string> {
  const shown = findings.filter(
    ({ status }) => status === 'pre-existing' || (context.options.verbose && status !== 'active'),
  );
  if (shown.length === 0) return;
  for (const finding of shown) {
    if (finding.status !== 'active') yield quietFindingLine(finding, OTHER_STATUS[finding.status], context);
  }
  yield '';
};

const countBySeverity = (active: readonly Finding[]): string => {
  const parts = (['critical', 'high', 'medium', 'low'] as const).map((severity) => {
    const count = active.filter((finding) => finding.severity === severity).length;
    return count === 0 ? '' : `${grouped(count)} ${severity}`;
  });
  return parts.filter((part) => part !== '').join(', ');
};

const otherCounts = (findings: readonly Finding[]): string => {
  const parts = (['pre-existing', 'allowed', 'baseline'] as const).map((status) => {
    const count = findings.filter((finding) => finding.status === status).length;
    return count === 0 ? '' : `${grouped(count)} ${OTHER_STATUS[status]}`;
  });
  const text = parts.filter((part) => part !== '').join(', ');
  return text === '' ? '' : ` Not counted: ${text}.`;
};

/** The verdict in one line. Nothing found in a scan that is incomplete is not called clean. */
const summaryLine = ({ findings, receipt, gate }: ScanResult, active: readonly Finding[]): string => {
  const others = otherCounts(findings);
  if (active.length > 0) {
    const threshold = `severity ${gate.failOn} and confidence ${gate.minConfidence} or above`;
    const places = active.reduce((sum, finding) => sum + finding.occurrences.length, 0);
    const found = `${counted(active.length, 'finding')} (${countBySeverity(active)}) in ${counted(places, 'place')}`;
    return `${found}; ${grouped(gate.blocking)} at the gate (${threshold}).${others}`;
  }
  if (receipt.interrupted) return `Interrupted: nothing found in what was read so far.${others}`;
  if (!receipt.complete) return `Nothing found in what was read, but the scan is incomplete.${others}`;
  return `No secrets found.${others}`;
};

const explainLines = function* (result: ScanResult, { options, clean, paint }: TextContext): Generator<string> {
  if (!options.explain || result.droppedMatches === undefined) return;
  yield paint('Judged not to be secrets', 'bold');
  if (result.droppedMatches.length === 0) yield '  nothing';
  for (const { path, line, ruleId, reason } of result.droppedMatches) {
    yield `  ${forTerminal(clean.path(path))}:${line}  ${forTerminal(ruleId)}  ${forTerminal(clean.text(reason))}`;
  }
  yield '';
};

/** Fingerprints say which: an entry holds wherever the value stands, and for no other value. */
const allowHint = [
  'Not a secret, or accepted? Put its fingerprint into a file and name the file with --config:',
  '  allow:',
  '    - fingerprint: FINGERPRINT',
  '      reason: why it is harmless',
].join('\n');

const textLines = function* (result: ScanResult, options: ReportOptions): Generator<string> {
  const context: TextContext = { options, clean: createCleaner(result, options), paint: createPaint(options.color) };
  const { paint } = context;
  const active = result.findings.filter(({ status }) => status === 'active');
  const { complete, interrupted } = result.receipt;
  if (options.quiet && active.length === 0 && complete && !interrupted) return;

  yield* activeLines(active, context);
  if (!options.quiet) yield* otherLines(result.findings, context);
  yield* explainLines(result, context);
  if (active.length > 0 && !options.quiet) yield allowHint;
  const blocked = active.some((finding) => isBlocking(finding, result.gate));
  yield paint(
    summaryLine(result, active),
    'bold',
    blocked ? 'red' : active.length > 0 || !complete ? 'yellow' : 'green',
  );
  yield* receiptLines(result.receipt, context);
};

/**
 * The report for a person in a terminal: findings by rule, then those that don't count, the verdict, and the receipt.
 * Every string from the input is made visible (`forTerminal`), so that nothing in it acts on the terminal.
 *
 * @returns text ending in a newline; the empty string when `quiet` and there is nothing to say
 */
export const renderText = (result: ScanResult, options: ReportOptions): string => {
  const lines = [...textLines(result, options)];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
};
