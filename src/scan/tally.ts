import type { Receipt, Skipped } from '../types.ts';
import { TOOL_NAME, TOOL_VERSION } from '../version.ts';
import type { FoundItem, JobReport } from './jobs.ts';

/** Entries of `Receipt.skipped`; the counts are always complete. */
export const SKIPPED_SHOWN = 1000;
/** Matches kept in memory. Beyond it the scan says so and is incomplete, rather than running out of memory. */
export const MATCHES_KEPT = 200_000;

/** What a scan adds up. */
export interface Tally {
  readonly found: FoundItem[];
  /** Ids of objects that packs could not give, since it was last emptied. */
  readonly unread: string[];
  /** Ids of objects that held nothing, 20 bytes each, as the reports gave them. */
  readonly clean: Uint8Array[];
  add(report: JobReport): void;
  skip(...skipped: readonly Skipped[]): void;
  readonly bytes: number;
  readonly items: number;
  /** Reasons that make the scan incomplete. */
  readonly incompleteReasons: ReadonlySet<string>;
  /** Was something left out for this reason? */
  hasSkipped(reason: string): boolean;
  receipt(facts: ReceiptFacts): Receipt;
}

/** What the tally itself does not know. */
export interface ReceiptFacts {
  readonly target: string;
  readonly mode: string;
  readonly rules: number;
  readonly engine: string;
  readonly startedAt: number;
  readonly interrupted: boolean;
}

export const createTally = (): Tally => {
  const found: FoundItem[] = [];
  const unread: string[] = [];
  const clean: Uint8Array[] = [];
  const itemsByType: Record<string, number> = {};
  const dropped: Record<string, number> = {};
  const skippedCounts: Record<string, number> = {};
  const skipped: Skipped[] = [];
  const incompleteReasons = new Set<string>();
  let bytes = 0;
  let matches = 0;

  const skip = (...entries: readonly Skipped[]): void => {
    for (const entry of entries) {
      skippedCounts[entry.reason] = (skippedCounts[entry.reason] ?? 0) + 1;
      if (entry.incomplete) incompleteReasons.add(entry.reason);
      // Gaps come first: what is left out on purpose must not crowd them out.
      if (skipped.length < SKIPPED_SHOWN) skipped.push(entry);
      else if (entry.incomplete) replaceHarmless(skipped, entry);
    }
  };
  const keep = (items: readonly FoundItem[]): void => {
    for (const item of items) {
      const room = MATCHES_KEPT - matches;
      matches = Math.min(matches + item.matches.length, MATCHES_KEPT);
      if (item.matches.length <= room) found.push(item);
      else {
        if (room > 0) found.push({ ...item, matches: item.matches.slice(0, room) });
        skipTooMany();
      }
    }
  };
  const skipTooMany = (): void => {
    if (incompleteReasons.has('too many findings')) return;
    skip({
      reason: 'too many findings',
      where: '',
      incomplete: true,
      detail: `only the first ${MATCHES_KEPT} are kept`,
    });
  };
  return {
    found,
    unread,
    clean,
    skip,
    add: (report) => {
      addCounts(itemsByType, report.items);
      addCounts(dropped, report.dropped);
      bytes += report.bytes;
      skip(...report.skipped);
      keep(report.found);
      for (const oid of report.unread) unread.push(oid);
      if (report.clean) clean.push(report.clean);
    },
    get bytes() {
      return bytes;
    },
    get items() {
      return total(itemsByType);
    },
    incompleteReasons,
    hasSkipped: (reason) => reason in skippedCounts,
    receipt: ({ startedAt, ...facts }) => ({
      tool: { name: TOOL_NAME, version: TOOL_VERSION },
      ...facts,
      items: total(itemsByType),
      bytes,
      itemsByType: byName(itemsByType),
      skipped: skipped.sort(bySkipped),
      skippedCounts: byName(skippedCounts),
      dropped: byName(dropped),
      durationMs: Math.round(performance.now() - startedAt),
      complete: incompleteReasons.size === 0 && !facts.interrupted,
    }),
  };
};

/** The same order whatever the threads did. */
const byName = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const addCounts = (sums: Record<string, number>, counts: Readonly<Record<string, number>>): void => {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
};

const replaceHarmless = (kept: Skipped[], entry: Skipped): void => {
  const index = kept.findIndex(({ incomplete }) => !incomplete);
  if (index >= 0) kept[index] = entry;
};

/** Gaps first, then by reason and place: the same order whatever the threads did. */
const bySkipped = (a: Skipped, b: Skipped): number =>
  Number(b.incomplete) - Number(a.incomplete) ||
  (a.reason < b.reason ? -1 : a.reason > b.reason ? 1 : 0) ||
  (a.where < b.where ? -1 : a.where > b.where ? 1 : 0);
