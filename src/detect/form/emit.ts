import { type EdgeKind, isLeaf, type Node, type Repeat } from './ast.ts';
import { minLengthOf } from './bounds.ts';
import { ALL, type ByteSet, complement, equals, rangesOf, sizeOf } from './bytes.ts';
import { FormError } from './error.ts';

/** RE2 refuses counted repeats, nested ones multiplied, above this. */
const RE2_REPEATS = 1000;
/** Repeats written out nest; re2js takes about 1000 levels, of which each may need three. */
const DEEPEST = 200;
/** Longest regex text. */
const SOURCE_LIMIT = 65_536;

/**
 * Regex text of a tree whose repeats are clipped. It means the same, without flags, in V8, RE2 and re2js over latin1
 * text. Throws FormError when it would be too long, and when a numbered group would stand in it twice.
 */
export const emit = (node: Node): string => {
  const source = emitNode(node, true);
  if (source.length > SOURCE_LIMIT) throw new FormError('too large when its repeats are written out', 0);
  const groups = secretGroupsOf(source);
  if (new Set(groups).size < groups.length) throw new FormError('a group in a repeat that has to be written out', 0);
  return source;
};

const ESCAPE_OR_SECRET = /\\[\s\S]|\(\?<(secret\d*)>/g;

/** Names of the secret groups in emitted regex text, in order: `secret`, or `secret` and a number for numbered ones. */
export const secretGroupsOf = (source: string): string[] =>
  Array.from(source.matchAll(ESCAPE_OR_SECRET), ([, name]) => name ?? []).flat();

/** The same regex text with the groups in RE2's older spelling, `(?P<secret>...)`. */
export const toRe2Source = (source: string): string =>
  source.replace(ESCAPE_OR_SECRET, (token, name?: string) => (name === undefined ? token : `(?P<${name}>`));

const EDGES: Readonly<Record<EdgeKind, string>> = {
  textStart: '^',
  textEnd: '$',
  lineStart: '(?:^|[\\n\\r])',
  lineEnd: '(?:$|[\\n\\r])',
  word: '\\b',
  notWord: '\\B',
};

/** `alone`: nothing stands beside it in its group, so alternatives need no group of their own. */
const emitNode = (node: Node, alone: boolean): string => {
  if (node.kind === 'literal') return emitLiteral(node.text, node.nocase);
  if (node.kind === 'set') return emitSet(node.set);
  if (node.kind === 'edge') return EDGES[node.edge];
  if (node.kind === 'secret') return `(?<secret${node.group ?? ''}>${emitNode(node.body, true)})`;
  if (node.kind === 'repeat') return emitRepeat(node);
  if (node.kind === 'seq') return node.items.map((item) => emitNode(item, false)).join('');
  const options = node.options.map((option) => emitNode(option, false)).join('|');
  return alone ? options : `(?:${options})`;
};

const NAMES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' };

const numbered = (code: number): string => NAMES[code] ?? `\\x${code.toString(16).padStart(2, '0')}`;

const isPlain = (code: number): boolean => code >= 0x20 && code <= 0x7e;

const emitCharacter = (char: string): string => {
  const code = char.charCodeAt(0);
  if (!isPlain(code)) return numbered(code);
  return /[\\^$.*+?()[\]{}|]/.test(char) ? `\\${char}` : char;
};

const emitLiteral = (text: string, nocase: boolean): string =>
  Array.from(text, (char) =>
    nocase && /[A-Za-z]/.test(char) ? `[${char.toUpperCase()}${char.toLowerCase()}]` : emitCharacter(char),
  ).join('');

const emitClassByte = (code: number): string => {
  const char = String.fromCharCode(code);
  if (!isPlain(code)) return numbered(code);
  return /[\\\]^[-]/.test(char) ? `\\${char}` : char;
};

const emitRanges = (set: ByteSet): string =>
  rangesOf(set)
    .map(([low, high]) => {
      const dash = high > low + 1 ? '-' : '';
      return low === high ? emitClassByte(low) : emitClassByte(low) + dash + emitClassByte(high);
    })
    .join('');

/** Sets are shared by name, so their text is kept. */
const setTexts = new WeakMap<ByteSet, string>();

const emitSet = (set: ByteSet): string => {
  const text = setTexts.get(set) ?? setText(set);
  setTexts.set(set, text);
  return text;
};

const setText = (set: ByteSet): string => {
  if (equals(set, ALL)) return '[\\s\\S]';
  const size = sizeOf(set);
  if (size === 1) return emitCharacter(String.fromCharCode(rangesOf(set)[0]![0]));
  return size > 128 ? `[^${emitRanges(complement(set))}]` : `[${emitRanges(set)}]`;
};

const emitRepeat = (node: Repeat): string => {
  const unit = emitUnit(node.body);
  if (minLengthOf(node.body) === 0) return emitNullable(unit, node);
  if (node.max * repeatsIn(node.body) <= RE2_REPEATS) return unit + bounds(node.min, node.max, node.lazy);
  return isCounted(node.body) ? emitCounted(unit, node.min, node.max, node.lazy) : emitUnrolled(unit, node);
};

/** Something that a quantifier can follow. */
const emitUnit = (node: Node): string => {
  const source = emitNode(node, true);
  return isLeaf(node) ? source : `(?:${source})`;
};

/** Where a run has no choices, the count says all, so that counts may be tried in another grouping. */
const isCounted = (node: Node): boolean =>
  node.kind === 'set' || node.kind === 'literal' || (node.kind === 'seq' && node.items.every(isCounted));

/** The product of the counts of nested repeats, as RE2 works it out for what is emitted here. */
const repeatsIn = (node: Node): number => {
  if (node.kind === 'seq') return Math.max(1, ...node.items.map(repeatsIn));
  if (node.kind === 'alt') return Math.max(1, ...node.options.map(repeatsIn));
  if (node.kind === 'secret') return repeatsIn(node.body);
  if (node.kind !== 'repeat') return 1;
  const inner = repeatsIn(node.body);
  if (minLengthOf(node.body) === 0) return inner;
  if (isCounted(node.body)) return Math.min(node.max, RE2_REPEATS);
  return node.max * inner <= RE2_REPEATS ? node.max * inner : inner;
};

const bounds = (min: number, max: number, lazy: boolean): string => {
  if (min === max) return min === 1 ? '' : `{${min}}`;
  const count = min === 0 && max === 1 ? '?' : `{${min},${max}}`;
  return lazy ? `${count}?` : count;
};

const exactly = (unit: string, count: number): string => {
  const whole = unit + bounds(RE2_REPEATS, RE2_REPEATS, false);
  const rest = count % RE2_REPEATS;
  return whole.repeat(Math.floor(count / RE2_REPEATS)) + (rest ? unit + bounds(rest, rest, false) : '');
};

const emitCounted = (unit: string, min: number, max: number, lazy: boolean): string =>
  exactly(unit, min) + (max > min ? upTo(unit, max - min, lazy) : '');

/** Up to `count` more, each count reached in one way only, so that backtracking does not multiply. */
const upTo = (unit: string, count: number, lazy: boolean): string => {
  if (count <= RE2_REPEATS) return unit + bounds(0, count, lazy);
  const many = exactly(unit, RE2_REPEATS) + upTo(unit, count - RE2_REPEATS, lazy);
  const few = unit + bounds(0, RE2_REPEATS - 1, lazy);
  return lazy ? `(?:${few}|${many})` : `(?:${many}|${few})`;
};

/** A group whose own repeats leave RE2 no room for a count: written out. */
const emitUnrolled = (unit: string, { min, max, lazy }: Repeat): string => {
  refuseLong(unit, max);
  const mark = lazy ? '??' : '?';
  let tail = '';
  for (let count = min; count < max; count++) tail = tail ? `(?:${unit}${tail})${mark}` : unit + mark;
  return unit.repeat(min) + tail;
};

/** A group that may be empty: engines differ about empty runs of a loop, not about alternatives. */
const emitNullable = (unit: string, { min, max, lazy }: Repeat): string => {
  refuseLong(unit, max);
  let tail = '';
  for (let count = min; count < max; count++) tail = lazy ? `(?:|${unit}${tail})` : `(?:${unit}${tail}|)`;
  return unit.repeat(min) + tail;
};

const refuseLong = (unit: string, count: number): void => {
  if (count > DEEPEST || unit.length * count > SOURCE_LIMIT) {
    throw new FormError('repeats inside of repeats are too many: give them smaller bounds', 0);
  }
};
