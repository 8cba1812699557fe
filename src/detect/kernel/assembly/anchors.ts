// The byte loops of the detector. Compiled to WebAssembly by scripts/generate.mjs; kernel.ts beside this folder loads it.
//
// Anchors are found by four case-folded bytes at every second position, in steps over a short stretch of the input: a Bloom
// filter, a bitmap for each kind of key, one slot of a table with the bytes beside; each step leaves a list of places for
// the next, and takes no branch for what it drops (one that can't be foreseen costs as much as a whole look-up). The exact
// literal and a cheap shape test of what follows are then confirmed here, so that only candidates worth a regex cross into
// JavaScript.

import { assignment, configureTests, isPartOfWord, near, run, until } from './anchor-tests';

const FOLD: u32 = 0x20202020;
const CASE: u8 = 0x20;

// Where the first two tables of every image stand (kernel/image.ts).
const FILTER: usize = 4096;
const KEYS: usize = FILTER + 131072 + 16;
// Table addresses, set once by configure().
let factors: usize = 0;
let groupShift: u32 = 0;
let slots: usize = 0;
let slotShift: u32 = 0;
let entries: usize = 0;
let anchors: usize = 0;
let out: usize = 0;
let outCapacity: u32 = 0;
// Lists between the steps: offsets of u16, then pairs of an address and a key or place; and how offsets are packed.
let hits: usize = 0;
let pairs: usize = 0;
let packing: usize = 0;

// State of one scan.
let count: u32 = 0;
let resume: u32 = 0;
let stopped: bool = false;
let input: usize = 0;
let zoneFrom: u32 = 0;
let zoneTo: u32 = 0;
let dataEnd: u32 = 0;

// Bytes that go through all steps before the next ones do.
const CHUNK: usize = 1024;

export function configure(factorsAt: usize, shiftOfGroup: u32, slotsAt: usize, shiftOfSlot: u32, entriesAt: usize, anchorsAt: usize, classesAt: usize, outAt: usize, capacity: u32, workAt: usize): void {
  factors = factorsAt; groupShift = shiftOfGroup; slots = slotsAt; slotShift = shiftOfSlot;
  entries = entriesAt; anchors = anchorsAt;
  configureTests(classesAt);
  out = outAt; outCapacity = capacity;
  // kernel.ts gives 20 KiB: 256 sets; an offset for every second byte of a chunk; three pairs for each of them. What is
  // written and not kept may reach 16 bytes further.
  packing = workAt;
  hits = packing + 256 * 16;
  pairs = hits + CHUNK + 64;
  for (let set: u32 = 0; set < 256; set++) fillPacking(set);
}

// The offsets of the places that a set of eight stands for, in ascending order: four at 0, 4, 8, 12, then four at 2, 6, 10, 14.
function fillPacking(set: u32): void {
  let to = packing + <usize>(set << 4);
  for (let offset: u32 = 0; offset < 16; offset += 2) {
    const bit = (offset & 2) << 1 | offset >>> 2;
    if (!(set >>> bit & 1)) continue;
    store<u16>(to, <u16>offset);
    to += 2;
  }
}

export function grow(pages: i32): i32 { return memory.grow(pages); }
export function resumeAt(): u32 { return resume; }

// Finds the anchors that start in [from, to) of the bytes [0, end) at `at`. Writes (position, anchor) pairs of u32 and
// returns their number; when the buffer fills, resumeAt() says where to go on (else it is `to`): pairs at or behind it
// are found again.
export function scan(at: usize, from: u32, to: u32, end: u32): u32 {
  count = 0; stopped = false; input = at; zoneFrom = from; zoneTo = to; dataEnd = end; resume = to;
  // Windows of an anchor lie at offsets -1..15 from its start, so the search begins one byte early and ends 15 late.
  let p: usize = at + <usize>((from === 0 ? 0 : from - 1) & ~1);
  const last: usize = at + <usize>min<u32>(to + 15, end);
  for (; p < last && !stopped; p += CHUNK) {
    const passed = filtered(p, min<usize>(p + CHUNK, last));
    if (passed > hits) confirmAll(matched(keyed(p, passed)));
  }
  return count;
}

// Notes which places in [p, stop) have four bytes that pass the filter, as u16 offsets from p; returns the end of the list.
// It may look up to 15 bytes too far: confirm() drops what does not belong to the zone.
function filtered(p: usize, stop: usize): usize {
  let next = hits;
  const packed = packing;
  const folded = i32x4.splat(FOLD);
  let offset = i16x8.splat(0);
  for (; p < stop; p += 16) {
    const passed: u32 = passing(v128.or(v128.load(p), folded)) | passing(v128.or(v128.load(p, 2), folded)) << 4;
    v128.store(next, i16x8.add(offset, v128.load(packed + <usize>(passed << 4))));
    next += <usize>(popcnt(passed) << 1);
    offset = i16x8.add(offset, i16x8.splat(16));
  }
  return next;
}

// Which of four keys pass. Each has four bytes of the filter, and a bit in each of these: a blocked Bloom filter.
@inline function passing(fours: v128): u32 {
  const at = i32x4.shr_u(i32x4.mul(fours, i32x4.splat(0x9E3779B1)), 15);
  let found = v128.load32_zero(<usize>i32x4.extract_lane(at, 0), FILTER);
  found = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 1), found, 1, FILTER);
  found = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 2), found, 2, FILTER);
  found = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 3), found, 3, FILTER);
  const bits = v128.and(i32x4.shr_u(i32x4.mul(fours, i32x4.splat(0x85EBCA6B)), 5), i32x4.splat(0x07070707));
  const wanted = i8x16.swizzle(i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0), bits);
  return i32x4.bitmask(i32x4.eq(v128.and(found, wanted), wanted));
}

