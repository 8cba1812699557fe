// The byte loops of the detector. Compiled to WebAssembly by scripts/generate.mjs; kernel.ts beside this folder loads it.
//
// Anchors are found by the hash of four case-folded bytes at every second position, looked up in a Bloom filter that fits
// the first-level cache; the exact literal and a cheap shape test of what follows are then confirmed here, so that only
// candidates worth a regex cross into JavaScript.

const FOLD: u32 = 0x20202020;

// Table addresses, set once by configure().
let bitmap: usize = 0;
let keys: usize = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
let entries: usize = 0;
let anchors: usize = 0;
let classes: usize = 0;
let out: usize = 0;
let outCapacity: u32 = 0;

// State of one scan.
let count: u32 = 0;
let resume: u32 = 0;
let stopped: bool = false;
let input: usize = 0;
let zoneFrom: u32 = 0;
let zoneTo: u32 = 0;
let dataEnd: u32 = 0;

export function configure(bitmapAt: usize, keysAt: usize, slotsAt: usize, mask: u32, entriesAt: usize, anchorsAt: usize, classesAt: usize, outAt: usize, capacity: u32): void {
  bitmap = bitmapAt; keys = keysAt; slots = slotsAt; slotMask = mask; entries = entriesAt; anchors = anchorsAt; classes = classesAt;
  out = outAt; outCapacity = capacity;
}

export function grow(pages: i32): i32 { return memory.grow(pages); }
export function resumeAt(): u32 { return resume; }

@inline function hash(x: u32): u32 { return x * 0x9E3779B1; }
// Two bits of one word: a blocked Bloom filter.
@inline function inBitmap(h: u32): u32 { const w = load<u32>(bitmap + <usize>((h >>> 17) << 2)); return (w >>> (h >>> 13)) & (w >>> (h >>> 8)) & 1; }
@inline function classOf(p: usize): u64 { return load<u64>(classes + (<usize>load<u8>(p) << 3)); }
@inline function fold(c: u32): u32 { return c - 65 < 26 ? c | 0x20 : c; }

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

// Finds the anchors that start in [from, to) of the bytes [0, end) at `at`. Writes (position, anchor) pairs of u32 and
// returns their number; when the buffer fills, resumeAt() says where to go on (else it is `to`): pairs at or behind it
// are found again.
export function scan(at: usize, from: u32, to: u32, end: u32): u32 {
  count = 0; stopped = false; input = at; zoneFrom = from; zoneTo = to; dataEnd = end; resume = to;
  // Windows of an anchor lie at offsets -1..15 from its start, so the search begins one byte early and ends 15 late.
  let p: usize = at + <usize>((from === 0 ? 0 : from - 1) & ~1);
  // A window may reach over the end: 16 zero bytes stand there.
  const last: usize = at + <usize>min<u32>(to + 15, end);
  const last8: usize = last > at + 8 ? last - 8 : at;
  for (; p < last8; p += 8) {
    const h0 = hash(load<u32>(p) | FOLD), h1 = hash(load<u32>(p, 2) | FOLD);
    const h2 = hash(load<u32>(p, 4) | FOLD), h3 = hash(load<u32>(p, 6) | FOLD);
    if (inBitmap(h0) | inBitmap(h1) | inBitmap(h2) | inBitmap(h3)) {
      if (inBitmap(h0)) look(p);
      if (inBitmap(h1)) look(p + 2);
      if (inBitmap(h2)) look(p + 4);
      if (inBitmap(h3)) look(p + 6);
      if (stopped) return count;
    }
  }
  for (; p < last; p += 2) {
    if (inBitmap(hash(load<u32>(p) | FOLD))) look(p);
    if (stopped) return count;
  }
  return count;
}

// The bitmap says that four bytes at p may belong to an anchor: looks up which, confirms the literal and its shape.
function look(p: usize): void {
  const key = load<u32>(p) | FOLD;
  if (inKeys(0, key)) probe(p, key);
  // Windows of short literals hold one byte of any kind, at their end or at their start.
  if (inKeys(1, key & 0xffffff)) probe(p, key & 0xffffff);
  if (inKeys(2, key >>> 8)) probe(p, (key >>> 8) | 0x01000000);
}

