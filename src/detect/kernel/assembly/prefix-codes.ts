// Tables that read prefix codes (RFC 1951, 3.2.2): made anew for almost every entry of a pack, so making them has to be quick.

// A table's entries. Bits 0 to 7: bits to take, with those of a length or distance that stand behind the code. Bits 8 to 11: bits
// of the code alone. From bit 16 on: a literal, or the base of a length or distance. Without a flag it is one of the latter two.
export const LITERAL: u32 = 1 << 31;
// Anything else: what follows says what; neither means that no code begins so.
export const SPECIAL: u32 = 1 << 15;
// The code is longer. Bits 8 to 11: bits to look at next; from bit 16 on: where in the table their entries begin.
export const LONGER: u32 = 1 << 14;
export const END: u32 = 1 << 13;

// Offsets in the work area: for each use what the entry of a symbol is but for its code; and what makeTable() works with.
export const LITERAL_ENTRIES: usize = 0;
export const DISTANCE_ENTRIES: usize = LITERAL_ENTRIES + 288 * 4;
export const LENGTH_ENTRIES: usize = DISTANCE_ENTRIES + 32 * 4;
const COUNTS: usize = LENGTH_ENTRIES + 20 * 4;
const PLACES: usize = COUNTS + 16 * 4;
const USED: usize = PLACES + 16 * 4;
const SORTED: usize = USED + 320 * 2;
const REVERSED: usize = SORTED + 320 * 2; // each byte with its bits in the other order
export const CODE_WORK_BYTES: usize = REVERSED + 256;

// RFC 1951, 3.2.5: base and extra bits of the length codes 257..285 and of the distance codes 0..29.
const LENGTH_BASE: StaticArray<u16> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA: StaticArray<u8> = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE: StaticArray<u16> = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA: StaticArray<u8> = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

let work: usize = 0;

/** Gives the maker of tables CODE_WORK_BYTES bytes of its own. */
export function configureCodes(at: usize): void {
  work = at;
  for (let symbol: u32 = 0; symbol < 288; symbol++) {
    const entry = symbol < 256 ? LITERAL | (symbol << 16)
      : symbol === 256 ? SPECIAL | END
      : symbol > 285 ? SPECIAL
      : (<u32>unchecked(LENGTH_BASE[symbol - 257]) << 16) | <u32>unchecked(LENGTH_EXTRA[symbol - 257]);
    store<u32>(at + LITERAL_ENTRIES + (<usize>symbol << 2), entry);
  }
  for (let symbol: u32 = 0; symbol < 32; symbol++) {
    const entry = symbol > 29 ? SPECIAL : (<u32>unchecked(DISTANCE_BASE[symbol]) << 16) | <u32>unchecked(DISTANCE_EXTRA[symbol]);
    store<u32>(at + DISTANCE_ENTRIES + (<usize>symbol << 2), entry);
  }
  for (let byte: u32 = 0; byte < 256; byte++) {
    let other: u32 = 0;
    for (let i: u32 = 0; i < 8; i++) other |= ((byte >>> i) & 1) << (7 - i);
    store<u8>(at + REVERSED + <usize>byte, <u8>other);
  }
  for (let symbol: u32 = 0; symbol < 19; symbol++) store<u32>(at + LENGTH_ENTRIES + (<usize>symbol << 2), symbol << 16);
}

// Lists the symbols that have a code as length << 9 | symbol, and counts their lengths. Reads up to 15 lengths too many.
@inline function listUsed(lengths: usize, count: u32): usize {
  const counts = work + COUNTS;
  for (let i: usize = 0; i < 64; i += 16) v128.store(counts + i, i32x4.splat(0));
  let next = work + USED;
  for (let i: u32 = 0; i < count; i += 16) {
    let mask: u32 = i8x16.bitmask(i8x16.ne(v128.load(lengths + i), i8x16.splat(0)));
    if (i + 16 > count) mask &= (1 << (count - i)) - 1;
    for (; mask; mask &= mask - 1) {
      const symbol = i + ctz(mask);
      const length: u32 = load<u8>(lengths + symbol);
      const c = counts + (<usize>length << 2);
      store<u32>(c, load<u32>(c) + 1);
      store<u16>(next, <u16>((length << 9) | symbol));
      next += 2;
    }
  }
  return next;
}

