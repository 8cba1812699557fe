import { takeFields } from './fields.ts';
import type { Line } from './lines.ts';

/** A piece of base64 as it stood between separators. */
export interface Run {
  readonly text: string;
  /** 0-based offsets in the source: of each character's end, so that a cut body knows where it stops. */
  readonly ends: readonly number[];
  /** Counts the lines: runs of one line share it. */
  readonly line: number;
  /** A line without any base64 stood right before it. */
  readonly afterGap: boolean;
}

/** What was collected between header and stop. */
export interface Body {
  readonly runs: readonly Run[];
  /** Header lines (`Proc-Type`, `DEK-Info`, `Version` …), names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** The four characters of an armour checksum (`=abcd`), PGP only. */
  readonly checksum: string | undefined;
}

interface Token {
  readonly text: string;
  readonly at: number;
  readonly kind: 'run' | 'gap' | 'mark';
}

/** Right before or after these a run is part of a name, a number or a call. */
const GLUED_BEFORE = '.:_-$@~^%';
const GLUED_AFTER = '.:_-$@{[(!?~^%]';
/** Lines without base64 after which an unclosed body is given up. */
const PATIENCE = 8;

/**
 * Collects base64 from the lines, leaving out prefixes, quotes, operators, names and numbers.
 * @param lines as of readLines
 * @param closed whether an END closes the region; without one the first strange line after the body ends it
 * @param pgp whether a `=abcd` checksum may follow the body
 */
export function collectBody(lines: Iterable<Line>, closed: boolean, pgp: boolean): Body {
  const runs: Run[] = [];
  const fields = new Map<string, string>();
  let checksum: string | undefined;
  let strange = 0;
  let characters = 0;
  let number = 0;
  for (const line of lines) {
    number++;
    const skip = characters < 16 ? takeFields(line.text, fields) : 0;
    const all = tokenize(line.text, skip);
    const cut = closed ? -1 : closingQuote(all);
    const tokens = cut < 0 ? all : all.slice(0, cut);
    let kept = keepRuns(tokens, line.opensSourceLine);
    const sum = pgp ? kept.findIndex((token) => /^=[A-Za-z0-9+/]{4}$/.test(token.text)) : -1;
    if (sum >= 0) checksum = kept[sum]!.text.slice(1);
    if (sum >= 0) kept = kept.slice(0, sum);
    kept = kept.filter((token) => /^[A-Za-z0-9+/]+={0,2}$/.test(token.text));
    if (kept.length === 0 && tokens.some((token) => token.kind === 'run')) {
      strange++;
      if (!closed && (characters >= 16 || strange > PATIENCE)) break;
    }
    for (const token of kept) {
      runs.push({
        text: token.text,
        ends: line.ends.slice(token.at, token.at + token.text.length),
        line: number,
        afterGap: strange > 0,
      });
      characters += token.text.length;
      strange = 0;
    }
    if (checksum !== undefined || cut >= 0) break;
  }
  return { runs, fields, checksum };
}

function tokenize(text: string, from: number): Token[] {
  const pattern = /([A-Za-z0-9+/=]+)|(\s+)|[\s\S]/g;
  pattern.lastIndex = from;
  const tokens: Token[] = [];
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    tokens.push({ text: match[0], at: match.index, kind: match[1] ? 'run' : match[2] ? 'gap' : 'mark' });
  }
  return tokens;
}

/** Where a string ends that began on an earlier line: the line's first quote, right behind a run. -1 when there is none. */
function closingQuote(tokens: readonly Token[]): number {
  const first = tokens.findIndex(isQuote);
  return first > 0 && tokens[first - 1]!.kind === 'run' && !isAssignment(tokens, first - 1) ? first : -1;
}

/** The runs that may be body. On a line of its own, whatever stood before an operator or a separator was not. */
function keepRuns(tokens: readonly Token[], mayReset: boolean): Token[] {
  const lastRun = tokens.findLastIndex((token) => token.kind === 'run');
  let kept: Token[] = [];
  tokens.forEach((token, index) => {
    if (mayReset && isReset(tokens, index, lastRun)) kept = [];
    if (token.kind === 'run' && isBody(tokens, index, lastRun)) kept.push(token);
  });
  return kept;
}

/** `=`, `+=`, `|`, `]`, `: `, `> `: names and prefixes end there. */
function isReset(tokens: readonly Token[], index: number, lastRun: number): boolean {
  const token = tokens[index]!;
  if (token.kind === 'run') return isOperator(token.text);
  if (token.kind !== 'mark') return false;
  if (index > lastRun) return false;
  if (token.text === '|' || token.text === ']') return true;
  return (token.text === ':' || token.text === '>') && tokens[index + 1]?.kind === 'gap';
}

const isOperator = (text: string): boolean => text === '=' || text === '+=' || text === '==';

function isBody(tokens: readonly Token[], index: number, lastRun: number): boolean {
  const token = tokens[index]!;
  if (!/[A-Za-z0-9]/.test(token.text)) return isSlashRow(tokens, index);
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (before?.kind === 'mark' && (GLUED_BEFORE.includes(before.text) || before.text === '[')) return false;
  if (after?.kind === 'mark' && GLUED_AFTER.includes(after.text)) return isElision(tokens, index + 1);
  if (isAssignment(tokens, index)) return false;
  const next = after?.kind === 'gap' ? tokens[index + 2] : after;
  if (next === undefined) return true;
  if (next.kind === 'run') return next === after || !isOperator(next.text);
  return after?.kind !== 'gap' || !'|:'.includes(next.text) || index === lastRun;
}

/** A run of `+` and `/` alone is body when it fills its line or is a padded group: else it is an operator or a comment sign. */
function isSlashRow(tokens: readonly Token[], index: number): boolean {
  const { text } = tokens[index]!;
  return /^[+/]{2,3}={1,2}$/.test(text) ? text.length === 4 : tokens.length === 1 && text.length > 3;
}

const isElision = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]?.text === '.' && tokens[index + 1]?.text === '.';

/** `NAME="value`: one `=` before a quote, none before the name, and the value right behind. */
function isAssignment(tokens: readonly Token[], index: number): boolean {
  const { text } = tokens[index]!;
  if (!/^\w+=$/.test(text) || text.length % 4 === 0) return false;
  if (!isQuote(tokens[index + 1]) || isQuote(tokens[index - 1])) return false;
  return /^\w/.test(tokens[index + 2]?.text ?? '');
}

const isQuote = (token: Token | undefined): boolean => token?.kind === 'mark' && '"\'`'.includes(token.text);
