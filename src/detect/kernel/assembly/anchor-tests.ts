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

// The byte `stop` behind `least` to `most` bytes of the class. A class that stands in for a smaller one may hold `stop`.
export function until(p: usize, end: usize, mask: u64, least: u32, most: u32, stop: u32): bool {
  const limit: usize = min<usize>(p + most + 1, end);
  for (let q = p; q < limit; q++) {
    if (<u32>load<u8>(q) === stop) return q >= p + least;
    if (!(classOf(q) & mask)) return false;
  }
  return false;
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
// As isHeading() of match-context.ts says.
function isHead(from: usize, newline: usize): bool {
  if (newline > from + HEAD_LENGTH) return false;
  let q = from;
  const name = min<usize>(from + 24, newline);
  while (q < name && isWord(load<u8>(q))) q++;
  const nameEnd = q;
  if (q < newline && classOf(q) & QUOTE) q++;
  if (q < newline && (load<u8>(q) === 93 || load<u8>(q) === 41)) q++;
  q = blanks(q, newline, 4);
  if (q < newline && (load<u8>(q) === 58 || load<u8>(q) === 61)) q = blanks(q + 1, newline, 4);
  if (q < newline && isOpening(load<u8>(q))) q++;
  if (blanks(q, newline, 4) !== newline) return false;
  for (let r = nameEnd; r < newline; r++) {
    const c: u32 = load<u8>(r);
    if (c === 58 || c === 61 || c === 93 || c === 41 || isOpening(c)) return true;
  }
  return false;
}

@inline function isOpening(c: u32): bool { return c === 123 || c === 91 || c === 40; }
// \w, and the dot and dash of names.
@inline function isWord(c: u32): bool { return (c | 32) - 97 < 26 || c - 48 < 10 || c === 95 || c === 46 || c === 45; }

// What \s takes of the first 256 characters.
@inline function isSpace(c: u32): bool { return c === 32 || c - 9 < 5 || c === 160; }

// Behind at most `most` bytes of white space.
function blanks(from: usize, end: usize, most: usize): usize {
  const limit = min<usize>(from + most, end);
  let q = from;
  while (q < limit && isSpace(load<u8>(q))) q++;
  return q;
}

// Could something be given to the name that [s, p) stands in? Lets through all that detect/assign reads there: what
// follows the name decides as readAssignments() and readComparisons() do, but values are only looked at roughly.
export function assignment(input: usize, s: usize, p: usize, end: usize): bool {
  let q = p;
  let limit = min<usize>(q + NAME_REACH, end);
  while (q < limit && isName(q)) q++;
  while (q > p && (load<u8>(q - 1) === 45 || load<u8>(q - 1) === 46)) q--;
  let quoted = false;
  let after = q;
  limit = min<usize>(q + 8, end);
  for (; after < limit; after++) {
    const c: u32 = load<u8>(after);
    if (classOf(after) & QUOTE) {
      if (quoted) break;
      quoted = true;
    } else if (c !== 92 && c !== 93 && c !== 42) break;
  }
  if (!quoted && after + 6 <= end && load<u8>(after) === 38 && load<u32>(after, 1) === 0x746f7571) { quoted = true; after += 6; }
  let r = after;
  limit = min<usize>(after + 64, end);
  while (r < limit && classOf(r) & SPACE) r++;
  let start = s;
  limit = s > input + NAME_BACK ? s - NAME_BACK : input;
  while (start > limit && (isName(start - 1) || load<u8>(start - 1) === 62)) start--;
  if (isCompared(input, start)) return true;
  if (r >= end) return false;
  const c: u32 = load<u8>(r);
  const d: u32 = r + 1 < end ? load<u8>(r, 1) : 0;
  switch (c) {
    case 61: // =, but a comparison needs a literal, and =~ gives nothing
      return d === 61 ? literalAhead(r + 1, end) : d !== 126 && valueAhead(q, r + 1, end);
    case 58: // :
      return d !== 58 && valueAhead(q, r + 1, end);
    case 63: // ?? "…", ?= …, ?: "…"
    case 124: // || "…", ||= …
      return (d === 61 || d === 58 || d === c) && valueAhead(q, r + 1, end);
    case 40: // (
      return !quoted && literalAhead(r + 1, end);
    case 91: // [
      return !quoted && givenBehind(r + 1, end);
    case 41: // ) before a comparison
      return (d === 61 || d === 33) && literalAhead(r + 1, end);
    case 33: // !=
      return d === 61 && literalAhead(r + 1, end);
    default:
      return (c === 60 && d === 62 && literalAhead(r + 2, end)) || beside(input, s, start, q, after, r, quoted, end);
  }
}

const NAME_REACH: usize = 80;
// Bytes before the keyword that its name may begin at.
const NAME_BACK: usize = 48;

@inline function isName(p: usize): bool { return (classOf(p) & NAME) !== 0 || load<u8>(p) > 127; }

// Does the name that begins at `start` stand behind a comparison with a literal (`"…" == name`)?
function isCompared(input: usize, start: usize): bool {
  let q = start;
  if (q > input && load<u8>(q - 1) === 32) q--;
  if (q < input + 3 || load<u8>(q - 1) !== 61) return false;
  q--;
  if (load<u8>(q - 1) !== 61 && load<u8>(q - 1) !== 33) return false;
  while (q > input && (load<u8>(q - 1) === 61 || load<u8>(q - 1) === 33)) q--;
  if (q > input && load<u8>(q - 1) === 32) q--;
  return q > input && (classOf(q - 1) & QUOTE) !== 0;
}

// A value behind the separator at the end of `separated`: a literal, or an unquoted one that looks like one from the name on.
@inline function valueAhead(nameEnd: usize, separated: usize, end: usize): bool {
  return (quotedAhead(nameEnd, end) && literalAhead(separated, end)) || givenAhead(nameEnd, end);
}

// A literal's quote, or the escape of one, behind nothing but what stands between a name and its literal: types, operators,
// calls that wrap it, an expression that it is the default of.
function literalAhead(from: usize, end: usize): bool {
  const limit = min<usize>(from + 96, end);
  for (let q = from; q < limit; q++) {
    const c: u32 = load<u8>(q);
    if (classOf(q) & QUOTE || c === 92 || c === 38) return true;
    if (!(classOf(q) & (NAME | SPACE) || c > 127 || (c - 58 < 7 && c !== 59) || c === 91 || c === 93 || c === 40 || c === 41 || c === 33 || c === 124 || c === 126 || c === 42)) {
      // A field of a value may stand on the next line.
      return (c === 10 || c === 13) && fieldAhead(q, end);
    }
  }
  return false;
}

// What follows an array's size is an equals sign: `[16] = …`.
function givenBehind(from: usize, end: usize): bool {
  let q = from;
  const limit = min<usize>(from + 8, end);
  while (q < limit && (classOf(q) & DIGIT || load<u8>(q) === 93)) q++;
  while (q < end && classOf(q) & SPACE) q++;
  return q < end && load<u8>(q) === 61 && (givenAhead(q, end) || quotedAhead(q, end));
}

// No operator behind the name: what beside() of read.ts reads there.
function beside(input: usize, s: usize, start: usize, nameEnd: usize, after: usize, r: usize, quoted: bool, end: usize): bool {
  const c: u32 = load<u8>(r);
  if (quoted) {
    if (c === 44) return literalAhead(r + 1, end) || fieldAhead(r, end);
    return fieldAhead(after, end) && quotedAhead(after, end) || classOf(r) & NEWLINE && fieldAhead(r, end);
  }
  const opening: u32 = start > input ? load<u8>(start - 1) : 0;
  if (opening === 60 || opening === 58) return quotedAhead(nameEnd, end) || givenAhead(nameEnd, end); // <password …>
  if (r === after) {
    if (classOf(r) & NEWLINE) return fieldAhead(r, end);
    return (c === 45 || c === 46) && literalAhead(r, end);
  }
  if (classOf(r) & QUOTE || c === 92) return quotedAhead(nameEnd, end);
  if (load<u8>(start) === 45) return true; // --password …
  if (isDefined(input, start, s)) return true;
  // `is "…"`, `by '…'`, `to eq("…")`, `-eq "…"`
  if (c === 45 || c === 46 || fold(c) === 98 || fold(c) === 97 || fold(c) === 105 || c === 116) return operatorAhead(r, end);
  return false;
}

// A word of letters, a bracket, and then a quote: an operator that is written as a word.
function operatorAhead(from: usize, end: usize): bool {
  let q = from;
  const limit = min<usize>(from + 24, end);
  while (q < limit && (isWord(load<u8>(q)) || load<u8>(q) === 40 || load<u8>(q) === 63 || classOf(q) & SPACE)) q++;
  return q < end && (classOf(q) & QUOTE || load<u8>(q) === 92) !== 0;
}

// Is the name defined (`#define NAME …`, `set NAME …`), or a password behind a log-in (`login ada password …`)?
function isDefined(input: usize, start: usize, s: usize): bool {
  if (start < input + 4 || !(classOf(start - 1) & SPACE)) return false;
  let q = before(input, start, 8);
  if (q < input + 3) return false;
  const word = lastThree(q);
  if (word === 0x736574 || word === 0x696e65 || word === 0x62616c) return true; // set, define, global
  if (s - start > 4) return false;
  const lowest = q > input + 32 ? q - 32 : input;
  while (q > lowest && !(classOf(q - 1) & (SPACE | NEWLINE))) q--;
  q = before(input, q, 4);
  return q >= input + 3 && lastThree(q) === 0x67696e; // login
}

@inline function lastThree(q: usize): u32 { return (fold(load<u8>(q - 3)) << 16) | (fold(load<u8>(q - 2)) << 8) | fold(load<u8>(q - 1)); }

// Where at most `most` blanks before `from` begin.
function before(input: usize, from: usize, most: usize): usize {
  const limit = from > input + most ? from - most : input;
  let q = from;
  while (q > limit && classOf(q - 1) & SPACE) q--;
  return q;
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
  while (q < limit && (classOf(q) & (NEWLINE | SPACE | QUOTE | CLOSER) || load<u8>(q) === 44 || load<u8>(q) === 59)) q++;
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
