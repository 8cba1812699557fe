/** One window of one anchor: its key, and how far behind the anchor's start it lies. */
export interface KeyedEntry {
  /**
   * Four folded bytes; or three, where the fourth may be any: LOW_KEY and HIGH_KEY tell which three. Folded bytes have
   * bit 5 set, so that the three kinds never meet.
   */
  readonly key: number;
  readonly anchor: number;
  readonly offset: number;
  /** Every four folded bytes in which the window may be met: what the filter has to let through. */
  readonly spelled: readonly number[];
}

/** The key of the first three of four bytes. */
export const lowKey = (key: number): number => key & 0xffffff;
/** The key of the last three of four bytes. */
export const highKey = (key: number): number => ((key >>> 8) | 0x01000000) >>> 0;

export interface BucketTable {
  /** Pairs: key, and first entry × 256 + number of entries; open addressing, empty where the second is 0. */
  readonly slots: Uint32Array;
  readonly slotMask: number;
  /** Pairs (anchor, offset), those of one key side by side. */
  readonly entries: Int32Array;
}

const MOST_PER_KEY = 255;

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
  const slots = new Uint32Array(size * 2);
  const entries = new Int32Array(keyed.length * 2);
  const slotMask = size - 1;
  let next = 0;
  for (const [key, list] of byKey) {
    let slot = (Math.imul(key, 0x85ebca6b) >>> 7) & slotMask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & slotMask;
    if (list.length > MOST_PER_KEY) throw new RangeError('too many anchors share their rarest four bytes');
    slots.set([key, next * 256 + list.length], slot * 2);
    for (const { anchor, offset } of list) {
      entries.set([anchor, offset], next * 2);
      next++;
    }
  }
  return { slots, slotMask, entries };
};
