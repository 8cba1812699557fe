import type { Receipt, Skipped } from '../types.ts';
import { forTerminal } from './escape.ts';
import type { TextContext } from './text-finding.ts';
import { counted, formatBytes, formatDuration, grouped, tally } from './words.ts';

const SKIPPED_SHOWN_BY_DEFAULT = 10;

const skippedLine = ({ reason, where, detail }: Skipped, { clean }: TextContext): string => {
  const place = where === '' ? '' : ` ${forTerminal(clean.path(where))}`;
  const more = detail === undefined ? '' : ` (${forTerminal(clean.text(detail))})`;
  return `  ${forTerminal(reason)}:${place}${more}`;
};

/** Entries that make the scan incomplete always; those left out on purpose with `--verbose`. */
const skippedLines = function* (receipt: Receipt, context: TextContext): Generator<string> {
  const { verbose } = context.options;
  const incomplete = receipt.skipped.filter((entry) => entry.incomplete);
  const shown = verbose ? receipt.skipped : incomplete.slice(0, SKIPPED_SHOWN_BY_DEFAULT);
  for (const entry of shown) yield skippedLine(entry, context);
  const hidden = (verbose ? receipt.skipped : incomplete).length - shown.length;
  if (hidden > 0) yield `  and ${grouped(hidden)} more (--verbose shows them)`;
};

const scannedLine = (receipt: Receipt, { clean }: TextContext): string => {
  const { target, mode, items, bytes, itemsByType, rules, durationMs, tool } = receipt;
  const types = tally(itemsByType);
  const what = `${counted(items, 'item')}${types === '' ? '' : ` (${forTerminal(types)})`}, ${formatBytes(bytes)}`;
  const by = `${counted(rules, 'rule')}, ${formatDuration(durationMs)}, ${forTerminal(tool.name)} ${forTerminal(tool.version)}`;
  return `Scanned ${forTerminal(mode)} of ${forTerminal(clean.path(target))}: ${what}; ${by}.`;
};

const notReadLine = (receipt: Receipt): string => {
  const counts = tally(receipt.skippedCounts);
  return counts === '' ? 'Not read: nothing was left out.' : `Not read: ${forTerminal(counts)}.`;
};

const incompleteLine = ({ complete, interrupted }: Receipt): string | undefined => {
  if (interrupted) return 'INTERRUPTED: what follows is what was read so far.';
  return complete ? undefined : 'INCOMPLETE: not everything could be read, so an empty report is not a clean one.';
};

const droppedLine = ({ dropped }: Receipt): string | undefined => {
  const counts = tally(dropped);
  return counts === '' ? undefined : `Judged not to be secrets: ${forTerminal(counts)}.`;
};

/** What was read, what was not and why. With `quiet` only what made the scan incomplete. */
export const receiptLines = function* (receipt: Receipt, context: TextContext): Generator<string> {
  const { quiet, verbose, explain } = context.options;
  const warning = incompleteLine(receipt);
  if (warning !== undefined) yield context.paint(warning, 'bold', 'yellow');
  if (!quiet) yield scannedLine(receipt, context);
  if (!quiet || warning !== undefined) {
    yield notReadLine(receipt);
    yield* skippedLines(receipt, context);
  }
  const dropped = verbose || explain ? droppedLine(receipt) : undefined;
  if (dropped !== undefined && !quiet) yield dropped;
};
