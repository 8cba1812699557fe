// Walks tree objects (git-mktree(1): entries `mode SP name NUL id`, the id in 20 bytes) that lie in memory.

const DAMAGED: i32 = -1;
const CROWDED: i32 = -2;
/** The longest mode that git writes, and its blank. */
const MODE: usize = 7;

// Octal digits and the blank behind them, six (of files) or five (of trees), as they stand in the first eight bytes.
const SIX_MASK: u64 = 0x00fff8f8f8f8f8f8;
const SIX_DIGITS: u64 = 0x0020303030303030;
const FIVE_MASK: u64 = 0x0000fff8f8f8f8f8;
const FIVE_DIGITS: u64 = 0x0000203030303030;

// Which of the 16 bytes at `p` are NULs, a bit each.
@inline function zerosAt(p: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0)));
}

// The place of the NUL behind a name, or `end`. Reads up to 16 bytes behind `end`.
function nameEnd(from: usize, end: usize): usize {
  for (let p = from; p < end; p += 16) {
    const zeros = zerosAt(p);
    if (zeros) return min<usize>(p + <usize>ctz(zeros), end);
  }
  return end;
}

// The same for the entry at `p`, whose mode may be any; 0 when it has none.
function anyNameEnd(p: usize, end: usize): usize {
  let blank = p;
  while (blank < end && blank < p + MODE && load<u8>(blank) !== 32) blank++;
  return blank >= end || load<u8>(blank) !== 32 ? 0 : nameEnd(blank + 1, end);
}

// Lists the entries of the tree [at, at + length) that are trees themselves, or whose id may be wanted: bit (first four
// bytes of the id & mask) of the filter at `filter`. Writes pairs to `out`: offset of the entry, offset of the NUL behind its
// name. Returns their number; DAMAGED when the bytes are no tree; CROWDED when there are more than `most`. The tree has 64
// bytes of margin.
export function treeEntries(at: usize, length: u32, filter: usize, mask: u32, out: usize, most: u32): i32 {
  const end = at + length;
  const outEnd = out + <usize>most * 8;
  let p = at;
  let next = out;
  while (p < end) {
    const head = load<u64>(p);
    // Names are short: the NUL is looked for in 32 bytes at once, from the seventh on, where the shortest of names have it.
    const zeros = zerosAt(p + 6) | (zerosAt(p + 22) << 16);
    let zero = p + 6 + <usize>ctz(zeros);
    const isUsual = (head & SIX_MASK) === SIX_DIGITS || (head & FIVE_MASK) === FIVE_DIGITS;
    if (!isUsual || !zeros) {
      zero = anyNameEnd(p, end);
      if (!zero) return DAMAGED;
    }
    if (zero + 21 > end) return DAMAGED;
    const key = load<u32>(zero, 1) & mask;
    const isTree = <u32>((head & 0xff) === 52); // '4': 40000
    const isWanted = isTree | (<u32>(load<u8>(filter + <usize>(key >>> 3)) >>> <u8>(key & 7)) & 1);
    if (next === outEnd) {
      if (isWanted) return CROWDED;
    } else {
      // Written in any case, and kept when it is wanted: which it is can't be foreseen.
      store<u32>(next, <u32>(p - at));
      store<u32>(next, <u32>(zero - at), 4);
      next += <usize>(isWanted << 3);
    }
    p = zero + 21;
  }
  return <i32>((next - out) >>> 3);
}
