import type { Receipt } from '../types.ts';
import type { Cleaner } from './clean.ts';
import { wellFormed } from './escape.ts';

const counts = (record: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([name, count]) => [wellFormed(name), count]));

/** The receipt as it goes into machine-readable reports: secrets hidden, text well-formed. */
export const receiptFacts = (receipt: Receipt, clean: Cleaner): Receipt => ({
  tool: { name: receipt.tool.name, version: receipt.tool.version },
  target: wellFormed(clean.path(receipt.target)),
  mode: receipt.mode,
  items: receipt.items,
  bytes: receipt.bytes,
  itemsByType: counts(receipt.itemsByType),
  skipped: receipt.skipped.map(({ reason, where, incomplete, detail }) => ({
    reason: wellFormed(reason),
    where: wellFormed(clean.path(where)),
    incomplete,
    ...(detail === undefined ? {} : { detail: wellFormed(clean.text(detail)) }),
  })),
  skippedCounts: counts(receipt.skippedCounts),
  dropped: counts(receipt.dropped),
  rules: receipt.rules,
  engine: receipt.engine,
  durationMs: Math.round(receipt.durationMs),
  complete: receipt.complete,
  interrupted: receipt.interrupted,
});
