@inline function lanes(v: v128): u32 {
  return <u32>i32x4.extract_lane(v, 0) + <u32>i32x4.extract_lane(v, 1) + <u32>i32x4.extract_lane(v, 2) + <u32>i32x4.extract_lane(v, 3);
}

// The checksum of zlib streams (RFC 1950, 8.2) of `length` bytes.
export function adler(at: usize, length: u32): u32 {
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

