import type { HookCaller } from '../hooks/types.ts';

/** What a reporter may be told. */
export interface ReportOptions {
  /** ANSI colours (text only). */
  readonly color: boolean;
  /** Prints secrets in clear (text, json, jsonl; never sarif, which is made to be uploaded). */
  readonly showSecrets: boolean;
  /** Text only: nothing but findings and incompleteness; the empty string when there is neither. */
  readonly quiet: boolean;
  /** Text only: every place of every finding, every entry that was not read. */
  readonly verbose: boolean;
  /** Text only: lists what judgement refused, and why. */
  readonly explain: boolean;
  /** OSC 8 hyperlinks (text only). */
  readonly hyperlinks: boolean;
  readonly toolVersion: string;
  /** Text only: the hook that the report is for; it then says what blocks and what to do about it, or nothing at all. */
  readonly hook?: HookCaller;
  /** SARIF only: also findings that are pre-existing, allowed or in the baseline, marked as suppressed. */
  readonly includeSuppressed?: boolean;
  /** SARIF only: what GitHub tells apart uploads of one commit by; `leakgate/<mode>` when left out. */
  readonly category?: string;
}
