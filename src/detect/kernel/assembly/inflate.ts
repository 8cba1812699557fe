// Inflates zlib streams (RFC 1950, RFC 1951) from memory to memory. Entries of packs are small: what counts is how soon the
// first byte comes out, so the tables are small too, and codes that are too long for them are read bit by bit.

const LITERAL_BITS: u32 = 10;
const DISTANCE_BITS: u32 = 8;
const MOST_LENGTHS: u32 = 320;

// A table's entries: bits of the code (4), kind (4), extra bits (8), base (16); 0 where the code is longer than the table.
const KIND_LITERAL: u32 = 0;
const KIND_LENGTH: u32 = 1 << 4;
const KIND_END: u32 = 2 << 4;
const KIND_BAD: u32 = 3 << 4;

// Offsets in the work area.
const FIXED_LITERALS: usize = 0;                               // tables of the fixed codes: made once
const FIXED_DISTANCES: usize = FIXED_LITERALS + 4096 + 2048;   // each table is followed by its counts and symbols
const LITERALS: usize = FIXED_DISTANCES + 1024 + 512;
const DISTANCES: usize = LITERALS + 4096 + 2048;
const CODE_LENGTHS: usize = DISTANCES + 1024 + 512;            // table of the codes that code lengths are written in
const LENGTHS: usize = CODE_LENGTHS + 1024 + 512;
const NEXT_CODE: usize = LENGTHS + 512;
export const WORK_BYTES: u32 = <u32>NEXT_CODE + 256;

let work: usize = 0;

// RFC 1951, 3.2.5: base and extra bits of the length codes 257..285 and of the distance codes 0..29.
const LENGTH_BASE: StaticArray<u16> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA: StaticArray<u8> = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE: StaticArray<u16> = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA: StaticArray<u8> = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_LENGTH_ORDER: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const FOR_LITERALS: u32 = 0;
const FOR_DISTANCES: u32 = 1;
const FOR_LENGTHS: u32 = 2;

function entryOf(symbol: u32, use: u32): u32 {
  if (use === FOR_LENGTHS) return symbol << 16;
  if (use === FOR_DISTANCES) {
    if (symbol > 29) return KIND_BAD;
    return (<u32>unchecked(DISTANCE_BASE[symbol]) << 16) | (<u32>unchecked(DISTANCE_EXTRA[symbol]) << 8);
  }
  if (symbol < 256) return KIND_LITERAL | (symbol << 16);
  if (symbol === 256) return KIND_END;
  if (symbol > 285) return KIND_BAD;
  return KIND_LENGTH | (<u32>unchecked(LENGTH_BASE[symbol - 257]) << 16) | (<u32>unchecked(LENGTH_EXTRA[symbol - 257]) << 8);
}

@inline function reversed(code: u32, bits: u32): u32 {
  let c = ((code & 0x5555) << 1) | ((code >>> 1) & 0x5555);
  c = ((c & 0x3333) << 2) | ((c >>> 2) & 0x3333);
  c = ((c & 0x0f0f) << 4) | ((c >>> 4) & 0x0f0f);
  c = ((c & 0x00ff) << 8) | ((c >>> 8) & 0x00ff);
  return c >>> (16 - bits);
}

// Makes a table of 2^bits entries at `table` from `count` code lengths; behind it counts by length (16 × u32) and symbols by
// code (u16). False when the lengths are those of no code. As zlib does, an incomplete code is accepted only when it has a
// single code of one bit.
function makeTable(table: usize, bits: u32, lengths: usize, count: u32, use: u32): bool {
  const counts = table + (<usize>4 << bits);
  const symbols = counts + 64;
  memory.fill(counts, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const c = counts + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(c, load<u32>(c) + 1);
  }
  store<u32>(counts, 0);
  let left: i32 = 1;
  let code: u32 = 0;
  let longest: u32 = 0;
  let first: u32 = 0;
  const next = work + NEXT_CODE; // next code of each length, and where its symbols go
  for (let length: u32 = 1; length < 16; length++) {
    const n = load<u32>(counts + (<usize>length << 2));
    left = (left << 1) - <i32>n;
    if (left < 0) return false;
    store<u32>(next + (<usize>length << 3), code);
    store<u32>(next + (<usize>length << 3), first, 4);
    code = (code + n) << 1;
    first += n;
    if (n) longest = length;
  }
  memory.fill(table, 0, <usize>4 << bits);
  if (left > 0 && (use === FOR_LENGTHS || longest > 1)) return false;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length === 0) continue;
    const n = next + (<usize>length << 3);
    const own = load<u32>(n);
    const place = load<u32>(n, 4);
    store<u32>(n, own + 1);
    store<u32>(n, place + 1, 4);
    store<u16>(symbols + (<usize>place << 1), <u16>symbol);
    if (length > bits) continue;
    const entry = entryOf(symbol, use) | length;
    for (let at = reversed(own, length); at < <u32>1 << bits; at += <u32>1 << length) store<u32>(table + (<usize>at << 2), entry);
  }
  return true;
}

