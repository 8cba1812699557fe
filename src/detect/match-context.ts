import { endsToken, startsToken } from './boundary.ts';
import type { Matcher, Span } from './engine.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { type Layer, lineBefore, textOf } from './layer.ts';
import { type CompiledRule, SECTION_REACH } from './rules/rule.ts';
import { goesOn } from './rules/words.ts';

/** A span behind a context word, and what it stands on. Offsets are those of the text. */
export interface StandingSpan {
  readonly span: Span;
  readonly standing: Evidence;
}

/** A context word at [at, end) of a text. */
export interface WordPlace {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** How far behind its end a value may begin. */
  readonly reach: number;
  /** The layer's text left of it on its line. */
  readonly head: string;
}

/**
 * The value of a context rule behind its word: on the word's line within reach, or, where the line is the head of a section
 * (`acme:`, `[acme]`, `"acme": {`), given to a credential's name below it. None where the word is part of another.
 */
export const contextSpans = (rule: CompiledRule, matcher: Matcher, place: WordPlace): StandingSpan[] => {
  const { text, at, end, reach, head } = place;
  if (!isWholeWord(text, at, end)) return [];
  const word = text.slice(at, end);
  const lineEnd = endOfLine(text, end);
  const line = text.slice(0, lineEnd);
  const span = firstToken(rule, matcher, line, end, end + reach);
  if (span) return [{ span, standing: evidenceOf(head + line.slice(at, span.secretStart), word) }];
  return isHeading(text.slice(end, lineEnd)) ? sectionSpans(rule, matcher, text, word, lineEnd, head) : [];
};

const isLower = (code: number) => code >= 97 && code <= 122;
const isUpper = (code: number) => code >= 65 && code <= 90;
const isLetter = (code: number) => isLower(code) || isUpper(code);

/** Is the word one by itself, as developers write names (`ACME_KEY`, `myAcmeKey`, `acmekey`), and no part of an English one? */
const isWholeWord = (text: string, at: number, end: number): boolean => {
  const [before, first] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if ((isLetter(before) && isLower(first)) || (isUpper(before) && isUpper(first))) return false;
  const [last, after] = [text.charCodeAt(end - 1), text.charCodeAt(end)];
  const follows = isLower(after) && (isLower(last) || isUpper(last));
  const shouts = isUpper(after) && isUpper(last);
  return !(follows || shouts) || goesOn(text.slice(end, end + 10));
};

const endOfLine = (text: string, from: number): number => {
  const newline = /[\r\n]/g;
  newline.lastIndex = from;
  return newline.exec(text)?.index ?? text.length;
};

/** Where the line behind the one that ends at `end` begins. */
const nextLine = (text: string, end: number): number => end + (text.startsWith('\r\n', end) ? 2 : 1);

/** The first whole token that starts in [from, last]. */
export const firstToken = (
  rule: CompiledRule,
  matcher: Matcher,
  line: string,
  from: number,
  last: number,
): Span | undefined => {
  for (let start = from; start <= last; start++) {
    // Within a long word each place would be tried in vain.
    while (start <= last && !startsToken(rule, line, start)) start++;
    const span = start <= last ? matcher.find(line, start) : undefined;
    if (!span || span.start > last) return undefined;
    if (startsToken(rule, line, span.start) && endsToken(rule, line, span.end)) return span;
    start = span.start;
  }
  return undefined;
};

/** What stands between the word and the end of its line when lines below belong to it. */
const isHeading = (rest: string): boolean =>
  rest.length <= 32 &&
  /^[\w.-]{0,24}["'`]?[\])]?\s{0,4}(?:[:=]\s{0,4})?[[{(]?\s{0,4}$/.test(rest) &&
  /[:=[\](){]/.test(rest);

/** The lines of the section: deeper ones, or those up to the next head of an INI file. */
const sectionSpans = (
  rule: CompiledRule,
  matcher: Matcher,
  text: string,
  word: string,
  headEnd: number,
  head: string,
): StandingSpan[] => {
  const indent = indentOf(head);
  const isFlat = /^\s*\[/.test(head);
  const limit = Math.min(text.length, headEnd + SECTION_REACH);
  let start = nextLine(text, headEnd);
  while (start < limit) {
    const end = endOfLine(text, start);
    const line = text.slice(start, end);
    if (line.trim() === '' || (isFlat ? line.startsWith('[') : indentOf(line) <= indent)) return [];
    const span = firstToken(rule, matcher, text.slice(0, end), start, Math.min(end, limit - 1));
    if (span && evidenceOf(text.slice(start, span.secretStart), word) === 'given') return [{ span, standing: 'given' }];
    start = nextLine(text, end);
  }
  return [];
};

const indentOf = (line: string): number => /^[ \t-]*/.exec(line)![0].length;

/** The layer's text left of `at` on its line. */
export const headOf = (layer: Layer, at: number): string => {
  const text = textOf(layer, at - 120, at);
  return lineBefore(text, text.length);
};
