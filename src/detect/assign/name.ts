const NAME_REACH = 80;

/** 1 for characters of names: letters, digits, `_ - . $` and bytes from 0x80 on (UTF-8 letters). */
const NAME_CHAR = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(code >= 128 || /[\w.$-]/.test(String.fromCharCode(code))),
);

/** Where a name stands, and what closes it. */
export interface NameSpan {
  readonly start: number;
  readonly end: number;
  /** After the quotes and brackets that close the name. */
  readonly after: number;
  /** The quote that closes the name, with its backslashes (`\"`); empty when there is none. */
  readonly quote: string;
  /** How many dashes stand directly before the name: 1 or 2 make it a command line option. */
  readonly dashes: number;
}

/** Whether the character can be part of a name. */
export function isNameChar(code: number): boolean {
  return NAME_CHAR[code & 255] === 1;
}

/** Grows the keyword at [anchorAt, anchorEnd) to the whole name around it and reads what closes it. */
export function readName(text: string, anchorAt: number, anchorEnd: number): NameSpan {
  let end = anchorEnd;
  const last = Math.min(text.length, anchorEnd + NAME_REACH);
  while (end < last && isNameChar(text.charCodeAt(end))) end++;
  while (end > anchorEnd && (text[end - 1] === '-' || text[end - 1] === '.')) end--;
  let start = anchorAt;
  const first = Math.max(0, anchorAt - NAME_REACH);
  while (start > first && isNameChar(text.charCodeAt(start - 1))) start--;
  if (start >= 1 && text[start - 1] === '\\' && /[nrt]/.test(text[start]!) && start < anchorAt) start++;
  let dashes = 0;
  while (start < anchorAt && text[start] === '-') {
    dashes++;
    start++;
  }
  let after = end;
  let quote = '';
  for (let steps = 0; steps < 8 && after < text.length; steps++) {
    const c = text[after]!;
    if (c === '"' || c === "'" || c === '`') {
      if (quote !== '') break;
      quote = text.slice(backslashesFrom(text, after), after + 1);
    } else if (c !== '\\' && c !== ']' && c !== '*') break;
    after++;
  }
  if (quote === '' && text.startsWith('&quot;', after)) {
    quote = '&quot;';
    after += 6;
  }
  return { start, end, after, quote, dashes };
}

/** Start of the run of backslashes that ends at `at`. */
export function backslashesFrom(text: string, at: number): number {
  let from = at;
  while (from > 0 && text[from - 1] === '\\') from--;
  return from;
}