// Reads a code bit by bit; an entry with its bits, or KIND_BAD. The code has 15 bits at most.
function longCode(table: usize, bits: u32, buffer: u64, use: u32): u32 {
  const counts = table + (<usize>4 << bits);
  const symbols = counts + 64;
  let code: u32 = 0, first: u32 = 0, index: u32 = 0;
  for (let length: u32 = 1; length < 16; length++) {
    code |= <u32>(buffer >>> (length - 1)) & 1;
    const count = load<u32>(counts + (<usize>length << 2));
    if (code < first + count) return entryOf(load<u16>(symbols + (<usize>(index + code - first) << 1)), use) | length;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return KIND_BAD;
}

// Gives the inflater WORK_BYTES bytes of its own.
export function configureInflate(at: usize): void {
  work = at;
  const lengths = work + LENGTHS;
  for (let i: u32 = 0; i < 288; i++) store<u8>(lengths + i, <u8>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  makeTable(work + FIXED_LITERALS, LITERAL_BITS, lengths, 288, FOR_LITERALS);
  for (let i: u32 = 0; i < 32; i++) store<u8>(lengths + i, 5);
  makeTable(work + FIXED_DISTANCES, DISTANCE_BITS, lengths, 32, FOR_DISTANCES);
}

export function inflateWork(): u32 { return WORK_BYTES; }

// State of the stream.
let buffer: u64 = 0;
let held: u32 = 0; // valid bits of the buffer
let input: usize = 0;

// After it at least 56 bits are there; those behind the end of the input are whatever stands there, and found out at the end.
@inline function refill(): void {
  buffer |= load<u64>(input) << <u64>held;
  input += (63 - held) >>> 3;
  held |= 56;
}
@inline function take(bits: u32): u32 {
  const value = <u32>(buffer & ((<u64>1 << <u64>bits) - 1));
  buffer >>>= <u64>bits;
  held -= bits;
  return value;
}

// Reads the tables of a dynamic block (RFC 1951, 3.2.7).
function readTables(): bool {
  refill();
  const literals = take(5) + 257, distances = take(5) + 1, codes = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  const lengths = work + LENGTHS;
  memory.fill(lengths, 0, 19);
  for (let i: u32 = 0; i < codes; i++) {
    if (held < 3) refill();
    store<u8>(lengths + unchecked(CODE_LENGTH_ORDER[i]), <u8>take(3));
  }
  const table = work + CODE_LENGTHS;
  if (!makeTable(table, DISTANCE_BITS, lengths, 19, FOR_LENGTHS)) return false;
  const total = literals + distances;
  for (let i: u32 = 0; i < total; ) {
    refill();
    const entry = load<u32>(table + (<usize>(<u32>buffer & ((1 << DISTANCE_BITS) - 1)) << 2));
    if (entry === 0) return false;
    take(entry & 15);
    const symbol = entry >>> 16;
    if (symbol < 16) { store<u8>(lengths + i, <u8>symbol); i++; continue; }
    if (symbol === 16 && i === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(lengths + i - 1) : 0;
    const repeat = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (i + repeat > total) return false;
    memory.fill(lengths + i, value, repeat);
    i += repeat;
  }
  if (load<u8>(lengths + 256) === 0) return false;
  return makeTable(work + LITERALS, LITERAL_BITS, lengths, literals, FOR_LITERALS)
    && makeTable(work + DISTANCES, DISTANCE_BITS, lengths + literals, distances, FOR_DISTANCES);
}

// Decodes a block's codes to `out`; returns where it ends, or 0 when the block is damaged or longer than the room.
function codes(literals: usize, distances: usize, start: usize, out: usize, end: usize, inputEnd: usize): usize {
  while (input <= inputEnd + 16) {
    refill();
    let entry = load<u32>(literals + (<usize>(<u32>buffer & ((1 << LITERAL_BITS) - 1)) << 2));
    if (entry === 0) entry = longCode(literals, LITERAL_BITS, buffer, FOR_LITERALS);
    take(entry & 15);
    const kind = entry & 0xf0;
    if (kind === KIND_LITERAL) {
      if (out >= end) return 0;
      store<u8>(out++, <u8>(entry >>> 16));
      // Two more fit what the buffer still holds.
      entry = load<u32>(literals + (<usize>(<u32>buffer & ((1 << LITERAL_BITS) - 1)) << 2));
      if (entry !== 0 && (entry & 0xf0) === KIND_LITERAL && out < end) {
        take(entry & 15);
        store<u8>(out++, <u8>(entry >>> 16));
      }
      continue;
    }
    if (kind === KIND_END) return out;
    if (kind === KIND_BAD) return 0;
    const length: usize = <usize>(entry >>> 16) + take((entry >>> 8) & 0xff);
    let far = load<u32>(distances + (<usize>(<u32>buffer & ((1 << DISTANCE_BITS) - 1)) << 2));
    if (far === 0) far = longCode(distances, DISTANCE_BITS, buffer, FOR_DISTANCES);
    if ((far & 0xf0) === KIND_BAD) return 0;
    take(far & 15);
    // A length takes 20 bits at most, a distance's code 15, so that 13 more are still there of 56.
    const distance: usize = <usize>(far >>> 16) + take((far >>> 8) & 0xff);
    if (out - start < distance || end - out < length) return 0;
    let from = out - distance;
    const stop = out + length;
    if (distance >= 8) {
      // Up to 7 bytes too many: they are written again, or lie in the margin behind the room.
      for (; out < stop; out += 8, from += 8) store<u64>(out, load<u64>(from));
      out = stop;
    } else {
      while (out < stop) store<u8>(out++, load<u8>(from++));
    }
  }
  return 0;
}

@inline function lanes(v: v128): u32 {
  return <u32>i32x4.extract_lane(v, 0) + <u32>i32x4.extract_lane(v, 1) + <u32>i32x4.extract_lane(v, 2) + <u32>i32x4.extract_lane(v, 3);
}

// RFC 1950, 8.2.
function adler(at: usize, length: u32): u32 {
  let a: u32 = 1, b: u32 = 0;
  let p = at;
  const end = at + length;
  const weights = i16x8(16, 15, 14, 13, 12, 11, 10, 9), lower = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (p < end) {
    // As many as leave the sums below 2^32.
    const stop = min<usize>(p + 5536, end);
    let sums = i32x4.splat(0), befores = i32x4.splat(0), weighted = i32x4.splat(0);
    let blocks: u32 = 0;
    for (; p + 16 <= stop; p += 16) {
      const v = v128.load(p);
      befores = i32x4.add(befores, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v)));
      weighted = i32x4.add(weighted, i32x4.add(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(v), weights), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(v), lower)));
      blocks++;
    }
    // Each block of 16 adds 16 times the sum before it, and each of its bytes as often as bytes are left.
    b = (b + ((a * blocks) << 4) % 65521 + ((lanes(befores) % 65521) << 4) + lanes(weighted)) % 65521;
    a = (a + lanes(sums)) % 65521;
    for (; p < stop; p++) { a += load<u8>(p); b += a; }
    a %= 65521;
    b %= 65521;
  }
  return (b << 16) | a;
}

