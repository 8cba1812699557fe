// Lines and columns.

// Number of line feeds in [from, to).
export function newlines(from: usize, to: usize): u32 {
  let n: u32 = 0;
  let p = from;
  const lf = i8x16.splat(10);
  while (p + 16 <= to) { n += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(p), lf))); p += 16; }
  for (; p < to; p++) if (load<u8>(p) === 10) n++;
  return n;
}

// Number of UTF-16 code units that the UTF-8 bytes [from, to) decode to; an invalid byte counts as one.
export function utf16Units(from: usize, to: usize): u32 {
  let n: u32 = 0;
  let p = from;
  while (p < to) {
    const c: u32 = load<u8>(p);
    let more: u32 = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
    let whole = p + 1 + more <= to;
    for (let i: u32 = 1; whole && i <= more; i++) if ((load<u8>(p + i) & 0xc0) !== 0x80) whole = false;
    // RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
    if (whole && more > 1) {
      const second: u32 = load<u8>(p, 1);
      if (second < (c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80) || second > (c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf)) whole = false;
    }
    n += whole && more === 3 ? 2 : 1;
    p += whole ? 1 + more : 1;
  }
  return n;
}
