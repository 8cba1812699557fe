import { isBlocking } from '../findings/gate.ts';
import { type HookCaller, NOUN, SKIP } from '../hooks/types.ts';
import type { Finding, ScanResult } from '../types.ts';
import { createCleaner } from './clean.ts';
import { forTerminal } from './escape.ts';
import { undoLines } from './hook-undo.ts';
import type { ReportOptions } from './options.ts';
import { createPaint } from './paint.ts';
import { groupByRule } from './text.ts';
import { findingLines, groupFooter, groupHeader, type TextContext } from './text-finding.ts';
import { receiptLines } from './text-receipt.ts';
import { counted } from './words.ts';

const ENTRIES_SHOWN = 10;

/**
 * What a hook says when it refuses: what is found and where, why it is believed, how to mend it, how to accept it and,
 * last, how to go on without the check.
 * @returns text ending in a newline
 */
export const renderHook = (result: ScanResult, hook: HookCaller, options: ReportOptions): string =>
  `${[...hookLines(result, hook, options)].join('\n')}\n`;

const hookLines = function* (result: ScanResult, hook: HookCaller, options: ReportOptions): Generator<string> {
  const context: TextContext = { options, clean: createCleaner(result, options), paint: createPaint(options.color) };
  const blocking = result.findings.filter((finding) => isBlocking(finding, result.gate));
  const noun = NOUN[hook];
  if (blocking.length > 0) {
    const refused = result.gate.exitCode === 0 ? `this ${noun} holds` : `this ${noun} is refused: it holds`;
    yield context.paint(`leakgate: ${refused} ${counted(blocking.length, 'secret')}.`, 'bold', 'red');
    yield '';
    for (const group of groupByRule(blocking)) {
      yield groupHeader(group, context);
      for (const finding of group) yield* findingLines(finding, context);
      yield* groupFooter(group[0], context);
      yield '';
    }
    yield* undoLines(blocking, hook, context);
    yield* allowLines(blocking, context);
  } else {
    const line = `leakgate: this ${noun} is refused: not everything in it could be read.`;
    yield context.paint(line, 'bold', 'yellow');
  }
  yield* receiptLines(result.receipt, context);
  if (result.gate.exitCode !== 0) yield SKIP[hook];
};

/** Entries to paste: a fingerprint accepts this value wherever it stands, and no other. */
const allowLines = function* (findings: readonly Finding[], { clean }: TextContext): Generator<string> {
  yield 'Not a secret, or accepted? Put this into a file that --config names:';
  yield '  allow:';
  for (const finding of findings.slice(0, ENTRIES_SHOWN)) {
    const place = finding.occurrences[0]!;
    const where = forTerminal(clean.path(place.path ?? place.origin.type));
    yield `    - fingerprint: ${finding.fingerprint} # ${forTerminal(finding.rule.id)} in ${where}`;
    yield '      reason: why it is harmless';
  }
  const rest = findings.length - ENTRIES_SHOWN;
  if (rest > 0) yield `    … and ${counted(rest, 'more entry', 'more entries')}, as the fingerprints above say`;
};
