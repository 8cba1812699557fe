import type { Detection } from '../detect/detector.ts';
import { NOTHING_FOUND } from '../detect/versions/versions.ts';
import type { Dropped, LocatedMatch } from '../types.ts';
import type { ItemReport } from './item-scanner.ts';
import { locate } from './locate.ts';

/** A text that lies whole in memory. */
export interface WholeText {
  /** Bytes. */
  readonly length: number;
  bytes(): Buffer;
  /** Line feeds in [from, to). */
  newlines(from: number, to: number): number;
}

/** What a report holds beside the matches. */
export interface Keeping {
  /** Also the refused matches one by one, with their lines. */
  readonly keepDropped: boolean;
  /** Matches keep the lines they stand on. */
  readonly keepsLines: boolean;
}

const NONE: readonly never[] = [];

/** The report of a text in which nothing was found but what judgement refused, so often by reason. */
export const refusedReport = (bytes: number, droppedCounts: Readonly<Record<string, number>>): ItemReport => ({
  matches: NONE,
  droppedCounts,
  dropped: NONE,
  bytes,
  decodingCut: false,
});

const SYNC = { utf8: 0, raw: 0 } as const;
const START = { offset: 0, line: 1, column: 1 } as const;

/** Lines of ascending offsets. */
const lineCounter = ({ newlines }: WholeText): ((offset: number) => number) => {
  let line = 1;
  let counted = 0;
  return (offset) => {
    line += newlines(counted, offset);
    counted = offset;
    return line;
  };
};

/**
 * The report of a text that was scanned as one, in UTF-8 as it is stored: what the item scanner says of the same bytes.
 */
export const reportOf = (text: WholeText, detection: Detection, { keepDropped, keepsLines }: Keeping): ItemReport => {
  const { matches, dropped, decodingCut } = detection;
  if (detection === NOTHING_FOUND) return refusedReport(text.length, {});
  const droppedCounts: Record<string, number> = {};
  for (const { reason } of dropped) droppedCounts[reason] = (droppedCounts[reason] ?? 0) + 1;
  return {
    matches: matches.length === 0 ? [] : located(text, matches, keepsLines),
    droppedCounts,
    dropped: keepDropped ? withLines(text, dropped) : [],
    bytes: text.length,
    decodingCut,
  };
};

const located = (text: WholeText, matches: Detection['matches'], keepsLines: boolean): LocatedMatch[] => {
  const bytes = text.bytes();
  const lineOf = lineCounter(text);
  let known = { offset: 0, line: 1, column: 1 };
  // Ids that are part of another finding are only masked in the lines of others.
  return matches
    .filter(({ partOf }) => partOf === undefined)
    .map((match) => {
      // Counting begins with the match's line, or on it where the one before stands: texts are long and matches few.
      const lineStart = match.start === 0 ? 0 : bytes.lastIndexOf(10, match.start - 1) + 1;
      const first = known.offset > lineStart ? known : { offset: lineStart, line: lineOf(lineStart), column: 1 };
      const [found] = locate(
        [match],
        { bytes, first, start: START, sync: SYNC, encoding: 'utf-8', keepsLines },
        matches,
      );
      known = { offset: match.start, line: found!.region.startLine, column: found!.region.startColumn };
      return found!;
    });
};

const withLines = (text: WholeText, dropped: readonly Dropped[]): (Dropped & { readonly line: number })[] => {
  const lineOf = lineCounter(text);
  return [...dropped]
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.ruleId < b.ruleId ? -1 : 1))
    .map((one) => ({ ...one, line: lineOf(one.start) }));
};
