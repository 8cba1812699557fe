// Inflates zlib streams (RFC 1950, RFC 1951) from memory to memory. Entries of packs are small: making tables counts as much as
// reading by them.
import { adler } from './adler';
import { CODE_WORK_BYTES, configureCodes, DISTANCE_ENTRIES, END, LENGTH_ENTRIES, LITERAL, LITERAL_ENTRIES, LONGER, makeTable, SPECIAL } from './prefix-codes';

// Most bits that tables are looked up by. Four literals and the look at what follows fit the 56 bits that a refill leaves, as do
// a length (20 bits at most) and a distance (28).
const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
const CODE_LENGTH_BITS: u32 = 7;

// Bytes of a table: those for longer codes are at most half as many as codes, as each has two at least.
const LITERAL_TABLE: usize = ((1 << LITERAL_BITS) + 144 * (1 << (15 - LITERAL_BITS))) * 4 + 64;
const DISTANCE_TABLE: usize = ((1 << DISTANCE_BITS) + 16 * (1 << (15 - DISTANCE_BITS))) * 4 + 64;

// Offsets in the work area. Tables of literals and lengths are each followed by those of distances.
const TABLES: usize = (CODE_WORK_BYTES + 63) & ~63;
const FIXED_TABLES: usize = TABLES + LITERAL_TABLE + DISTANCE_TABLE; // of the fixed codes: made once
const CODE_LENGTHS: usize = FIXED_TABLES + LITERAL_TABLE + DISTANCE_TABLE; // table of the codes that code lengths are written in
const LENGTHS: usize = CODE_LENGTHS + 128 * 4 + 64;
// For each distance below 16: which of the last bytes come next, 16 of them, and, behind all of these, how many are whole repeats.
const PATTERNS: usize = LENGTHS + 512;
export const WORK_BYTES: u32 = <u32>PATTERNS + 512;

const FIXED_LITERAL_BITS: u32 = 9;
const FIXED_DISTANCE_BITS: u32 = 5;
const CODE_LENGTH_ORDER: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
// So many bytes behind the end of the input may be taken before it is asked whether it has ended. What is read in between, a
// block's head at most, stays within the margin of 64.
const SLACK: usize = 16;

let work: usize = 0;

// State of the stream: bits that were read, how many (the lowest 8 bits of `held`), and where the next are.
let buffer: u64 = 0;
let held: u32 = 0;
let input: usize = 0;
let inputLimit: usize = 0;

// What the tables of a dynamic block are looked up by.
let codeLengthMask: u32 = 0;
let literalBits: u32 = 0;
let distanceBits: u32 = 0;

