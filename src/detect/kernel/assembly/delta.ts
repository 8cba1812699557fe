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

// Where the module's static data ends: what the drivers put into memory has to lie behind it.
export function staticsEnd(): u32 { return <u32>__heap_base; }

// Where the seven bytes that a copy may have as arguments stand behind its first one: 8 bytes for each set of them.
const ARGUMENTS: usize = memory.data(128 * 8, 16);
let isReady = false;

function makeReady(): void {
  for (let set: u32 = 0; set < 128; set++) {
    let from: u8 = 0;
    // A byte that is not there is taken from beyond the 16, which gives 0.
    for (let i: u32 = 0; i < 8; i++) store<u8>(ARGUMENTS + <usize>((set << 3) | i), (set >>> i) & 1 ? from++ : 0x80);
  }
  isReady = true;
}

// Copies `size` bytes, and up to 63 more, which are written again or lie in the margin: most copies are short, and how short
// can't be foreseen. A call of the engine is worth its while for long ones only.
@inline function copy(to: usize, from: usize, size: u32): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
  if (size <= 64) return;
  if (size > 512) { memory.copy(to, from, size); return; }
  for (let i: u32 = 64; i < size; i += 32) {
    v128.store(to + i, v128.load(from + i));
    v128.store(to + i, v128.load(from + i, 16), 16);
  }
}

// Applies a delta (gitformat-pack, "Deltified representation") and notes the copied runs at `runs`: triples (place in the
// result, place in the base, length), neighbours in both joined, ascending in the result. All three stretches have 64 bytes of
// margin behind them, of which 16 behind the result get zeros.
// Returns the number of runs; DAMAGED when the delta does not fit base and result; CROWDED when there are more runs than
// `most`: the result is whole all the same.
export function applyDelta(base: usize, baseLength: u32, delta: usize, deltaLength: u32, out: usize, outLength: u32, runs: usize, most: u32): i32 {
  if (!isReady) makeReady();
  const end = delta + deltaLength;
  let p = delta;
  for (let field = 0; field < 2; field++) {
    while (p < end && load<u8>(p) & 0x80) p++;
    p++;
  }
  let at: u32 = 0;
  let last = runs - 12; // the last run
  const lastPlace = runs + <usize>most * 12 - 12;
  let runEnd: u32 = 0; // where the last run ends, in the result and in the base
  let baseEnd: u32 = 0;
  let crowded = false;
  while (p < end) {
    const op: u32 = load<u8>(p++);
    if (op & 0x80) {
      // Arguments that the end of the delta cuts are read from the bytes behind it; the check below refuses them.
      const fields = i8x16.swizzle(v128.load(p), v128.load64_zero(ARGUMENTS + (<usize>(op & 0x7f) << 3)));
      const from = <u32>i32x4.extract_lane(fields, 0);
      let size = <u32>i32x4.extract_lane(fields, 1);
      p += popcnt(op & 0x7f);
      if (size === 0) size = 0x10000;
      if (p > end || <u64>from + size > baseLength || <u64>at + size > outLength) return DAMAGED;
      copy(out + at, base + from, size);
      if (runEnd === at && baseEnd === from && last >= runs) {
        store<u32>(last, load<u32>(last, 8) + size, 8);
      } else if (last === lastPlace) {
        crowded = true;
      } else {
        last += 12;
        store<u32>(last, at); store<u32>(last, from, 4); store<u32>(last, size, 8);
      }
      at += size;
      runEnd = at;
      baseEnd = from + size;
    } else {
      if (op === 0 || p + op > end || <u64>at + op > outLength) return DAMAGED;
      copy(out + at, p, op);
      at += op;
      p += op;
    }
  }
  v128.store(out + outLength, i32x4.splat(0));
  if (at !== outLength) return DAMAGED;
  return crowded ? CROWDED : <i32>((last + 12 - runs) / 12);
}
