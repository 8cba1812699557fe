/** One window of one anchor: its four folded bytes, and how far behind the anchor's start it lies. */
export interface KeyedEntry {
  readonly key: number;
  readonly anchor: number;
  readonly offset: number;
}

export interface BucketTable {
  /** Triples (key, first entry, number of entries); open addressing, empty where the number is 0. */
  readonly slots: Uint32Array;
  readonly slotMask: number;
  /** Pairs (anchor, offset), those of one key side by side. */
  readonly entries: Int32Array;
  readonly keys: readonly number[];
}

/** Builds the hash table that the kernel's look() reads. Half of the slots at most are used. */
export const bucketTable = (keyed: readonly KeyedEntry[]): BucketTable => {
  const byKey = new Map<number, KeyedEntry[]>();
  for (const entry of keyed) {
    const list = byKey.get(entry.key);
    if (list) list.push(entry);
    else byKey.set(entry.key, [entry]);
  }
  let size = 16;
  while (size < byKey.size * 2) size *= 2;
  const slots = new Uint32Array(size * 3);
  const entries = new Int32Array(keyed.length * 2);
  const slotMask = size - 1;
  let next = 0;
  for (const [key, list] of byKey) {
    let slot = (Math.imul(key, 0x85ebca6b) >>> 7) & slotMask;
    while (slots[slot * 3 + 2] !== 0) slot = (slot + 1) & slotMask;
    slots.set([key, next, list.length], slot * 3);
    for (const { anchor, offset } of list) {
      entries.set([anchor, offset], next * 2);
      next++;
    }
  }
  return { slots, slotMask, entries, keys: [...byKey.keys()] };
};
