// The byte loops of the detector. Compiled to WebAssembly by scripts/generate.mjs; kernel.ts beside this folder loads it.
//
// Anchors are found by the hash of four case-folded bytes at every second position, looked up in a Bloom filter that fits
// the first-level cache; the exact literal and a cheap shape test of what follows are then confirmed here, so that only
// candidates worth a regex cross into JavaScript.

import { assignment, configureTests, fold, isPartOfWord, near, run, until } from './anchor-tests';

const FOLD: u32 = 0x20202020;

// Table addresses, set once by configure().
let bitmap: usize = 0;
let keys: usize = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
let entries: usize = 0;
let anchors: usize = 0;
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
  bitmap = bitmapAt; keys = keysAt; slots = slotsAt; slotMask = mask; entries = entriesAt; anchors = anchorsAt;
  configureTests(classesAt);
  out = outAt; outCapacity = capacity;
}

export function grow(pages: i32): i32 { return memory.grow(pages); }
export function resumeAt(): u32 { return resume; }

@inline function hash(x: u32): u32 { return x * 0x9E3779B1; }
// Two bits of one word: a blocked Bloom filter.
@inline function inBitmap(h: u32): u32 { const w = load<u32>(bitmap + <usize>((h >>> 17) << 2)); return (w >>> (h >>> 13)) & (w >>> (h >>> 8)) & 1; }

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
