import { alt, type Node, seq } from './ast.ts';
import { takeClass, takeEscape } from './class-parser.ts';
import { type Cursor, fail, take, takeMatch, takeQuantifier } from './cursor.ts';
import { literalNode, quantified } from './parts.ts';
import { ANY_BYTE, NOT_NEWLINE } from './sets.ts';

/** RE2's flags: any case, lines, dot takes newlines, lazy by default. */
interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, U: false };

/** Deepest nesting of groups, so that a pattern can't exhaust the stack. */
const DEPTH_LIMIT = 100;

interface State extends Cursor {
  depth: number;
  /** Capturing groups opened so far. */
  groups: number;
  /** See parsePattern. */
  readonly secretGroup: number | undefined;
}

/**
 * Parses RE2 syntax (https://github.com/google/re2/wiki/Syntax) over bytes: `.` and classes take one byte, a character
 * above U+007F in literal text stands for its UTF-8 bytes, `\xNN` is a byte, case folding is ASCII's. The secret is in
 * the group named `secret`; other groups only group. With (?m), `^` and `$` take the line break. Throws FormError for
 * bad syntax, look-around, back-references, Unicode classes.
 * @param secretGroup number of the capturing group that is the secret instead; 0 is the first that takes text.
 */
export const parsePattern = (text: string, secretGroup?: number): Node => {
  const state: State = { text, at: 0, depth: 0, groups: 0, secretGroup };
  const node = takeAlternatives(state, NO_FLAGS);
  if (state.at < text.length) fail('a ) without its (', state.at);
  if (state.groups < (secretGroup ?? 0)) fail(`has no group ${secretGroup}, only ${state.groups}`, 0);
  return node;
};

const takeAlternatives = (state: State, outer: Flags): Node => {
  const options: Node[] = [];
  // A flag group in one alternative holds for the next ones too, as in RE2.
  const scope = { flags: outer };
  do options.push(takeSequence(state, scope));
  while (take(state, '|'));
  return alt(options);
};

const takeSequence = (state: State, scope: { flags: Flags }): Node => {
  const items: Node[] = [];
  while (state.at < state.text.length && state.text[state.at] !== '|' && state.text[state.at] !== ')') {
    const start = state.at;
    const flags = takeFlagGroup(state, scope.flags);
    if (flags) scope.flags = flags;
    else items.push(...takeItem(state, scope.flags, start));
  }
  return seq(joinLiterals(items));
};

/** `(?i)` and the like: changes the flags for what follows in its group. */
const takeFlagGroup = (state: State, flags: Flags): Flags | undefined => {
  const match = takeMatch(state, /\(\?([imsU]*)(?:-([imsU]+))?\)/y);
  if (!match) return undefined;
  if (match[0] === '(?)') fail('a flag group without flags', state.at - 3);
  return withFlags(flags, match[1]!, match[2] ?? '');
};

const withFlags = (flags: Flags, on: string, off: string): Flags => {
  const result: Record<string, boolean> = { ...flags };
  for (const flag of on) result[flag] = true;
  for (const flag of off) result[flag] = false;
  return result as unknown as Flags;
};

const takeItem = (state: State, flags: Flags, start: number): Node[] => {
  if (/[*+?]/.test(state.text[start]!)) fail('a quantifier with nothing before it', start);
  const quoted = takeMatch(state, /\\Q([\s\S]*?)(?:\\E|$)/y);
  const before = quoted ? Array.from(quoted[1]!, (char) => characterNode(char, flags)) : [];
  const atom = quoted ? before.pop() : takeAtom(state, flags);
  if (!atom) return [];
  const quantifier = takeQuantifier(state);
  if (!quantifier) return [...before, atom];
  if (takeMatch(state, /[*+?]|\{\d+(?:,\d*)?\}/y)) fail('two quantifiers in a row', start);
  return [...before, quantified(atom, { ...quantifier, lazy: quantifier.lazy !== flags.U }, start)];
};

const takeAtom = (state: State, flags: Flags): Node => {
  const char = state.text[state.at]!;
  if (char === '(') return takeGroup(state, flags);
  if (char === '[') return { kind: 'set', set: takeClass(state, flags.i) };
  if (char === '\\') return takeEscapeNode(state, flags);
  if (take(state, '.')) return { kind: 'set', set: flags.s ? ANY_BYTE : NOT_NEWLINE };
  if (take(state, '^')) return { kind: 'edge', edge: flags.m ? 'lineStart' : 'textStart' };
  if (take(state, '$')) return { kind: 'edge', edge: flags.m ? 'lineEnd' : 'textEnd' };
  const whole = String.fromCodePoint(state.text.codePointAt(state.at)!);
  state.at += whole.length;
  return characterNode(whole, flags);
};

const characterNode = (char: string, flags: Flags): Node =>
  literalNode(Buffer.from(char, 'utf8').toString('latin1'), flags.i);

const takeGroup = (state: State, flags: Flags): Node => {
  const start = state.at;
  refuseLookaround(state);
  const opened = takeMatch(state, /\((?:\?(?:P?<([A-Za-z_][A-Za-z0-9_]*)>|([imsU]*)(?:-([imsU]+))?:))?/y)!;
  if (state.text[state.at] === '?' && opened[0] === '(') fail('an unknown kind of group', start);
  if (++state.depth > DEPTH_LIMIT) fail(`groups nest deeper than ${DEPTH_LIMIT}`, start);
  const group = opened[0] === '(' || opened[1] !== undefined ? ++state.groups : 0;
  const body = takeAlternatives(state, withFlags(flags, opened[2] ?? '', opened[3] ?? ''));
  state.depth--;
  if (!take(state, ')')) fail('no ) for (', start);
  if (state.secretGroup === undefined) return opened[1] === 'secret' ? { kind: 'secret', body } : body;
  return group > 0 && (state.secretGroup || group) === group ? { kind: 'secret', body, group } : body;
};

const refuseLookaround = (state: State): void => {
  const rest = state.text.slice(state.at, state.at + 4);
  if (/^\(\?(?:[=!]|<[=!])/.test(rest)) fail('look-around is not supported', state.at);
  if (rest.startsWith('(?P=')) fail('back-references are not supported', state.at);
  if (rest.startsWith('(?>')) fail('atomic groups are not supported', state.at);
};

const EDGES: Readonly<Record<string, Node>> = {
  A: { kind: 'edge', edge: 'textStart' },
  z: { kind: 'edge', edge: 'textEnd' },
  b: { kind: 'edge', edge: 'word' },
  B: { kind: 'edge', edge: 'notWord' },
  C: { kind: 'set', set: ANY_BYTE },
};

const takeEscapeNode = (state: State, flags: Flags): Node => {
  const name = state.text[state.at + 1] ?? '';
  if (Object.hasOwn(EDGES, name)) {
    state.at += 2;
    return EDGES[name]!;
  }
  const escaped = takeEscape(state);
  if ('set' in escaped) return { kind: 'set', set: escaped.set };
  return escaped.byte
    ? literalNode(String.fromCharCode(escaped.code), flags.i)
    : characterNode(String.fromCodePoint(escaped.code), flags);
};

/** Neighbouring literals of the same case rule become one. */
const joinLiterals = (items: readonly Node[]): Node[] => {
  const joined: Node[] = [];
  for (const item of items) {
    const before = joined.at(-1);
    if (item.kind === 'literal' && before?.kind === 'literal' && before.nocase === item.nocase) {
      joined[joined.length - 1] = { ...before, text: before.text + item.text };
    } else joined.push(item);
  }
  return joined;
};
