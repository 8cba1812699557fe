// Applies deltas as git's packs hold them to a base in memory.

// Reasons why applyDelta() fails.
const DAMAGED: i32 = -1;
const CROWDED: i32 = -2;

// Size of the base (`which` 0) or of the result (1) that a delta names in its header; -1 when the header is cut or the
// number is beyond 2^31.
export function deltaSize(delta: usize, length: u32, which: u32): i32 {
  let p = delta;
  const end = delta + length;
  let value: u64 = 0;
  for (let field: u32 = 0; field <= which; field++) {
    value = 0;
    let shift: u64 = 0;
    let c: u32 = 0x80;
    while (c & 0x80) {
      if (p >= end || shift > 28) return -1;
      c = load<u8>(p++);
      value |= <u64>(c & 0x7f) << shift;
      shift += 7;
    }
  }
  return value > 0x7fffffff ? -1 : <i32>value;
}

// Applies a delta (gitformat-pack, "Deltified representation") and notes the copied runs at `runs`: triples (place in the
// result, place in the base, length), neighbours in both joined, ascending in the result.
// Returns the number of runs; DAMAGED when the delta does not fit base and result; CROWDED when there are more runs than
// `most`: the result is whole all the same.
export function applyDelta(base: usize, baseLength: u32, delta: usize, deltaLength: u32, out: usize, outLength: u32, runs: usize, most: u32): i32 {
  const end = delta + deltaLength;
  let p = delta;
  for (let field = 0; field < 2; field++) {
    while (p < end && load<u8>(p) & 0x80) p++;
    p++;
  }
  let at: u32 = 0;
  let count: u32 = 0;
  let runEnd: u32 = 0; // where the last run ends, in the result and in the base
  let baseEnd: u32 = 0;
  let crowded = false;
  while (p < end) {
    const op: u32 = load<u8>(p++);
    if (op & 0x80) {
      let from: u32 = 0, size: u32 = 0;
      // Arguments that the end of the delta cuts are read from the bytes behind it; the check below refuses them.
      if (op & 1) from = load<u8>(p++);
      if (op & 2) from |= <u32>load<u8>(p++) << 8;
      if (op & 4) from |= <u32>load<u8>(p++) << 16;
      if (op & 8) from |= <u32>load<u8>(p++) << 24;
      if (op & 16) size = load<u8>(p++);
      if (op & 32) size |= <u32>load<u8>(p++) << 8;
      if (op & 64) size |= <u32>load<u8>(p++) << 16;
      if (size === 0) size = 0x10000;
      if (p > end || <u64>from + size > baseLength || <u64>at + size > outLength) return DAMAGED;
      memory.copy(out + at, base + from, size);
      if (count > 0 && runEnd === at && baseEnd === from) {
        const last = runs + <usize>(count - 1) * 12;
        store<u32>(last, load<u32>(last, 8) + size, 8);
      } else if (count === most) {
        crowded = true;
      } else {
        const next = runs + <usize>count * 12;
        store<u32>(next, at); store<u32>(next, from, 4); store<u32>(next, size, 8);
        count++;
      }
      at += size;
      runEnd = at;
      baseEnd = from + size;
    } else {
      if (op === 0 || p + op > end || <u64>at + op > outLength) return DAMAGED;
      memory.copy(out + at, p, op);
      at += op;
      p += op;
    }
  }
  if (at !== outLength) return DAMAGED;
  return crowded ? CROWDED : <i32>count;
}