// Which kinds of key may stand at the places that passed: pairs (place, key).
function keyed(from: usize, stop: usize): usize {
  let next = pairs;
  for (let hit = hits; hit < stop; hit += 2) {
    const p = <u32>from + <u32>load<u16>(hit);
    const key = load<u32>(<usize>p) | FOLD;
    next = noted(p, key, inKeys(0, key), next);
    // Windows of short literals hold one byte of any kind, at their end or at their start.
    next = noted(p, key & 0xffffff, inKeys(1, key & 0xffffff), next);
    next = noted(p, key >>> 8 | 0x01000000, inKeys(2, key >>> 8), next);
  }
  return next;
}

// Writes a pair, and keeps it when `kept` is 1 and not 0.
@inline function noted(p: u32, what: u32, kept: u32, next: usize): usize {
  store<u64>(next, <u64>p | <u64>what << 32);
  return next + <usize>(kept << 3);
}

// Three bitmaps of 16 KiB, one for each kind of key: most windows that pass the filter by chance end here.
@inline function inKeys(kind: u32, key: u32): u32 {
  const h = key * 0x85EBCA6B;
  return load<u32>(<usize>((h >>> 20) << 2) + <usize>(kind << 14), KEYS) >>> (h >>> 15) & 1;
}

// Of a slot: several anchors share the key, and it names the first of their entries. Of an entry: it is the last of a key.
const SEVERAL: u32 = 1 << 25;
const LAST: u32 = 1 << 25;

// Keeps the keys that an anchor has, with the right bytes beside: pairs (place of the window, what the slot says).
function matched(stop: usize): usize {
  let next = pairs;
  for (let pair = pairs; pair < stop; pair += 8) {
    const p = load<u32>(pair), key = load<u32>(pair, 4);
    const factor = load<u32>(factors + <usize>((key * 0x85EBCA6B) >>> groupShift << 2));
    const slot = slots + <usize>((key * factor) >>> slotShift << 4);
    const place = load<u32>(slot, 4);
    const differs = (key ^ load<u32>(slot)) | beside(<usize>p, place, load<u32>(slot, 8), load<u32>(slot, 12));
    next = noted(p, place, <u32>(differs === 0), next);
  }
  return next;
}

// 0 when the four bytes behind the window at p, or before it, are those wanted. Bit 24 of `place` says on which side.
@inline function beside(p: usize, place: u32, bytes: u32, mask: u32): u32 {
  return ((load<u32>(p - 4 + <usize>(place >>> 21 & 8)) | FOLD) ^ bytes) & mask;
}

function confirmAll(stop: usize): void {
  for (let pair = pairs; pair < stop && !stopped; pair += 8) {
    const p: usize = load<u32>(pair);
    const place = load<u32>(pair, 4);
    if (place & SEVERAL) confirmEach(p, entries + <usize>(place & 0xffffff) * 12);
    else confirm(p, place);
  }
}

function confirmEach(p: usize, first: usize): void {
  for (let e = first; ; e += 12) {
    const place = load<u32>(e);
    if (beside(p, place, load<u32>(e, 4), load<u32>(e, 8)) === 0) confirm(p, place);
    if (place & LAST) return;
  }
}

// Compares with a literal whose letters are small when its case does not count.
@inline function isLiteral(s: usize, literal: usize, length: u32, nocase: u32): bool {
  const caseBits = i8x16.splat(nocase ? CASE : 0);
  let left = length;
  for (; left > 16; left -= 16, s += 16, literal += 16) if (unlike(s, literal, caseBits)) return false;
  return (unlike(s, literal, caseBits) & ((1 << left) - 1)) === 0;
}

// Which of 16 bytes differ; capitals are made small when `caseBits` are set.
@inline function unlike(s: usize, literal: usize, caseBits: v128): u32 {
  const v = v128.load(s);
  const capital = i8x16.lt_u(i8x16.sub(v, i8x16.splat(65)), i8x16.splat(26));
  return i8x16.bitmask(i8x16.ne(v128.or(v, v128.and(capital, caseBits)), v128.load(literal)));
}

// Does the anchor that `place` names stand there? Its window is at p. Notes it when it passes its test.
function confirm(p: usize, place: u32): void {
  const start: i32 = <i32>(p - input) - <i32>(place >>> 26) + 1;
  if (start < <i32>zoneFrom || start >= <i32>zoneTo) return;
  const anchor = place & 0xffffff;
  const a = anchors + (<usize>anchor << 5);
  const length: u32 = load<u16>(a, 4);
  if (<u32>start + length > dataEnd) return;
  const s: usize = input + <usize>start;
  const test: u32 = load<u32>(a, 8);
  // A context word that goes on from a letter, unless a capital begins it, is part of another word.
  if (test === 2 && s > input && isPartOfWord(load<u8>(s - 1), load<u8>(s))) return;
  if (!isLiteral(s, load<u32>(a), length, load<u16>(a, 6) & 1)) return;
  const after: usize = s + length;
  const end: usize = input + <usize>dataEnd;
  if (test === 1) {
    if (!run(after, end, load<u64>(a, 24), load<u16>(a, 16))) return;
  } else if (test === 2) {
    if (!near(after, end, load<u64>(a, 24), load<u16>(a, 16), load<u16>(a, 18))) return;
  } else if (test === 3) {
    if (!assignment(input, s, after, end)) return;
  } else if (test === 4) {
    if (!until(after, end, load<u64>(a, 24), load<u16>(a, 16), load<u16>(a, 18), load<u8>(a, 20))) return;
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