// A code of up to 16 bits as it stands in the stream: its first bit lowest.
@inline function reversed(code: u32, length: u32): u32 {
  const bytes = work + REVERSED;
  return ((<u32>load<u8>(bytes + (code & 255)) << 8) | <u32>load<u8>(bytes + (code >>> 8))) >>> (16 - length);
}

// Makes twice what is there of a table, `size` bytes: behind it the same again. Writes up to 12 bytes too many.
@inline function double(table: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(table + size + i, v128.load(table + i));
}

/**
 * Makes a table at `table` of the `count` code lengths at `lengths` (one a byte); `entries` is one of the lists above.
 * Returns the bits that it is to be looked up by, `most` or fewer; 0 when the lengths are those of no code. As zlib does, an
 * incomplete code is accepted only when it is a single code of one bit, or none, unless it is `strict`.
 */
export function makeTable(table: usize, most: u32, lengths: usize, count: u32, entries: usize, strict: bool): u32 {
  const usedEnd = listUsed(lengths, count);
  const counts = work + COUNTS, places = work + PLACES, sorted = work + SORTED;
  let left: u32 = 1, place: u32 = 0, longest: u32 = 0;
  for (let length: u32 = 1; length < 16; length++) {
    const n = load<u32>(counts + (<usize>length << 2));
    left = left << 1;
    if (n > left) return 0;
    left -= n;
    store<u32>(places + (<usize>length << 2), place);
    place += n;
    if (n) longest = length;
  }
  if (left && (strict || longest > 1)) return 0;
  for (let at = work + USED; at < usedEnd; at += 2) {
    const used: u32 = load<u16>(at);
    const p = places + (<usize>(used >>> 9) << 2);
    const own = load<u32>(p);
    store<u32>(p, own + 1);
    store<u16>(sorted + (<usize>own << 1), <u16>(used & 511));
  }
  // The one bit of an incomplete code may be another.
  if (left) store<u64>(table, <u64>SPECIAL << 32 | SPECIAL);
  const bits = max(min(longest, most), 1);
  if (longest) fillTable(table, bits, longest, work + entries);
  return bits;
}

// Fills in a code: the table of codes of up to n bits is doubled for those of n + 1.
@inline function fillTable(table: usize, bits: u32, longest: u32, entries: usize): void {
  const counts = work + COUNTS;
  let next = work + SORTED;
  let code: u32 = 0;
  let size: usize = 4; // of the table so far
  for (let length: u32 = 1; length <= bits; length++) {
    if (length > 1) double(table, size);
    size <<= 1;
    code <<= 1;
    const stop = next + (<usize>load<u32>(counts + (<usize>length << 2)) << 1);
    for (; next < stop; next += 2) {
      store<u32>(table + (<usize>reversed(code, length) << 2), load<u32>(entries + (<usize>load<u16>(next) << 2)) + length * 0x101);
      code++;
    }
  }
  if (longest > bits) fillLonger(table, bits, longest, entries, next, code);
}

// Codes of more than `bits` bits: those that start alike have a table of their own, with all the bits that the longest has more.
function fillLonger(table: usize, bits: u32, longest: u32, entries: usize, sorted: usize, first: u32): void {
  const counts = work + COUNTS;
  const more = longest - bits;
  let next = sorted, code = first;
  let open: u32 = -1; // what the codes start with, and where their table is
  let at: u32 = 0;
  let free: u32 = 1 << bits;
  for (let length = bits + 1; length <= longest; length++) {
    code <<= 1;
    const stop = next + (<usize>load<u32>(counts + (<usize>length << 2)) << 1);
    for (; next < stop; next += 2) {
      const own = reversed(code, length);
      const start = own & ((1 << bits) - 1);
      if (start !== open) {
        open = start;
        at = free;
        free += 1 << more;
        store<u32>(table + (<usize>start << 2), (at << 16) | SPECIAL | LONGER | (more << 8) | bits);
      }
      const entry = load<u32>(entries + (<usize>load<u16>(next) << 2)) + (length - bits) * 0x101;
      for (let i = own >>> bits; i < <u32>1 << more; i += <u32>1 << (length - bits)) store<u32>(table + (<usize>(at + i) << 2), entry);
      code++;
    }
  }
}