// Three bitmaps of 16 KiB, one for each kind of key: most windows that pass the filter by chance end here.
@inline function inKeys(kind: u32, key: u32): u32 {
  const h = key * 0x85EBCA6B;
  return load<u32>(keys + <usize>(kind << 14) + <usize>((h >>> 20) << 2)) >>> (h >>> 15) & 1;
}

// Of an entry: the bytes that it holds stand behind the window, not before it.
const BEHIND: u32 = 1 << 24;

@inline function probe(p: usize, key: u32): void {
  let slot: u32 = (key * 0x85EBCA6B) >>> 7 & slotMask;
  for (;;) {
    const s = slots + (<usize>slot << 3);
    const found = load<u32>(s, 4);
    if (found === 0) return;
    if (load<u32>(s) === key) {
      let e = entries + <usize>(found >>> 12) * 12;
      for (let n = found & 4095; n > 0; n--, e += 12) {
        // The bytes beside the window first: most entries end here, without a look at the anchor itself.
        const place = load<u32>(e);
        const side: usize = place & BEHIND ? p + 4 : p - 4;
        if (((load<u32>(side) | FOLD) ^ load<u32>(e, 4)) & load<u32>(e, 8)) continue;
        confirm(p, place & 0xffffff, <i32>(place >>> 26) - 1);
      }
      return;
    }
    slot = (slot + 1) & slotMask;
  }
}

function confirm(p: usize, anchor: u32, offset: i32): void {
  const start: i32 = <i32>(p - input) - offset;
  if (start < <i32>zoneFrom || start >= <i32>zoneTo) return;
  const a = anchors + (<usize>anchor << 5);
  const length: u32 = load<u16>(a, 4);
  if (<u32>start + length > dataEnd) return;
  const literal: usize = load<u32>(a);
  const s: usize = input + <usize>start;
  if (load<u16>(a, 6) & 1) {
    for (let i: u32 = 0; i < length; i++) if (fold(load<u8>(s + i)) !== <u32>load<u8>(literal + i)) return;
  } else {
    for (let i: u32 = 0; i < length; i++) if (load<u8>(s + i) !== load<u8>(literal + i)) return;
  }
  const test: u32 = load<u32>(a, 8);
  // A context word that goes on from a letter, unless a capital begins it, is part of another word.
  if (test === 2 && s > input && isPartOfWord(load<u8>(s - 1), load<u8>(s))) return;
  const after: usize = s + length;
  const end: usize = input + <usize>dataEnd;
  if (test === 1) {
    if (!run(after, end, load<u64>(a, 24), load<u16>(a, 16))) return;
  } else if (test === 2) {
    if (!near(after, end, load<u64>(a, 24), load<u16>(a, 16), load<u16>(a, 18))) return;
  } else if (test === 3) {
    if (!assignment(s, after, end)) return;
  }
  if (count === outCapacity) {
    // Windows lie up to 15 bytes behind their anchor's start: what starts a little earlier may not have been seen yet.
    stopped = true;
    resume = min<u32>(resume, max<u32>(zoneFrom, <u32>start < 16 ? 0 : <u32>start - 16));
    return;
  }
  store<u32>(out + (<usize>count << 3), <u32>start);
  store<u32>(out + (<usize>count << 3), anchor, 4);
  count++;
}

@inline function isPartOfWord(before: u32, first: u32): bool {
  if (first - 97 < 26) return (before | 32) - 97 < 26;
  return before - 65 < 26 && first - 65 < 26;
}

// At least `least` bytes of the class from p on.
@inline function run(p: usize, end: usize, mask: u64, least: u32): bool {
  if (p + least > end) return false;
  for (let i: u32 = 0; i < least; i++) if (!(classOf(p + i) & mask)) return false;
  return true;
}

