// Walks tree objects (git-mktree(1): entries `mode SP name NUL id`, the id in 20 bytes) that lie in memory.

const DAMAGED: i32 = -1;
const CROWDED: i32 = -2;
/** The longest mode that git writes, and its blank. */
const MODE: usize = 7;

// The place of the NUL behind a name, or `end`. Reads up to 16 bytes behind `end`.
@inline function nameEnd(from: usize, end: usize): usize {
  for (let p = from; p < end; p += 16) {
    const zeros = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0)));
    if (zeros) return min<usize>(p + <usize>ctz<i32>(zeros), end);
  }
  return end;
}

// Lists the entries of the tree [at, at + length) that are trees themselves, or whose id may be wanted: bit (first four
// bytes of the id & mask) of the filter at `filter`. Writes pairs to `out`: offset of the entry, offset of the NUL behind its
// name. Returns their number; DAMAGED when the bytes are no tree; CROWDED when there are more than `most`.
export function treeEntries(at: usize, length: u32, filter: usize, mask: u32, out: usize, most: u32): i32 {
  const end = at + length;
  let p = at;
  let count: u32 = 0;
  while (p < end) {
    let blank = p;
    while (blank < end && blank < p + MODE && load<u8>(blank) !== 32) blank++;
    if (blank >= end || load<u8>(blank) !== 32) return DAMAGED;
    const zero = nameEnd(blank + 1, end);
    const next = zero + 21;
    if (next > end) return DAMAGED;
    const key = load<u32>(zero, 1) & mask;
    const isTree = load<u8>(p) === 52; // '4': 40000
    if (isTree || (load<u8>(filter + <usize>(key >>> 3)) >>> <u8>(key & 7)) & 1) {
      if (count === most) return CROWDED;
      store<u32>(out + <usize>count * 8, <u32>(p - at));
      store<u32>(out + <usize>count * 8, <u32>(zero - at), 4);
      count++;
    }
    p = next;
  }
  return <i32>count;
}
