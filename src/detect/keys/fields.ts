/** The header lines that may stand between BEGIN and the body (RFC 1421, RFC 4880, RFC 4716). */
const NOISE = /[\s"'`,;+]*/y;
/** OpenSSL's two; the second ends in the cipher's start value, 16 or 32 hex digits, to which a body may be glued. */
const SHORT_FIELD =
  /(Proc-Type|DEK-Info): ?(4, ?ENCRYPTED|DES[A-Z0-9-]*, ?[0-9A-Fa-f]{16}|[A-Z0-9-]{3,40}, ?[0-9A-Fa-f]{32}|[^\s"'`]+)/g;
const FIELD = /([A-Z][A-Za-z0-9-]{1,40}):(?: |$)/y;
/** Where the body starts on a line that also holds header lines: line breaks became blanks. */
const BODY = /(?: {2,}|(?<= )(?=[A-Za-z0-9+/]{40}))/g;

/**
 * Reads header lines at the start of a line into `fields` (names in lower case).
 * @returns offset in `line` of what follows them
 */
export function takeFields(line: string, fields: Map<string, string>): number {
  let at = 0;
  for (;;) {
    SHORT_FIELD.lastIndex = at;
    const short = SHORT_FIELD.exec(line);
    if (short !== null) {
      fields.set(short[1]!.toLowerCase(), short[2]!);
      at = SHORT_FIELD.lastIndex;
      continue;
    }
    const start = matchEnd(NOISE, line, at);
    FIELD.lastIndex = start;
    const field = FIELD.exec(line);
    if (field === null) return at;
    const valueStart = start + field[0].length;
    const end = valueEnd(line, valueStart);
    fields.set(field[1]!.toLowerCase(), trimNoise(line.slice(valueStart, end)));
    at = end;
  }
}

/** Takes quotes, commas, plus signs and blanks off the end; a regular expression would take quadratic time for that. */
export function trimNoise(text: string): string {
  let end = text.length;
  while (end > 0 && '"\'`,+ \t'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function valueEnd(line: string, from: number): number {
  BODY.lastIndex = from;
  return BODY.exec(line)?.index ?? line.length;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
