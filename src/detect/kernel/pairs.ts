/** More anchors than any rule set has: position and anchor fit one number. */
const ANCHORS = 2 ** 20;

/** Sorts pairs (position, anchor) by both, in place; returns them. */
export const sortPairs = (pairs: Uint32Array): Uint32Array => {
  let sorted = true;
  for (let i = 2; i < pairs.length && sorted; i += 2) {
    sorted = pairs[i]! > pairs[i - 2]! || (pairs[i] === pairs[i - 2] && pairs[i + 1]! >= pairs[i - 1]!);
  }
  if (sorted) return pairs;
  const keys = new Float64Array(pairs.length / 2);
  for (let i = 0; i < keys.length; i++) keys[i] = pairs[i * 2]! * ANCHORS + pairs[i * 2 + 1]!;
  keys.sort();
  for (let i = 0; i < keys.length; i++) {
    pairs[i * 2] = Math.floor(keys[i]! / ANCHORS);
    pairs[i * 2 + 1] = keys[i]! % ANCHORS;
  }
  return pairs;
};
