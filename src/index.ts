/** The public API: scan from a program, with findings and receipt as data. Nothing runs at import. */
export { SourceError, UsageError } from './errors.ts';
export { prepareDetector, type RuleChoice } from './policy/rules.ts';
export { FORMATS, type Format, type ReportOptions, renderReport } from './report/index.ts';
export type { Progress, ScanOptions, Target } from './scan/options.ts';
export { scan } from './scan/scan.ts';
export type { DetectorSetup } from './scan/setup.ts';
export type * from './types.ts';
