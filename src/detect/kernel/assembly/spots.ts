// Runs of encoded text, and escapes.

let count: u32 = 0;
let resume: u32 = 0;
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

// Classes of bytes by their halves: a byte is of those whose bit both of its halves have. Five for the alphabets of base64
// (2x, 3x, 4x and 6x, 5x, 7x), one each for the first bytes of escapes (1b, 25, 5c).
const LETTERS: i8 = 0x1f;
const MARKS: i8 = <i8>0xe0;
@inline function classesOf(v: v128): v128 {
  const nibble = i8x16.splat(15);
  const low = i8x16.swizzle(i8x16(26, 30, 30, 30, 30, 94, 30, 30, 30, 30, 28, 37, -124, 5, 4, 13), v128.and(v, nibble));
  const high = i8x16.swizzle(i8x16(0, 32, 65, 2, 4, -120, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0), v128.and(i16x8.shr_u(v, 4), nibble));
  return v128.and(low, high);
}
@inline function isAllLetters(classes: v128): bool { return i8x16.all_true(v128.and(classes, i8x16.splat(LETTERS))); }

// Finds, starting in [from, to): runs of 32 and more base64 or hex characters whose first bytes decode to text, gzip or
// UTF-16, and escapes (terminal colours, %XX, \uXXXX, \xXX). Writes (position, length, kind) triples; spotsResumeAt() says
// where to go on when the buffer is full (else it is `to`).
export function findSpots(at: usize, from: u32, to: u32, end: u32): u32 {
  count = 0; resume = to;
  const stop: usize = at + <usize>end;
  const first: usize = at + <usize>from;
  const zoneEnd: usize = at + <usize>to;
  // A run that begins before `to` has a whole block that begins less than 15 bytes behind it.
  const last: usize = min<usize>(zoneEnd + 15, stop);
  let runEnd: usize = 0;
  for (let p = first; p < last; p += 16) {
    const classes = classesOf(v128.load(p));
    if (v128.any_true(v128.and(classes, i8x16.splat(MARKS)))) {
      if (count + 20 > spotCapacity) return stopAt(p, at, from);
      addEscapes(classes, p, at, zoneEnd, stop);
    }
    if (!isAllLetters(classes) || p < runEnd) continue;
    // A whole block of the alphabet: every run of 31 and more has one. Widen it to the run.
    runEnd = endOfRun(p + 16, stop);
    if (p === first && from > 0 && isBase64(p - 1)) continue;
    const start = p === first ? p : startOfRun(p);
    if (start >= zoneEnd || runEnd < start + 32) continue;
    const kind = encodedText(start);
    if (!kind) continue;
    if (count + 20 > spotCapacity) return stopAt(p, at, from);
    spot(<u32>(start - at), <u32>(runEnd - start), kind);
  }
  return count;
}

function stopAt(p: usize, at: usize, from: u32): u32 {
  resume = max<u32>(from, <u32>max<isize>(<isize>(p - at) - 32, 0));
  return count;
}

// The escapes among the marks of the block at p, before zoneEnd.
function addEscapes(classes: v128, p: usize, at: usize, zoneEnd: usize, stop: usize): void {
  let marks: u32 = i8x16.bitmask(i8x16.ne(v128.and(classes, i8x16.splat(MARKS)), i8x16.splat(0)));
  for (; marks; marks &= marks - 1) {
    const q = p + <usize>ctz(marks);
    if (q >= zoneEnd) return;
    const kind = escapeAt(q, stop);
    if (kind) spot(<u32>(q - at), 0, kind);
  }
}

// Which of the 16 bytes at p are not of the alphabets.
@inline function othersAt(p: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.and(classesOf(v128.load(p)), i8x16.splat(LETTERS)), i8x16.splat(0)));
}

// Where the run begins that goes on in the block at p: in the block before, which is not whole.
@inline function startOfRun(p: usize): usize { return p + 16 - <usize>clz(othersAt(p - 16)); }

// Where the run ends whose characters stand up to p.
function endOfRun(p: usize, stop: usize): usize {
  for (; p < stop; p += 16) {
    const others = othersAt(p);
    if (others) return min<usize>(p + <usize>ctz(others), stop);
  }
  return stop;
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

export function spotsResumeAt(): u32 { return resume; }
