import { alt, type Node, repeat, seq } from './ast.ts';
import type { ByteSet } from './bytes.ts';
import { takeClass, takeEscape } from './class-parser.ts';
import { type Cursor, fail, type Quantifier, take, takeMatch, takeQuantifier } from './cursor.ts';
import { literalNode, quantified } from './parts.ts';
import { ANY_BYTE, NAMED, QUOTE, SAMPLES, SPACE } from './sets.ts';

/** `ws` alone is a run of white space; a longer one is layout of another kind. */
const WS_LIMIT = 16;
/** `...` alone spans at most this many bytes; `...{0,400}` says otherwise. */
const GAP: Quantifier = { min: 0, max: 64, lazy: true };

/**
 * Parses the shape grammar: `'literal'`, `~'any case'`, named sets, `[classes]`, `( a | b )`, quantifiers, `...`, `ws`,
 * `nl`, `quote`, `^`, `$` and « » around the secret. Sets, escapes and classes mean what they mean in RE2, over bytes.
 * Throws FormError.
 */
export const parseShape = (text: string): Node => {
  const cursor: Cursor = { text, at: 0 };
  const node = takeAlternatives(cursor);
  if (cursor.at < text.length) fail(`unexpected ${text[cursor.at]}`, cursor.at);
  return node;
};

const skipSpace = (cursor: Cursor): void => {
  takeMatch(cursor, /\s+/y);
};

const takeAlternatives = (cursor: Cursor): Node => {
  const options: Node[] = [];
  do options.push(takeSequence(cursor));
  while (take(cursor, '|'));
  return alt(options);
};

const takeSequence = (cursor: Cursor): Node => {
  const items: Node[] = [];
  const start = cursor.at;
  for (
    skipSpace(cursor);
    cursor.at < cursor.text.length && !'|)»'.includes(cursor.text[cursor.at]!);
    skipSpace(cursor)
  ) {
    items.push(takeItem(cursor));
  }
  if (items.length === 0) fail('nothing where a part of the shape should be', start);
  return seq(items);
};

const takeItem = (cursor: Cursor): Node => {
  const start = cursor.at;
  const special = takeSpecial(cursor);
  if (special) return special;
  const atom = takeAtom(cursor);
  const quantifier = takeQuantifier(cursor);
  if (/[?*+{]/.test(cursor.text[cursor.at] ?? '')) fail('not a quantifier', cursor.at);
  return quantifier ? quantified(atom, quantifier, start) : atom;
};

/** Words whose bare form is a repeat already, so that a quantifier replaces its bounds. */
const takeSpecial = (cursor: Cursor): Node | undefined => {
  if (take(cursor, '...')) return gap(takeQuantifier(cursor));
  if (!takeMatch(cursor, /ws(?![A-Za-z0-9_])/y)) return undefined;
  const { min, max, lazy } = takeQuantifier(cursor) ?? { min: 1, max: WS_LIMIT, lazy: false };
  return repeat({ kind: 'set', set: SPACE }, min, min === 0 && max === 1 ? WS_LIMIT : max, lazy);
};

const gap = (written: Quantifier | undefined): Node => {
  const { min, max } = written ?? GAP;
  return repeat({ kind: 'set', set: ANY_BYTE }, min, max, true);
};

const takeAtom = (cursor: Cursor): Node => {
  const start = cursor.at;
  const char = cursor.text[start]!;
  if (char === "'" || char === '"') return literalNode(takeQuoted(cursor), false);
  if (char === '~') {
    cursor.at++;
    if (!/['"]/.test(cursor.text[cursor.at] ?? '')) fail("~ goes before a literal: ~'text'", start);
    return literalNode(takeQuoted(cursor), true);
  }
  if (char === '[') return { kind: 'set', set: takeClass(cursor) };
  if (char === '\\') return escapeNode(cursor);
  if (take(cursor, '^')) return { kind: 'edge', edge: 'lineStart' };
  if (take(cursor, '$')) return { kind: 'edge', edge: 'lineEnd' };
  if (take(cursor, '(')) return enclosed(cursor, ')', start);
  if (take(cursor, '«')) return { kind: 'secret', body: enclosed(cursor, '»', start) };
  return takeName(cursor);
};

const enclosed = (cursor: Cursor, close: string, start: number): Node => {
  const node = takeAlternatives(cursor);
  if (!take(cursor, close)) fail(`no ${close} for ${cursor.text[start]}`, start);
  return node;
};

const escapeNode = (cursor: Cursor): Node => {
  const start = cursor.at;
  const escaped = takeEscape(cursor);
  if ('set' in escaped) return { kind: 'set', set: escaped.set };
  if (!escaped.byte) fail('a byte is \\x00 to \\xff; put characters between quotes', start);
  return { kind: 'literal', text: String.fromCharCode(escaped.code), nocase: false };
};

/** Reads a quoted literal. A backslash escapes quotes, itself, n, r, t and bytes as \xNN. */
const takeQuoted = (cursor: Cursor): string => {
  const start = cursor.at;
  const quote = cursor.text[cursor.at++]!;
  let content = '';
  while (!take(cursor, quote)) {
    if (cursor.at >= cursor.text.length) fail('a literal that is not closed', start);
    content += cursor.text[cursor.at] === '\\' ? takeQuotedEscape(cursor) : encoded(cursor);
  }
  return content === '' ? fail('an empty literal', start) : content;
};

const takeQuotedEscape = (cursor: Cursor): string => {
  if (!/^\\(?:['"\\nrt]|x[0-9A-Fa-f]{2})/.test(cursor.text.slice(cursor.at, cursor.at + 4))) {
    fail('a literal knows the escapes \\\' \\" \\\\ \\n \\r \\t and \\xNN', cursor.at);
  }
  const escaped = takeEscape(cursor);
  return 'code' in escaped ? String.fromCharCode(escaped.code) : '';
};

/** One character of the source as the bytes of its UTF-8 form, in latin1. */
const encoded = (cursor: Cursor): string => {
  const code = cursor.text.codePointAt(cursor.at)!;
  const char = String.fromCodePoint(code);
  cursor.at += char.length;
  if (code < 0x80) return char;
  return Buffer.from(char, 'utf8').toString('latin1');
};

const BACKSLASH_N: Node = { kind: 'literal', text: '\\n', nocase: false };
const optional = (text: string): Node => repeat({ kind: 'literal', text, nocase: false }, 0, 1, false);

/** A line break, or one written as an escape inside a string: `\n` or `\r\n`. */
const NL: Node = alt([
  seq([optional('\r'), { kind: 'literal', text: '\n', nocase: false }]),
  seq([optional('\\r'), BACKSLASH_N]),
]);

const takeName = (cursor: Cursor): Node => {
  const start = cursor.at;
  const name = takeMatch(cursor, /[A-Za-z_][A-Za-z0-9_]*/y)?.[0];
  if (name === undefined) return fail(`unexpected ${cursor.text[start]}`, start);
  if (name === 'nl') return NL;
  if (name === 'quote') return { kind: 'set', set: QUOTE };
  const set: ByteSet | undefined = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (!set) return fail(`unknown set ${name}`, start);
  const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
  return sample ? { kind: 'set', set, sample } : { kind: 'set', set };
};
