// Walks tree objects (git-mktree(1): entries `mode SP name NUL id`, the id in 20 bytes) that lie in memory.

/** The longest mode that git writes, and its blank. */
const MODE: usize = 7;

// Octal digits and the blank behind them, six (of files) or five (of trees), as they stand in the first eight bytes.
const SIX_MASK: u64 = 0x00fff8f8f8f8f8f8;
const SIX_DIGITS: u64 = 0x0020303030303030;
const FIVE_MASK: u64 = 0x0000fff8f8f8f8f8;
const FIVE_DIGITS: u64 = 0x0000203030303030;

// Does an entry begin with one of the modes that git writes?
@inline export function isUsualHead(head: u64): bool { return (head & SIX_MASK) === SIX_DIGITS || (head & FIVE_MASK) === FIVE_DIGITS; }

// Which of the 16 bytes at `p` are NULs, a bit each.
@inline export function zerosAt(p: usize): u32 {
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
export function anyNameEnd(p: usize, end: usize): usize {
  let blank = p;
  while (blank < end && blank < p + MODE && load<u8>(blank) !== 32) blank++;
  return blank >= end || load<u8>(blank) !== 32 ? 0 : nameEnd(blank + 1, end);
}
