// Cheap tests of what stands around an anchor's literal: a candidate has to pass its anchor's before it crosses into
// JavaScript. kernel/test-reach.ts says how far they look.

let classes: usize = 0;

export function configureTests(classesAt: usize): void { classes = classesAt; }

@inline function classOf(p: usize): u64 { return load<u64>(classes + (<usize>load<u8>(p) << 3)); }
@inline export function fold(c: u32): u32 { return c - 65 < 26 ? c | 0x20 : c; }

// Class bits every rule set has; the others are given out by the image builder.
const SPACE: u64 = 1;        // space and tab
const NAME: u64 = 2;         // letters, digits, _ - . $
const CLOSER: u64 = 4;       // quotes, brackets and backslashes that may stand between a name and its separator
const SEPARATOR: u64 = 8;    // = : > ( ,
const VALUE: u64 = 16;       // printable, no space, no quote
const QUOTE: u64 = 32;       // " ' `
const DIGIT: u64 = 64;
const NEWLINE: u64 = 128;    // CR LF
// The most that stands between a word and the end of a line that it heads.
const HEAD_LENGTH: u32 = 32;
const MARKUP: u64 = 256;     // * { [ & ! @: decoration before a value

@inline export function isPartOfWord(before: u32, first: u32): bool {
  if (first - 97 < 26) return (before | 32) - 97 < 26;
  return before - 65 < 26 && first - 65 < 26;
}

// At least `least` bytes of the class from p on.
@inline export function run(p: usize, end: usize, mask: u64, least: u32): bool {
  if (p + least > end) return false;
  for (let i: u32 = 0; i < least; i++) if (!(classOf(p + i) & mask)) return false;
  return true;
}

// A run of at least `least` bytes of the class that begins within `reach` bytes, on the same line; or the line is the head of
// a section: what stands below it is left to the rule, so that an anchor depends on its line only.
export function near(p: usize, end: usize, mask: u64, least: u32, reach: u32): bool {
  // Far enough to see whether the line is a head.
  const limit: usize = min<usize>(p + max<u32>(reach, HEAD_LENGTH + 1), end);
  let length: u32 = 0;
  let q = p;
  while (q < end) {
    const c = classOf(q);
    if (c & NEWLINE) return isHead(p, q);
    if (c & mask) {
      length++;
      if (q + 1 - length > p + reach) { if (q >= limit) return false; }
      else if (length >= least) return true;
    } else { length = 0; if (q >= limit) return false; }
    q++;
  }
  return false;
}

// Does what stands between a word and the end of its line make it the head of a section (`acme:`, `[acme]`, `"acme": {`)?
function isHead(from: usize, newline: usize): bool {
  if (newline > from + HEAD_LENGTH) return false;
  let q = newline;
  while (q > from && classOf(q - 1) & SPACE) q--;
  if (q === from) return false;
  const c: u32 = load<u8>(q - 1);
  return c === 58 || c === 61 || c === 123 || c === 91 || c === 93 || c === 40 || c === 41;
}

// Could something be given to the name that [s, p) stands in? Cheap and generous: it has to let through all that
// detect/assign reads. Either a quoted text of four characters follows within reach, or a separator with an unquoted
// value that has a digit or ends with its line or element, or the name itself stands behind a comparison.
export function assignment(input: usize, s: usize, p: usize, end: usize): bool {
  let q = p;
  let limit = min<usize>(q + 64, end);
  while (q < limit && classOf(q) & NAME) q++;
  if (quotedAhead(q, end) || givenAhead(q, end)) return true;
  q = s;
  limit = s > input + 48 ? s - 48 : input;
  while (q > limit && classOf(q - 1) & NAME) q--;
  if (q > limit && classOf(q - 1) & SPACE) q--;
  return q > input && load<u8>(q - 1) === 61;
}

function quotedAhead(from: usize, end: usize): bool {
  const limit = min<usize>(from + 96, end);
  for (let q = from; q < limit; q++) {
    const c = classOf(q);
    if (c & NEWLINE) return fieldAhead(q, end);
    if (!(c & QUOTE)) continue;
    // The closing quote of the name itself opens nothing: what stands between has to look like a value.
    let r = q + 1;
    const stop = min<usize>(r + 4, end);
    while (r < stop && classOf(r) & (VALUE | SPACE)) r++;
    if (r === q + 5 && !(classOf(q + 1) & (SPACE | SEPARATOR | CLOSER))) return true;
  }
  return false;
}

// `name: X` with its `value:` on the next line: a word that begins as value, default, content or plainText does.
function fieldAhead(newline: usize, end: usize): bool {
  let q = newline;
  const limit = min<usize>(q + 64, end);
  while (q < limit && classOf(q) & (NEWLINE | SPACE | QUOTE | CLOSER)) q++;
  if (q >= limit) return false;
  const c = fold(load<u8>(q));
  return c === 118 || c === 100 || c === 99 || c === 112;
}

function givenAhead(from: usize, end: usize): bool {
  let q = from;
  let limit = min<usize>(q + 12, end);
  while (q < limit && classOf(q) & (CLOSER | SPACE)) q++;
  if (q >= end || (!(classOf(q) & SEPARATOR) && q === from)) return false;
  limit = min<usize>(q + 24, end);
  while (q < limit && classOf(q) & (SEPARATOR | SPACE | CLOSER | MARKUP)) q++;
  const value = q;
  limit = min<usize>(q + 256, end);
  let digit: u64 = 0;
  while (q < limit && classOf(q) & VALUE) { digit |= classOf(q) & DIGIT; q++; }
  if (q - value < 4) return false;
  return digit !== 0 || q === end || (classOf(q) & (NEWLINE | SPACE | QUOTE | CLOSER)) !== 0 || load<u8>(q - 1) === 62;
}
