import type { ScanResult } from '../types.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import type { ReportOptions } from './options.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

export type { ReportOptions } from './options.ts';

type Renderer = (result: ScanResult, options: ReportOptions) => string | Iterable<string>;

const RENDERERS = {
  text: renderText,
  sarif: renderSarif,
  json: renderJson,
  jsonl: renderJsonl,
} as const satisfies Record<string, Renderer>;

export type Format = keyof typeof RENDERERS;

/** Names of the report formats. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

export const isFormat = (name: string): name is Format => Object.hasOwn(RENDERERS, name);

/**
 * Renders a report.
 *
 * @returns the report in chunks to be written one after another; encode them as UTF-8
 */
export const renderReport = (format: Format, result: ScanResult, options: ReportOptions): Iterable<string> => {
  const report: string | Iterable<string> = RENDERERS[format](result, options);
  return typeof report === 'string' ? [report] : report;
};