// Gives the inflater WORK_BYTES bytes of its own.
export function configureInflate(at: usize): void {
  work = at;
  configureCodes(at);
  const lengths = at + LENGTHS;
  for (let i: u32 = 0; i < 288; i++) store<u8>(lengths + i, <u8>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  makeTable(at + FIXED_TABLES, FIXED_LITERAL_BITS, lengths, 288, LITERAL_ENTRIES, true);
  for (let i: u32 = 0; i < 32; i++) store<u8>(lengths + i, 5);
  makeTable(at + FIXED_TABLES + LITERAL_TABLE, FIXED_DISTANCE_BITS, lengths, 32, DISTANCE_ENTRIES, true);
  for (let distance: u32 = 1; distance < 16; distance++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(at + PATTERNS + <usize>((distance << 4) | i), <u8>(i % distance));
    store<u8>(at + PATTERNS + <usize>(distance << 4), <u8>(16 - 16 % distance), 256);
  }
}

export function inflateWork(): u32 { return WORK_BYTES; }

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

// Reads `total` code lengths to `lengths`, by the table that is made for them. The state is in locals here, which is faster.
function readLengths(lengths: usize, total: u32): bool {
  const table = work + CODE_LENGTHS, mask = codeLengthMask, limit = inputLimit;
  let bits = buffer, count = held, at = input;
  let i: u32 = 0;
  while (i < total) {
    if (at > limit) return false;
    bits |= load<u64>(at) << <u64>count;
    at += (63 - count) >>> 3;
    count |= 56;
    const entry = load<u32>(table + (<usize>(<u32>bits & mask) << 2));
    bits >>>= <u64>entry; count -= entry & 15;
    const symbol = entry >>> 16;
    if (symbol < 16) { store<u8>(lengths + i, <u8>symbol); i++; continue; }
    // Extra bits of the codes 16 to 18.
    const extra: u32 = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
    if (symbol === 16 && i === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(lengths + i - 1) : 0;
    const repeat: u32 = (symbol === 18 ? 11 : 3) + (<u32>bits & ((1 << extra) - 1));
    bits >>>= <u64>extra; count -= extra;
    if (i + repeat > total) return false;
    // Up to 15 too many are written: they are written again, or lie behind the last.
    const many = i8x16.splat(value);
    for (let k: u32 = 0; k < repeat; k += 16) v128.store(lengths + i + k, many);
    i += repeat;
  }
  buffer = bits; held = count; input = at;
  return true;
}

// Reads the tables of a dynamic block (RFC 1951, 3.2.7).
function readTables(): bool {
  refill();
  const literals = take(5) + 257, distances = take(5) + 1, codes = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  const lengths = work + LENGTHS;
  v128.store(lengths, i32x4.splat(0));
  v128.store(lengths, i32x4.splat(0), 16);
  for (let i: u32 = 0; i < codes; i++) {
    if (held < 3) refill();
    store<u8>(lengths + unchecked(CODE_LENGTH_ORDER[i]), <u8>take(3));
  }
  const codeLengthBits = makeTable(work + CODE_LENGTHS, CODE_LENGTH_BITS, lengths, 19, LENGTH_ENTRIES, true);
  if (!codeLengthBits) return false;
  codeLengthMask = (1 << codeLengthBits) - 1;
  if (!readLengths(lengths, literals + distances)) return false;
  if (load<u8>(lengths + 256) === 0) return false;
  literalBits = makeTable(work + TABLES, LITERAL_BITS, lengths, literals, LITERAL_ENTRIES, false);
  if (!literalBits) return false;
  distanceBits = makeTable(work + TABLES + LITERAL_TABLE, DISTANCE_BITS, lengths + literals, distances, DISTANCE_ENTRIES, false);
  return distanceBits !== 0;
}

// Repeats what stands `distance` bytes before `to` until `stop`. Up to 31 bytes too many are written, which are written again or
// lie in the margin behind the room.
@inline function repeatBytes(to: usize, stop: usize, distance: u32): void {
  const from = to - distance;
  if (distance >= 16) {
    // Few are longer than 32, and which can't be foreseen.
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    for (let i = to + 32; i < stop; i += 16) v128.store(i, v128.load(i - distance));
    return;
  }
  const pattern = work + PATTERNS + (<usize>distance << 4);
  const bytes = i8x16.swizzle(v128.load(from), v128.load(pattern));
  // Whole repeats only, so that each store begins with the first byte.
  const step: usize = load<u8>(pattern, 256);
  for (let i = to; i < stop; i += step) v128.store(i, bytes);
}

// The entry of a code that is longer than the table's lookup: `entry` says where the codes go on, and its bits are taken.
@inline function longer(table: usize, entry: u32, bits: u64): u32 {
  return load<u32>(table + (<usize>((entry >>> 16) + (<u32>bits & ((1 << ((entry >>> 8) & 15)) - 1))) << 2));
}

// What a length or distance is: its base, and what its extra bits add, which stand behind its code.
@inline function valueOf(entry: u32, bits: u64): u32 {
  return (entry >>> 16) + (<u32>(bits & ((<u64>1 << <u64>entry) - 1)) >>> ((entry >>> 8) & 15));
}

// Decodes a block's codes to `to`; returns where it ends, or 0 when the block is damaged or longer than the room.
// The state is in locals here, and only the lowest 8 bits of `count` count: an entry is subtracted as it is. Up to four literals
// are written before it is asked whether there is room, which the margin has.
function decode(tables: usize, literalBits: u32, distanceBits: u32, start: usize, to: usize, end: usize): usize {
  let bits = buffer, count = held, at = input, out = to;
  const literalMask = (<u32>1 << literalBits) - 1, distanceMask = (<u32>1 << distanceBits) - 1;
  bits |= load<u64>(at) << <u64>count;
  at += 7 - ((count >>> 3) & 7);
  count |= 56;
  let entry = literalAt(tables, bits, literalMask);
  while (true) {
    if (entry & LITERAL) {
      store<u8>(out, <u8>(entry >>> 16));
      bits >>>= <u64>entry; count -= entry;
      entry = literalAt(tables, bits, literalMask);
      if (entry & LITERAL) {
        store<u8>(out, <u8>(entry >>> 16), 1);
        bits >>>= <u64>entry; count -= entry;
        entry = literalAt(tables, bits, literalMask);
        if (entry & LITERAL) {
          store<u8>(out, <u8>(entry >>> 16), 2);
          bits >>>= <u64>entry; count -= entry;
          entry = literalAt(tables, bits, literalMask);
          if (entry & LITERAL) {
            store<u8>(out, <u8>(entry >>> 16), 3);
            bits >>>= <u64>entry; count -= entry;
            out += 4;
            if (out > end) return 0;
            if (at > inputLimit) return 0;
            bits |= load<u64>(at) << <u64>count;
            at += 7 - ((count >>> 3) & 7);
            count |= 56;
            entry = literalAt(tables, bits, literalMask);
            continue;
          }
          out += 3;
        } else out += 2;
      } else out++;
    }
    bits |= load<u64>(at) << <u64>count;
    at += 7 - ((count >>> 3) & 7);
    count |= 56;
    if (entry & SPECIAL) {
      if (entry & LONGER) {
        bits >>>= <u64>entry; count -= entry;
        entry = longer(tables, entry & 0x1fffffff, bits);
        if (entry & LITERAL) {
          store<u8>(out, <u8>(entry >>> 16));
          out++;
          bits >>>= <u64>entry; count -= entry;
          if (out > end) return 0;
          if (at > inputLimit) return 0;
          bits |= load<u64>(at) << <u64>count;
          at += 7 - ((count >>> 3) & 7);
          count |= 56;
          entry = literalAt(tables, bits, literalMask);
          continue;
        }
      }
      if (entry & SPECIAL) {
        if (!(entry & END) || out > end) return 0;
        buffer = bits >>> <u64>entry;
        held = (count - entry) & 63;
        input = at;
        return out;
      }
    }
    const length = valueOf(entry, bits);
    bits >>>= <u64>entry; count -= entry;
    entry = load<u32>(tables + (<usize>(<u32>bits & distanceMask) << 2), LITERAL_TABLE);
    if (entry & SPECIAL) {
      if (!(entry & LONGER)) return 0;
      bits >>>= <u64>entry; count -= entry;
      entry = longer(tables + LITERAL_TABLE, entry, bits);
      if (entry & SPECIAL) return 0;
    }
    const distance = valueOf(entry, bits);
    bits >>>= <u64>entry; count -= entry;
    const stop = out + length;
    if (out - start < distance) return 0;
    if (stop > end) return 0;
    if (at > inputLimit) return 0;
    bits |= load<u64>(at) << <u64>count;
    at += 7 - ((count >>> 3) & 7);
    count |= 56;
    entry = literalAt(tables, bits, literalMask);
    repeatBytes(out, stop, distance);
    out = stop;
  }
}

@inline function literalAt(tables: usize, bits: u64, mask: u32): u32 {
  return load<u32>(tables + (<usize>(<u32>bits & mask) << 2));
}

// Copies a stored block (RFC 1951, 3.2.4); returns where it ends, or 0 when the input or the room does.
function copyStored(to: usize, end: usize, inputEnd: usize): usize {
  // Whole bytes that were read ahead are given back.
  input -= held >>> 3;
  buffer = 0; held = 0;
  if (input + 4 > inputEnd) return 0;
  const n: u32 = load<u16>(input);
  const from = input + 4;
  if ((n ^ 0xffff) !== <u32>load<u16>(input, 2) || from + n > inputEnd || to + n > end) return 0;
  // Most are a few bytes, for which a call of the engine takes too long. Up to 15 too many go to the margin.
  if (n > 512) memory.copy(to, from, n);
  else for (let i: u32 = 0; i < n; i += 16) v128.store(to + i, v128.load(from + i));
  input = from + n;
  return to + n;
}

// Inflates the stream [at, at + length) to [out, out + size); both have 64 bytes of margin, of which 16 behind the output get
// zeros. The stream has to end with exactly these bytes and their checksum; what follows it is left alone. False when it does not.
export function inflate(at: usize, length: u32, out: usize, size: u32): bool {
  if (length < 6) return false;
  const head: u32 = (<u32>load<u8>(at) << 8) | <u32>load<u8>(at, 1);
  if ((head & 0x0f00) !== 0x0800 || (head >>> 12) > 7 || head % 31 !== 0 || head & 0x20) return false;
  const inputEnd = at + length;
  const end = out + size;
  buffer = 0; held = 0; input = at + 2; inputLimit = inputEnd + SLACK;
  let to = out;
  let last: u32 = 0;
  while (!last) {
    if (input > inputLimit) return false;
    refill();
    last = take(1);
    const type = take(2);
    if (type === 0) {
      take(held & 7);
      to = copyStored(to, end, inputEnd);
    } else if (type === 1) {
      to = decode(work + FIXED_TABLES, FIXED_LITERAL_BITS, FIXED_DISTANCE_BITS, out, to, end);
    } else if (type === 2) {
      if (!readTables()) return false;
      to = decode(work + TABLES, literalBits, distanceBits, out, to, end);
    } else return false;
    if (to === 0) return false;
  }
  take(held & 7);
  input -= held >>> 3;
  v128.store(end, i32x4.splat(0));
  if (to !== end || input + 4 > inputEnd) return false;
  return bswap<u32>(load<u32>(input)) === adler(out, size);
}
