/** One character as meant, and how far it reaches in the text. `\n` stands for any line break, the empty text for nothing. */
export interface Symbol {
  readonly meant: string;
  readonly end: number;
}

const ENTITY = /&(?:#(\d{1,5})|#[xX]([0-9a-fA-F]{1,4})|([A-Za-z]{2,8}));/y;
const NAMED: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: '&',
  nbsp: ' ',
  plus: '+',
  sol: '/',
  equals: '=',
  NewLine: '\n',
  Tab: ' ',
  lt: '<',
  gt: '>',
};
const TAG = /<\/?([A-Za-z][A-Za-z0-9]*)\b[^<>\n]{0,120}>/y;
const BREAKING_TAGS: ReadonlySet<string> = new Set(['br', 'p', 'div', 'li', 'tr']);
const TERMINAL_CODE = /\x1b\[[0-9;?]*[A-Za-z]/y;
const CODE_POINT = /\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|0(1[25]))/y;

/**
 * Reads one character of text that may have gone through JSON, a shell, HTML or a terminal: backslash escapes at any depth
 * (`\n`, `\\n`, `\/`, `\u003d`), entities, tags, colour codes.
 * @param at 0-based offset in `text`
 */
export function readSymbol(text: string, at: number): Symbol {
  const letter = text[at]!;
  switch (letter) {
    case '\\':
      return readBackslash(text, at);
    case '&':
      return readEntity(text, at) ?? { meant: letter, end: at + 1 };
    case '<':
      return readTag(text, at) ?? { meant: letter, end: at + 1 };
    case '\x1b':
      return { meant: '', end: Math.max(endOf(TERMINAL_CODE, text, at), at + 1) };
    case '\0':
      return { meant: '', end: at + 1 };
    case '\t':
    case '\xa0':
      return { meant: ' ', end: at + 1 };
    default:
      return { meant: letter, end: at + 1 };
  }
}

function readBackslash(text: string, at: number): Symbol {
  const match = execAt(CODE_POINT, text, at);
  if (match !== undefined) {
    const code = match[3] === undefined ? parseInt((match[1] ?? match[2])!, 16) : parseInt(match[3], 8);
    return { meant: plain(String.fromCharCode(code)), end: at + match[0].length };
  }
  let end = at;
  while (text[end] === '\\') end++;
  const letter = text[end];
  if (letter === 'n' || letter === 'r') return { meant: '\n', end: end + 1 };
  if (letter === 't') return { meant: ' ', end: end + 1 };
  if (letter !== undefined && '/"\'`'.includes(letter)) return { meant: letter, end: end + 1 };
  // a line goes on behind a lone backslash at its end
  return { meant: letter === '\n' || letter === '\r' || letter === undefined ? '' : '\\', end };
}

function readEntity(text: string, at: number): Symbol | undefined {
  const match = execAt(ENTITY, text, at);
  if (match === undefined) return undefined;
  const end = at + match[0].length;
  if (match[3] !== undefined) return Object.hasOwn(NAMED, match[3]) ? { meant: NAMED[match[3]]!, end } : undefined;
  const code = match[1] === undefined ? parseInt(match[2]!, 16) : Number(match[1]);
  return { meant: plain(String.fromCharCode(code)), end };
}

function readTag(text: string, at: number): Symbol | undefined {
  const match = execAt(TAG, text, at);
  if (match === undefined) return undefined;
  return { meant: BREAKING_TAGS.has(match[1]!.toLowerCase()) ? '\n' : '', end: at + match[0].length };
}

const plain = (letter: string): string =>
  letter === '\r' ? '\n' : letter === '\t' || letter === '\xa0' ? ' ' : letter;

function execAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const endOf = (pattern: RegExp, text: string, at: number): number => at + (execAt(pattern, text, at)?.[0].length ?? 0);