// A run of at least `least` bytes of the class that begins within `reach` bytes, on the same line; or the line is the head of
// a section: what stands below it is left to the rule, so that an anchor depends on its line only.
function near(p: usize, end: usize, mask: u64, least: u32, reach: u32): bool {
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
function assignment(s: usize, p: usize, end: usize): bool {
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

// ---- runs of encoded text, and escapes -------------------------------------------------------------------------------

let spots: usize = 0;
let spotCapacity: u32 = 0;
let alphabet: usize = 0; // 256 bytes: base64 value 0..63 of either alphabet, 0xff for others

export function configureSpots(spotsAt: usize, capacity: u32, alphabetAt: usize): void {
  spots = spotsAt; spotCapacity = capacity; alphabet = alphabetAt;
}

const BASE64_RUN: u32 = 1;
const HEX_RUN: u32 = 2;
const ANSI: u32 = 3;
const PERCENT: u32 = 4;
const BACKSLASH: u32 = 5;

@inline function spot(position: u32, length: u32, kind: u32): void {
  const at = spots + <usize>count * 12;
  store<u32>(at, position); store<u32>(at, length, 4); store<u32>(at, kind, 8);
  count++;
}
@inline function isBase64(p: usize): bool { return load<u8>(alphabet + <usize>load<u8>(p)) !== 0xff; }
@inline function isHex(c: u32): bool { return c - 48 < 10 || (c | 32) - 97 < 6; }
@inline function hexValue(c: u32): u32 { return c < 58 ? c - 48 : (c | 32) - 87; }
@inline function isText(c: u32): bool { return (c >= 32 && c < 127) || c === 10 || c === 13 || c === 9; }

// Finds, starting in [from, to): runs of 32 and more base64 or hex characters whose first bytes decode to text, gzip or
// UTF-16, and escapes (terminal colours, %XX, \uXXXX, \xXX). Writes (position, length, kind) triples; resumeAt() as in scan().
export function findSpots(at: usize, from: u32, to: u32, end: u32): u32 {
  count = 0; resume = to;
  const stop: usize = at + <usize>end;
  const zoneEnd: usize = at + <usize>to;
  const last: usize = at + <usize>min<u32>(to + 32, end);
  let runEnd: usize = 0;
  for (let p: usize = at + <usize>(from & ~15); p < last; p += 16) {
    if (count + 20 > spotCapacity) { resume = max<u32>(from, <u32>(p - at) - 32); return count; }
    const v = v128.load(p);
    const marks = v128.or(i8x16.eq(v, i8x16.splat(27)), v128.or(i8x16.eq(v, i8x16.splat(37)), i8x16.eq(v, i8x16.splat(92))));
    if (v128.any_true(marks)) {
      const blockEnd = min<usize>(p + 16, zoneEnd);
      for (let q = max<usize>(p, at + <usize>from); q < blockEnd; q++) {
        const kind = escapeAt(q, stop);
        if (kind) spot(<u32>(q - at), 0, kind);
      }
    }
    if (p < runEnd) continue;
    const letter = i8x16.lt_u(i8x16.sub(v128.or(v, i8x16.splat(0x20)), i8x16.splat(97)), i8x16.splat(26));
    const digit = i8x16.lt_u(i8x16.sub(v, i8x16.splat(48)), i8x16.splat(10));
    const standard = v128.or(i8x16.eq(v, i8x16.splat(43)), i8x16.eq(v, i8x16.splat(47)));
    const urlSafe = v128.or(i8x16.eq(v, i8x16.splat(45)), i8x16.eq(v, i8x16.splat(95)));
    if (!i8x16.all_true(v128.or(v128.or(letter, digit), v128.or(standard, urlSafe)))) continue;
    // A whole block of the alphabet: every run of 31 and more has one. Widen it to the run.
    let start = p;
    while (start > at && isBase64(start - 1)) start--;
    runEnd = p;
    while (runEnd < stop && isBase64(runEnd)) runEnd++;
    if (start < at + <usize>from || start >= zoneEnd || runEnd < start + 32) continue;
    const kind = encodedText(start);
    if (kind) spot(<u32>(start - at), <u32>(runEnd - start), kind);
  }
  return count;
}

@inline function escapeAt(q: usize, stop: usize): u32 {
  const c: u32 = load<u8>(q);
  if (c === 27) return q + 1 < stop && (load<u8>(q, 1) === 91 || load<u8>(q, 1) === 93 || load<u8>(q, 1) === 95) ? ANSI : 0;
  if (c === 37) return q + 2 < stop && isHex(load<u8>(q, 1)) && isHex(load<u8>(q, 2)) ? PERCENT : 0;
  if (c === 92) {
    const d: u32 = q + 1 < stop ? load<u8>(q, 1) : 0;
    if (d === 117) return q + 5 < stop && isHex(load<u8>(q, 2)) && isHex(load<u8>(q, 3)) && isHex(load<u8>(q, 4)) && isHex(load<u8>(q, 5)) ? BACKSLASH : 0;
    if (d === 120) return q + 3 < stop && isHex(load<u8>(q, 2)) && isHex(load<u8>(q, 3)) ? BACKSLASH : 0;
    if (d === 47) return BACKSLASH;
  }
  return 0;
}

// Do the first bytes of the run decode to something readable? Twelve bytes are enough to tell it from a random token.
function encodedText(start: usize): u32 {
  let hex = true;
  for (let i: usize = 0; i < 32; i++) if (!isHex(load<u8>(start + i))) { hex = false; break; }
  if (hex) {
    let text = 0;
    for (let i: usize = 0; i < 24; i += 2) if (isText((hexValue(load<u8>(start + i)) << 4) | hexValue(load<u8>(start + i + 1)))) text++;
    if (text >= 11) return HEX_RUN;
  }
  let text = 0, even = 0, zeros = 0;
  let first: u32 = 0;
  for (let i: usize = 0; i < 16; i += 4) {
    const w: u32 = (<u32>load<u8>(alphabet + <usize>load<u8>(start + i)) << 18) | (<u32>load<u8>(alphabet + <usize>load<u8>(start + i + 1)) << 12)
      | (<u32>load<u8>(alphabet + <usize>load<u8>(start + i + 2)) << 6) | <u32>load<u8>(alphabet + <usize>load<u8>(start + i + 3));
    if (i === 0) first = w;
    for (let k: u32 = 0; k < 3; k++) {
      const b: u32 = (w >>> (16 - 8 * k)) & 0xff;
      const n: u32 = <u32>(i / 4) * 3 + k;
      if (isText(b)) { text++; if (!(n & 1)) even++; }
      if (b === 0 && n & 1) zeros++;
    }
  }
  if (text >= 10 || (zeros === 6 && even >= 5)) return BASE64_RUN;
  return first === 0x1f8b08 ? BASE64_RUN : 0;
}

// ---- positions -------------------------------------------------------------------------------------------------------

// Number of line feeds in [from, to).
export function newlines(from: usize, to: usize): u32 {
  let n: u32 = 0;
  let p = from;
  const lf = i8x16.splat(10);
  while (p + 16 <= to) { n += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(p), lf))); p += 16; }
  for (; p < to; p++) if (load<u8>(p) === 10) n++;
  return n;
}

// Number of UTF-16 code units that the UTF-8 bytes [from, to) decode to; an invalid byte counts as one.
export function utf16Units(from: usize, to: usize): u32 {
  let n: u32 = 0;
  let p = from;
  while (p < to) {
    const c: u32 = load<u8>(p);
    let more: u32 = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
    let whole = p + 1 + more <= to;
    for (let i: u32 = 1; whole && i <= more; i++) if ((load<u8>(p + i) & 0xc0) !== 0x80) whole = false;
    // RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
    if (whole && more > 1) {
      const second: u32 = load<u8>(p, 1);
      if (second < (c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80) || second > (c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf)) whole = false;
    }
    n += whole && more === 3 ? 2 : 1;
    p += whole ? 1 + more : 1;
  }
  return n;
}
