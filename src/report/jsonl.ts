import type { ScanResult } from '../types.ts';
import { createCleaner } from './clean.ts';
import { toJson } from './escape.ts';
import { jsonFinding, REPORT_VERSION } from './json-finding.ts';
import type { ReportOptions } from './options.ts';
import { receiptFacts } from './receipt-facts.ts';

/**
 * JSON Lines: one finding a line (`type: 'finding'`), and last the receipt and gate (`type: 'receipt'`). A file without
 * that last line was cut off.
 */
export const renderJsonl = function* (result: ScanResult, options: ReportOptions): Generator<string> {
  const clean = createCleaner(result, options);
  for (const finding of result.findings) {
    yield `${toJson({ type: 'finding', ...jsonFinding(finding, result.gate, clean, options.showSecrets) })}\n`;
  }
  const receipt = receiptFacts(result.receipt, clean);
  yield `${toJson({ type: 'receipt', leakgateReport: REPORT_VERSION, receipt, gate: result.gate })}\n`;
};