// Inflates the stream [at, at + length) to [out, out + size); both have 64 bytes of margin, of which those behind the output
// get zeros. The stream has to end with exactly
// these bytes and their checksum; what follows it is left alone. False when it does not.
export function inflate(at: usize, length: u32, out: usize, size: u32): bool {
  if (length < 6) return false;
  const head: u32 = (<u32>load<u8>(at) << 8) | <u32>load<u8>(at, 1);
  if ((head & 0x0f00) !== 0x0800 || (head >>> 12) > 7 || head % 31 !== 0 || head & 0x20) return false;
  const inputEnd = at + length;
  const end = out + size;
  buffer = 0; held = 0; input = at + 2;
  let to = out;
  let last: u32 = 0;
  while (!last) {
    if (input > inputEnd + 16) return false;
    refill();
    last = take(1);
    const type = take(2);
    if (type === 0) {
      take(held & 7);
      // Whole bytes that were read ahead are given back.
      input -= held >>> 3;
      buffer = 0; held = 0;
      if (input + 4 > inputEnd) return false;
      const n: u32 = load<u16>(input);
      if ((n ^ 0xffff) !== <u32>load<u16>(input, 2) || input + 4 + n > inputEnd || to + n > end) return false;
      memory.copy(to, input + 4, n);
      input += 4 + n;
      to += n;
    } else if (type === 1) {
      to = codes(work + FIXED_LITERALS, work + FIXED_DISTANCES, out, to, end, inputEnd);
    } else if (type === 2) {
      if (!readTables()) return false;
      to = codes(work + LITERALS, work + DISTANCES, out, to, end, inputEnd);
    } else return false;
    if (to === 0) return false;
  }
  take(held & 7);
  input -= held >>> 3;
  memory.fill(end, 0, 16);
  if (to !== end || input + 4 > inputEnd) return false;
  return bswap<u32>(load<u32>(input)) === adler(out, size);
}
