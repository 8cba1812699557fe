const DIGIT = 16;
const VALUES = 1 << DIGIT;

/**
 * Sorts offsets without moving them: the places of the offsets, those of the lowest first. Whole numbers from 0 up to
 * 2^48. A radix sort: a million takes some ten milliseconds.
 */
export const rankOffsets = (offsets: Float64Array): Uint32Array => {
  const count = offsets.length;
  let order = new Uint32Array(count);
  let other = new Uint32Array(count);
  let most = 0;
  for (let i = 0; i < count; i++) {
    order[i] = i;
    if (offsets[i]! > most) most = offsets[i]!;
  }
  const starts = new Uint32Array(VALUES + 1);
  for (let divisor = 1; divisor <= most; divisor *= VALUES) {
    const digitOf = (i: number) => Math.floor(offsets[i]! / divisor) % VALUES;
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[digitOf(i) + 1]!++;
    for (let value = 0; value < VALUES; value++) starts[value + 1]! += starts[value]!;
    for (let k = 0; k < count; k++) {
      const i = order[k]!;
      other[starts[digitOf(i)]!++] = i;
    }
    [order, other] = [other, order];
  }
  return order;
};
