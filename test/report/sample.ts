import { applyGate } from '../../src/findings/gate.ts';
import { groupFindings, type Located } from '../../src/findings/grouping.ts';
import { type Format, type ReportOptions, renderReport } from '../../src/report/index.ts';
import type { Finding, Receipt, ScanResult } from '../../src/types.ts';
import { ruleFacts } from '../findings/sample.ts';

export const receipt = (fields: Partial<Receipt> = {}): Receipt => ({
  tool: { name: 'leakgate', version: '1.2.3' },
  target: '.',
  mode: 'tree',
  items: 1234,
  bytes: 5_600_000,
  itemsByType: { file: 1234 },
  skipped: [],
  skippedCounts: {},
  dropped: {},
  rules: 900,
  engine: 'v8',
  durationMs: 1234.5,
  complete: true,
  interrupted: false,
  ...fields,
});

export const scanOf = (findings: readonly Finding[], fields: Partial<Receipt> = {}): ScanResult => {
  const facts = receipt(fields);
  const incompleteReasons = facts.skipped.filter(({ incomplete }) => incomplete).map(({ reason }) => reason);
  const gate = applyGate(
    findings,
    { complete: facts.complete, interrupted: facts.interrupted, incompleteReasons },
    { failOn: 'medium', minConfidence: 'medium', exitZero: false, allowIncomplete: [] },
  );
  return { findings, receipt: facts, gate };
};

export const scan = (input: Iterable<Located>, fields: Partial<Receipt> = {}): ScanResult =>
  scanOf(groupFindings(input, ruleFacts), fields);

export const options = (fields: Partial<ReportOptions> = {}): ReportOptions => ({
  color: false,
  showSecrets: false,
  quiet: false,
  verbose: false,
  explain: false,
  hyperlinks: false,
  toolVersion: '1.2.3',
  ...fields,
});

export const render = (format: Format, result: ScanResult, fields: Partial<ReportOptions> = {}): string =>
  [...renderReport(format, result, options(fields))].join('');
