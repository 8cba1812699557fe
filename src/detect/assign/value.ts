import { backslashesFrom } from './name.ts';

/** Longest value read, in characters. */
export const LONGEST = 2048;

/** A value's place and whether quotes stood around it. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Calls around a literal that only change its type: `String("…")`, `[]byte("…")`, `base64.b64decode("…")`. */
const WRAPPER =
  /(?:\$?\(\s*)?(?:new\s+)?(?:[\w$]+(?:\.|::))*(?:[sS]tr(?:ing)?|\[\]byte|bytes?|\w*(?:[bB]ase64|b64|[hH]ex|[Ss]ecure|[Ss]ecret|[Pp]assword|[Kk]ey|[Tt]oken|[Cc]redentials?|[Bb]ytes|[Ll]iteral|[Ss]trings?|[Tt]ext)\w*|Buffer\.from|to|from|of|ptr|pointer\.\w+|Some|Just|Ok|asList|ConvertTo-SecureString(?: +-String)?)[( ]\s*/y;

/** String prefixes of C#, Python, Rust, SQL, C++, Objective-C … */
const PREFIX = /(?:[bBuUrRfFLN]{1,2}|@|\$@?|u8|str|s\||~s)?(?=\\{0,6}["'`])/y;

/** Skips spaces and tabs; never a newline. */
export function skipBlank(text: string, at: number): number {
  while (at < text.length && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/** Reads a quoted literal at `at`, through string prefixes and (with `wrapped`) type changing calls; undefined when there is none. */
export function readQuoted(text: string, at: number, wrapped: boolean): ValueSpan | undefined {
  const direct = literalAt(text, at);
  if (direct !== undefined || !wrapped) return direct;
  WRAPPER.lastIndex = at;
  if (!WRAPPER.test(text)) return undefined;
  const inner = WRAPPER.lastIndex;
  const nested = literalAt(text, inner);
  if (nested !== undefined) return nested;
  WRAPPER.lastIndex = inner;
  return WRAPPER.test(text) ? literalAt(text, WRAPPER.lastIndex) : undefined;
}

function literalAt(text: string, at: number): ValueSpan | undefined {
  if (text.startsWith('&quot;', at)) {
    const inner = /^[^\n\r]*?(?=&quot;)/.exec(text.slice(at + 6, at + 6 + LONGEST));
    return inner === null ? undefined : { start: at + 6, end: at + 6 + inner[0].length, quoted: true };
  }
  PREFIX.lastIndex = at;
  if (!PREFIX.test(text)) return undefined;
  let open = PREFIX.lastIndex;
  while (text[open] === '\\') open++;
  return closeLiteral(text, at, open);
}

/** Finds the end of the literal whose quote stands at `open`: the same quote after as many backslashes. */
function closeLiteral(text: string, at: number, open: number): ValueSpan | undefined {
  const quote = text[open]!;
  const level = open - Math.max(backslashesFrom(text, open), at);
  let start = open + 1;
  const triple = level === 0 && text[start] === quote && text[start + 1] === quote;
  if (triple) start += 2;
  const limit = Math.min(text.length, start + LONGEST);
  for (let i = start; i < limit; i++) {
    const c = text[i]!;
    if (c === '\n' || c === '\r') return unclosed(text, start, i);
    if (c !== quote) continue;
    const slashes = i - Math.max(backslashesFrom(text, i), start);
    if (level === 0 ? slashes % 2 === 0 : slashes <= level) {
      return { start, end: level === 0 ? i : i - Math.min(slashes, level), quoted: true };
    }
  }
  return unclosed(text, start, limit);
}

/** A literal cut by the line or the window: read when what is there is one long word. */
function unclosed(text: string, start: number, end: number): ValueSpan | undefined {
  while (end > start && (text[end - 1] === '\\' || text[end - 1] === ' ')) end--;
  if (end - start < 16 || /[\s"'`]/.test(text.slice(start, end))) return undefined;
  return { start, end, quoted: true };
}

const WORD_END = 1;
const INLINE_END = 2;

const ENDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const c = String.fromCharCode(code);
  if (/[ \t\r\n]/.test(c)) return WORD_END | INLINE_END;
  return /["'`<>;,)\]}|]/.test(c) ? INLINE_END : 0;
});

/** An unquoted value that ends at white space. */
export function readWord(text: string, at: number): ValueSpan {
  return until(text, at, WORD_END);
}

/** An unquoted value amid other text: ends at white space (escaped too), quotes, closing brackets, commas and semicolons. */
export function readInline(text: string, at: number): ValueSpan {
  const span = until(text, at, INLINE_END);
  const escaped = text.slice(at, span.end).search(/\\(?:[nrt\\]|$)/);
  return escaped < 0 ? span : { ...span, end: at + escaped };
}

/** A URL or form parameter: as `readInline`, and ends at `&` and `#`. */
export function readParameter(text: string, at: number): ValueSpan {
  const span = readInline(text, at);
  for (let i = at; i < span.end; i++) {
    if (text[i] === '&' || text[i] === '#' || text[i] === '\\') return { start: at, end: i, quoted: false };
  }
  return span;
}

function until(text: string, at: number, mask: number): ValueSpan {
  const limit = Math.min(text.length, at + LONGEST);
  let end = at;
  while (end < limit && (ENDS[text.charCodeAt(end) & 255]! & mask) === 0) end++;
  return { start: at, end, quoted: false };
}

/** An unquoted value that takes the rest of its line, without a trailing comment, `\` or `,;`. */
export function readLine(text: string, at: number): ValueSpan {
  const limit = Math.min(text.length, at + LONGEST);
  let end = at;
  while (end < limit && text[end] !== '\n' && text[end] !== '\r') {
    if (text[end] === '#' && end > at && (text[end - 1] === ' ' || text[end - 1] === '\t')) break;
    end++;
  }
  while (end > at && /[ \t\\]/.test(text[end - 1]!)) end--;
  if (end > at && (text[end - 1] === ',' || text[end - 1] === ';') && !/[!@#$%^&*]/.test(text.slice(at, end))) end--;
  return { start: at, end, quoted: false };
}
