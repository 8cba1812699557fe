import type { Assignment, AssignmentStyle } from './assignment.ts';
import { type NameSpan, readName } from './name.ts';
import {
  LONGEST,
  readInline,
  readLine,
  readParameter,
  readQuoted,
  readWord,
  skipBlank,
  type ValueSpan,
} from './value.ts';

const NONE: readonly Assignment[] = [];
const LINE_REACH = 400;

/** A type between `:` and `=`: `password: String = "…"`, `let key: &'static str = "…"`. */
const TYPE = /&?(?:'static )?[*&]?[A-Za-z_][\w.<>[\]?*&]{0,40}(?: ?\| ?\w{1,20}){0,3} ?=(?![=>~])\s*/y;
const DECLARED_ARRAY = /\s?\[\d{0,4}\]/y;
const OTHERWISE = /[)\]]*\s*(?:\|\||\?\?|\bor\b|\?:)\s*/y;
const VALUE_FIELD =
  /[\s,;]*[\\"'`]{0,4}(?:value|val|defaultValue|default|content|plainText)[\\"'`]{0,4}\s*(?:=>|=|:)\s*/iy;
const NAME_FIELD =
  /(?:^|[\s"'`{,([<])(?:name|key|id|property|param|variable|field|parameterkey|env)[\\"'`]{0,4}\s*(?:=>|[=:])\s*[\\"'`]{0,4}$/i;
const LINE_HEAD =
  /^[\s>+*#;/|-]*(?:\d+[.)]\s)?(?:(?:export|set|setx|setenv|ENV|ARG|env|local|readonly|declare -\w|SET|Set)\s+)?[\\"'`[{]*(?:[\w.-]+\s*\[)?[\\"'`]?$/;
/** What makes a word after the name its value: macro definitions, `set` lines, netrc (curl's netrc format). */
const DEFINED = /^\s*(?:#define|%define|%global|[sS]et|SET)\s{1,8}$|\blogin\s{1,4}\S{1,32}\s{1,4}$/;
const SCHEME = /(?:Bearer|Basic|Token|NTLM|ApiKey|Negotiate) +(?=\S)/iy;
const TAG_REST = /(?:\s[^<>\n]{0,200})?>\s*(?:<!\[CDATA\[)?/y;

/**
 * Reads what is assigned to the name around a keyword at [anchorAt, anchorEnd) of a latin1 text: usually one
 * assignment or none. Values never run over a line, except that a `name:` field may have its `value:` on the next one.
 */
export function readAssignments(text: string, anchorAt: number, anchorEnd: number): readonly Assignment[] {
  const name = readName(text, anchorAt, anchorEnd);
  const at = skipBlank(text, name.after);
  const c = text[at];
  if (c === undefined) return NONE;
  switch (c) {
    case '=':
      return text[at + 1] === '=' || text[at + 1] === '~'
        ? NONE
        : assigned(text, name, text[at + 1] === '>' ? at + 2 : at + 1, '=');
    case ':':
      return colon(text, name, at);
    case '?':
    case '|':
      return otherwise(text, name, at);
    case '(':
      return call(text, name, at + 1);
    case '>':
      return element(text, name, at);
    case '[':
      return array(text, name, at);
    default:
      return beside(text, name, at);
  }
}

function make(
  text: string,
  name: NameSpan,
  value: ValueSpan | undefined,
  style: AssignmentStyle,
): readonly Assignment[] {
  if (value === undefined || value.end <= value.start) return NONE;
  value = afterScheme(text, value);
  if (value.end <= value.start) return NONE;
  return [
    {
      nameStart: name.start,
      nameEnd: name.end,
      name: text.slice(name.start, name.end),
      valueStart: value.start,
      valueEnd: value.end,
      value: text.slice(value.start, value.end),
      quoted: value.quoted,
      style,
    },
  ];
}

/** `Authorization: Bearer …`: the credential stands after the scheme's name. */
function afterScheme(text: string, value: ValueSpan): ValueSpan {
  SCHEME.lastIndex = value.start;
  if (!SCHEME.test(text)) return value;
  const start = SCHEME.lastIndex;
  if (start < value.end) return { ...value, start };
  return value.quoted ? value : readInline(text, start);
}

/** The line left of the name, at most LINE_REACH characters. */
function headOf(text: string, name: NameSpan): string {
  const from = Math.max(0, name.start - LINE_REACH);
  const head = text.slice(from, name.start);
  return head.slice(Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1);
}

/** `a = …`, `A=…`, `--a=…`, `?a=…`. */
function assigned(text: string, name: NameSpan, from: number, separator: string): readonly Assignment[] {
  const at = skipBlank(text, from);
  const quoted = readQuoted(text, at, true);
  if (quoted) return make(text, name, quoted, name.dashes > 0 ? 'flag' : name.quote ? 'json' : 'code');
  const before = text[name.start - name.dashes - 1];
  if (before === '?' || before === '&' || before === ';') return make(text, name, readParameter(text, at), 'query');
  if (name.dashes > 0) return make(text, name, readInline(text, at), 'flag');
  return unquoted(text, name, at, from === at && name.after === name.end, separator);
}

function unquoted(text: string, name: NameSpan, at: number, tight: boolean, separator: string): readonly Assignment[] {
  const fallback = otherwiseAfter(text, at);
  if (fallback) return make(text, name, fallback, 'default');
  const head = headOf(text, name);
  if (!LINE_HEAD.test(head) || (name.quote === '' && /["'`][\w.-]*$/.test(head))) {
    const word = readInline(text, at);
    if (text[word.end] === '(' || text.slice(word.start, word.end).includes('&'))
      return make(text, name, readParameter(text, at), 'query');
    return make(text, name, word, separator === ':' ? 'yaml' : tight ? 'dotenv' : 'code');
  }
  if (separator === ':') return make(text, name, readLine(text, at), 'yaml');
  const isShell = tight && /^[A-Z][A-Z0-9_]*$/.test(text.slice(name.start, name.end));
  return make(text, name, isShell ? trimTail(text, readWord(text, at)) : readLine(text, at), tight ? 'dotenv' : 'code');
}

/** A word's trailing `,` or `;` belongs to the text around it. */
function trimTail(text: string, span: ValueSpan): ValueSpan {
  const last = text[span.end - 1];
  return last === ',' || last === ';' ? { ...span, end: span.end - 1 } : span;
}

/** `process.env.A || 'literal'`: the literal after an expression. */
function otherwiseAfter(text: string, at: number): ValueSpan | undefined {
  if (!/[A-Za-z_$(]/.test(text[at] ?? '')) return undefined;
  const word = readInline(text, at);
  OTHERWISE.lastIndex = word.end;
  return OTHERWISE.test(text) ? readQuoted(text, OTHERWISE.lastIndex, true) : undefined;
}

function colon(text: string, name: NameSpan, at: number): readonly Assignment[] {
  const next = text[at + 1];
  if (next === ':') return NONE;
  if (next === '=') return assigned(text, name, at + 2, '=');
  if (next === '-' && insideExpansion(text, name)) return make(text, name, expansion(text, at + 2), 'default');
  if (insideExpansion(text, name)) return make(text, name, expansion(text, at + 1), 'default');
  const value = skipBlank(text, at + 1);
  const style: AssignmentStyle = name.quote ? 'json' : 'yaml';
  const quoted = readQuoted(text, value, true);
  if (quoted)
    return make(text, name, quoted, style === 'yaml' && text[value] !== '"' && text[value] !== "'" ? 'code' : style);
  TYPE.lastIndex = value;
  const typed = TYPE.test(text) ? readQuoted(text, TYPE.lastIndex, true) : undefined;
  if (typed) return make(text, name, typed, 'code');
  if (name.quote) return make(text, name, readInline(text, value), 'json');
  return unquoted(text, name, value, value === at + 1, ':');
}

/** Whether the name is in `${NAME…`, as in shells, Spring and docker compose. */
function insideExpansion(text: string, name: NameSpan): boolean {
  return text[name.start - 1] === '{' && (text[name.start - 2] === '$' || text[name.start - 2] === '#');
}

function expansion(text: string, at: number): ValueSpan | undefined {
  const inner = /^[^}\n\r]*(?=\})/.exec(text.slice(at, at + 200));
  return inner === null ? undefined : { start: at, end: at + inner[0].length, quoted: false };
}

/** `NAME || 'literal'`, `NAME ?? 'literal'`, `NAME ||= …`, `NAME ?= …`. */
function otherwise(text: string, name: NameSpan, at: number): readonly Assignment[] {
  if (text.startsWith('||=', at) || text.startsWith('??=', at)) return assigned(text, name, at + 3, '=');
  if (text.startsWith('?=', at)) return assigned(text, name, at + 2, '=');
  OTHERWISE.lastIndex = at;
  return OTHERWISE.test(text) ? make(text, name, readQuoted(text, OTHERWISE.lastIndex, true), 'default') : NONE;
}

/** `setPassword("…")`, `Token("…")`: a literal as the first argument. */
function call(text: string, name: NameSpan, at: number): readonly Assignment[] {
  if (name.quote) return NONE;
  return make(text, name, readQuoted(text, skipBlank(text, at), true), 'call');
}

/** `<password>…</password>`, with attributes or not. */
function element(text: string, name: NameSpan, at: number): readonly Assignment[] {
  const open = text[name.start - 1];
  if (open !== '<' && !(open === ':' && /<\w{1,20}:$/.test(text.slice(Math.max(0, name.start - 22), name.start))))
    return NONE;
  TAG_REST.lastIndex = at;
  return TAG_REST.test(text) ? make(text, name, elementText(text, TAG_REST.lastIndex), 'xml') : NONE;
}

function elementText(text: string, start: number): ValueSpan | undefined {
  let end = start;
  const limit = Math.min(text.length, start + LONGEST);
  while (end < limit && !/[<\n\r]/.test(text[end]!)) end++;
  if (text.startsWith(']]', end - 3)) end -= 3;
  return text[end] === '<' || text[end] === ']' ? { start, end, quoted: false } : undefined;
}

/** `char password[16] = "…"`, `$config[password] = …`. */
function array(text: string, name: NameSpan, at: number): readonly Assignment[] {
  DECLARED_ARRAY.lastIndex = at;
  if (!DECLARED_ARRAY.test(text)) return NONE;
  const equals = skipBlank(text, DECLARED_ARRAY.lastIndex);
  return text[equals] === '=' && text[equals + 1] !== '=' ? assigned(text, name, equals + 1, '=') : NONE;
}

/** No operator after the name: arguments, pairs of name and value fields, options, SQL, XML attributes. */
function beside(text: string, name: NameSpan, at: number): readonly Assignment[] {
  const c = text[at]!;
  if (name.quote) {
    const pair = fieldPair(text, name);
    if (pair.length > 0) return pair;
    return c === ',' ? argument(text, name, at + 1) : NONE;
  }
  if (at === name.after) return c === '\n' || c === '\r' ? nextLinePair(text, name) : NONE;
  if (text[name.start - 1] === '<') return element(text, name, name.end);
  if (c === '"' || c === "'" || c === '`' || c === '\\') {
    return make(text, name, readQuoted(text, at, false), name.dashes > 0 ? 'flag' : 'spaced');
  }
  if (name.dashes > 0) return c === '-' ? NONE : make(text, name, readInline(text, at), 'flag');
  if (DEFINED.test(headOf(text, name))) return make(text, name, readInline(text, at), 'spaced');
  if (c === 'B' || c === 'b' || c === 'A' || c === 'I' || c === 'i' || c === 'a') return keyword(text, name, at);
  return NONE;
}

const SQL = /(?:is|by|as|IS|BY|AS)\s+(?=["'])/y;

/** `PASSWORD AS '…'`, `password is "…"`. */
function keyword(text: string, name: NameSpan, at: number): readonly Assignment[] {
  SQL.lastIndex = at;
  return SQL.test(text) ? make(text, name, readQuoted(text, SQL.lastIndex, false), 'spaced') : NONE;
}

/** `put("password", "…")`, `getenv("SECRET", "…")`, `define('PASSWORD', '…')`. */
function argument(text: string, name: NameSpan, at: number): readonly Assignment[] {
  if (!/[({[,]\s*[@bur]?\\{0,4}["'`][\w.:$-]*$/.test(text.slice(Math.max(0, name.start - 24), name.start))) return NONE;
  return make(text, name, readQuoted(text, skipBlank(text, at), true), 'call');
}

/** `name="password" value="…"`, `{ key: 'password', value: '…' }`. */
function fieldPair(text: string, name: NameSpan): readonly Assignment[] {
  VALUE_FIELD.lastIndex = name.after;
  if (!VALUE_FIELD.test(text)) return NONE;
  const value = VALUE_FIELD.lastIndex;
  if (!NAME_FIELD.test(text.slice(Math.max(0, name.start - 40), name.start))) return NONE;
  return make(text, name, readQuoted(text, value, false), 'json');
}

/** A list of variables in YAML: `- name: DB_PASSWORD` and `value: …` on the line below. */
function nextLinePair(text: string, name: NameSpan): readonly Assignment[] {
  if (!NAME_FIELD.test(headOf(text, name))) return NONE;
  VALUE_FIELD.lastIndex = name.after;
  if (!VALUE_FIELD.test(text)) return NONE;
  const value = VALUE_FIELD.lastIndex;
  if (text.slice(name.after, value).split('\n').length !== 2) return NONE;
  return make(text, name, readQuoted(text, value, false) ?? readLine(text, value), 'yaml');
}
