import type { Assignment } from './assignment.ts';
import { readName } from './name.ts';
import { readQuoted, skipBlank } from './value.ts';

const NONE: readonly Assignment[] = [];
const OPERATOR = /\)?(?:===?|!==?|<>|-c?eq|-c?ne|\.equals\w*\(|\.eql\?|\bto (?:eq|eql|equal)\b\(?)\s*/y;
const LITERAL_BEFORE = /(["'`])([^"'`\s]{4,100})\1 ?(?:===?|!==?) ?[\w.$>-]*$/;

/**
 * Reads the literal that the name around a keyword is compared with (`if (password == "…")`). A comparison assigns
 * nothing, so `readAssignments` leaves it out; a secret written into one is out in the open all the same.
 */
export function readComparisons(text: string, anchorAt: number, anchorEnd: number): readonly Assignment[] {
  const name = readName(text, anchorAt, anchorEnd);
  OPERATOR.lastIndex = skipBlank(text, name.after);
  const span = OPERATOR.test(text) ? readQuoted(text, OPERATOR.lastIndex, false) : literalBefore(text, name.start);
  if (span === undefined || span.end <= span.start) return NONE;
  const { start: nameStart, end: nameEnd } = name;
  const value = text.slice(span.start, span.end);
  return [
    {
      nameStart,
      nameEnd,
      name: text.slice(nameStart, nameEnd),
      valueStart: span.start,
      valueEnd: span.end,
      value,
      quoted: true,
      style: 'comparison',
    },
  ];
}

/** `"…" == password`. */
function literalBefore(text: string, nameStart: number): { start: number; end: number } | undefined {
  const from = Math.max(0, nameStart - 130);
  const found = LITERAL_BEFORE.exec(text.slice(from, nameStart));
  if (found === null) return undefined;
  const start = from + found.index + 1;
  return { start, end: start + found[2]!.length };
}
