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
  while (p < last) {
    // Hits are gathered without a branch, since where they come can't be foreseen, and then looked at one after another.
    const stop = min<usize>(p + BLOCK, last);
    const hits = sift(collect(p, stop));
    for (let i: usize = 0; i < hits; i++) {
      look(load<u32>(hitsAt + (i << 2)));
      if (stopped) return count;
    }
    p = stop;
  }
  return count;
}

const BLOCK: usize = 256;
const hitsAt: usize = memory.data(<i32>(BLOCK * 2 + 16));

// Puts the places in [p, stop), by twos, of four bytes that may belong to an anchor to `hitsAt`. Returns how many there are.
@inline function collect(p: usize, stop: usize): usize {
  let next: usize = hitsAt;
  const whole: usize = stop > p + 7 ? stop - 7 : p;
  for (; p < whole; p += 8) {
    store<u32>(next, <u32>p);
    next += <usize>inBitmap(hash(load<u32>(p) | FOLD)) << 2;
    store<u32>(next, <u32>p + 2);
    next += <usize>inBitmap(hash(load<u32>(p, 2) | FOLD)) << 2;
    store<u32>(next, <u32>p + 4);
    next += <usize>inBitmap(hash(load<u32>(p, 4) | FOLD)) << 2;
    store<u32>(next, <u32>p + 6);
    next += <usize>inBitmap(hash(load<u32>(p, 6) | FOLD)) << 2;
  }
  for (; p < stop; p += 2) {
    store<u32>(next, <u32>p);
    next += <usize>inBitmap(hash(load<u32>(p) | FOLD)) << 2;
  }
  return (next - hitsAt) >>> 2;
}

// Keeps those of the gathered places that the bitmaps of keys know: most end here, common fours of letters that no anchor has
// with the two bytes beside them. Returns how many are left.
@inline function sift(hits: usize): usize {
  let next: usize = hitsAt;
  for (let at: usize = hitsAt, end = hitsAt + (hits << 2); at < end; at += 4) {
    const p: usize = load<u32>(at);
    const key = load<u32>(p) | FOLD;
    store<u32>(next, <u32>p);
    next += <usize>(isKey(p, key) | inKeys(KEY_LOW, key & 0xffffff) | inKeys(KEY_HIGH, key >>> 8)) << 2;
  }
  return (next - hitsAt) >>> 2;
}

@inline function isKey(p: usize, key: u32): u32 {
  return inKeys(KEY, key) | inKeys(KEY_BEFORE, besideKey(key, load<u16>(p - 2))) | inKeys(KEY_BEHIND, besideKey(key, load<u16>(p, 4)));
}

// Four bytes at p may belong to an anchor: looks up which, confirms the literal and its shape.
function look(p: usize): void {
  const key = load<u32>(p) | FOLD;
  if (isKey(p, key)) probe(p, key);
  // Windows of short literals hold one byte of any kind, at their end or at their start.
  if (inKeys(KEY_LOW, key & 0xffffff)) probe(p, key & 0xffffff);
  if (inKeys(KEY_HIGH, key >>> 8)) probe(p, (key >>> 8) | 0x01000000);
}

// The bitmaps of keys, of 16 KiB each: of windows that nothing more is known of, of those of three bytes (the first, the last), and
// of windows with the two bytes before or behind them.
const KEY: u32 = 0;
const KEY_LOW: u32 = 1;
const KEY_HIGH: u32 = 2;
const KEY_BEFORE: u32 = 3;
const KEY_BEHIND: u32 = 4;

@inline function besideKey(key: u32, beside: u32): u32 { return key ^ ((beside | 0x2020) * 0x9E3779B1); }

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
