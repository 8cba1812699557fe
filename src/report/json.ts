import type { ScanResult } from '../types.ts';
import { createCleaner } from './clean.ts';
import { toJson } from './escape.ts';
import { jsonFinding, REPORT_VERSION } from './json-finding.ts';
import type { ReportOptions } from './options.ts';
import { receiptFacts } from './receipt-facts.ts';

/**
 * One JSON object: `leakgateReport` (version), `findings`, `receipt`, `gate`. Its form is `schema/report.schema.json`.
 *
 * @returns the file in chunks, one for each finding, so that no string holds it whole
 */
export const renderJson = function* (result: ScanResult, options: ReportOptions): Generator<string> {
  const clean = createCleaner(result, options);
  yield `{"leakgateReport":${REPORT_VERSION},"findings":[`;
  for (const [index, finding] of result.findings.entries()) {
    yield `${index === 0 ? '\n' : ',\n'}${toJson(jsonFinding(finding, result.gate, clean, options.showSecrets))}`;
  }
  yield `],\n"receipt":${toJson(receiptFacts(result.receipt, clean))},\n"gate":${toJson(result.gate)}}\n`;
};
