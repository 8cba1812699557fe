/** As in matched() of assembly/anchors.ts. */
const GROUP_HASH = 0x85ebca6b;
/** Keys of a group that are wished for: few enough for a factor to be found soon. */
const PER_GROUP = 4;
/** The share of slots that may be taken. */
const FULL = 0.94;
const MOST_FACTORS = 1 << 14;
const MOST_DOUBLINGS = 4;

/** Where each of a fixed set of keys stands in a table of slots. */
export interface KeyPlaces {
  /** A factor for each group of keys, under which each of them falls on a slot of its own. */
  readonly factors: Uint32Array;
  /** Bits by which the hash of a key is shifted to give its group. */
  readonly groupShift: number;
  /** Bits by which key × factor is shifted to give the slot: there are 2 to the power of what is left of 32. */
  readonly slotShift: number;
  slotOf(key: number): number;
}

/**
 * Gives each key a slot of its own, so that one look tells whether a key is known. Keys are distinct and of 32 bits. Throws
 * RangeError when they were made to fall together.
 */
export const keyPlaces = (keys: readonly number[]): KeyPlaces => {
  let bits = 4;
  while (keys.length > FULL * (1 << bits)) bits++;
  for (let doubled = 0; doubled <= MOST_DOUBLINGS; doubled++) {
    const places = tryPlaces(keys, bits + doubled);
    if (places) return places;
  }
  throw new RangeError('the rarest four bytes of anchors fall together');
};

const tryPlaces = (keys: readonly number[], bits: number): KeyPlaces | undefined => {
  const groupBits = Math.max(1, bits - Math.log2(PER_GROUP));
  const groupShift = 32 - groupBits;
  const slotShift = 32 - bits;
  const groups: number[][] = Array.from({ length: 1 << groupBits }, () => []);
  const groupOf = (key: number) => Math.imul(key, GROUP_HASH) >>> groupShift;
  for (const key of keys) groups[groupOf(key)]!.push(key);
  const factors = new Uint32Array(groups.length);
  const taken = new Uint8Array(1 << bits);
  // Large groups first, while there is room for them.
  const order = groups.map((_, group) => group).sort((a, b) => groups[b]!.length - groups[a]!.length || a - b);
  for (const group of order) {
    const factor = factorFor(groups[group]!, slotShift, taken);
    if (factor === undefined) return;
    factors[group] = factor;
  }
  return { factors, groupShift, slotShift, slotOf: (key) => Math.imul(key, factors[groupOf(key)]!) >>> slotShift };
};

/** Tries factors until the keys fall on free slots, and takes these. */
const factorFor = (keys: readonly number[], slotShift: number, taken: Uint8Array): number | undefined => {
  for (let n = 0; n < MOST_FACTORS; n++) {
    const factor = (Math.imul(n, 0x9e3779b2) + 0x9e3779b1) >>> 0;
    const slotOf = (key: number) => Math.imul(key, factor) >>> slotShift;
    let placed = 0;
    for (; placed < keys.length && !taken[slotOf(keys[placed]!)]; placed++) taken[slotOf(keys[placed]!)] = 1;
    if (placed === keys.length) return factor;
    while (placed > 0) taken[slotOf(keys[--placed]!)] = 0;
  }
  return;
};
