import { distinctCharacters } from './entropy.ts';

const SEQUENCES = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '1234567890abcdef',
  '0123456789abcdef',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  '1qaz2wsx3edc4rfv5tgb',
].flatMap((run) => [run, [...run].reverse().join('')]);

/** Where each three characters in a row stand in the sequences. */
const TRIPLES = new Map<string, { readonly sequence: string; readonly from: number }[]>();
for (const sequence of SEQUENCES) {
  for (let from = 0; from + 3 <= sequence.length; from++) {
    const triple = sequence.slice(from, from + 3);
    TRIPLES.set(triple, [...(TRIPLES.get(triple) ?? []), { sequence, from }]);
  }
}

/** Why a text is one short pattern over and over, as a short phrase; undefined when it is not. */
export function repeatReason(text: string): string | undefined {
  if (text.length < 3) return undefined;
  const distinct = distinctCharacters(text);
  if (distinct === 1) return 'one repeated character';
  if (text.length >= 8 && distinct === 2) return 'two repeated characters';
  if (longestRun(text) * 2 > text.length && text.length >= 6) return 'mostly one repeated character';
  for (let period = 2; period <= 8 && period * 3 <= text.length; period++) {
    if (text.startsWith(text.slice(period, text.length))) return 'a repeated pattern';
  }
  return undefined;
}

/** Length of the longest run of one character. */
export function longestRun(text: string): number {
  let longest = 1;
  let run = 1;
  for (let i = 1; i < text.length; i++) {
    run = text.charCodeAt(i) === text.charCodeAt(i - 1) ? run + 1 : 1;
    if (run > longest) longest = run;
  }
  return longest;
}

/** How many characters of a lower case text stand in keyboard, alphabet or digit runs of `least` (3 or more) characters. */
export function sequenceCover(text: string, least: number): number {
  let covered = 0;
  for (let at = 0; at < text.length; ) {
    const run = sequenceAt(text, at);
    if (run >= least) covered += run;
    at += run;
  }
  return covered;
}

/** Length of the longest known sequence that starts at `at`; 1 when none does. */
function sequenceAt(text: string, at: number): number {
  let best = 1;
  for (const { sequence, from } of TRIPLES.get(text.slice(at, at + 3)) ?? []) {
    let length = 3;
    while (at + length < text.length && text[at + length] === sequence[from + length]) length++;
    if (length > best) best = length;
  }
  return best;
}
