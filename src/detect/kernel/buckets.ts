/** One window of one anchor: its key, and how far behind the anchor's start it lies. */
export interface KeyedEntry {
  /**
   * Four folded bytes; or three, where the fourth may be any: LOW_KEY and HIGH_KEY tell which three. Folded bytes have
   * bit 5 set, so that the three kinds never meet.
   */
  readonly key: number;
  readonly anchor: number;
  readonly offset: number;
  /** Four folded bytes beside the window, those of them that count, and on which side they stand. */
  readonly beside: Beside;
  /** Every four folded bytes in which the window may be met: what the filter has to let through. */
  readonly spelled: readonly number[];
}

/** Bytes beside a window that an anchor fixes too. */
export interface Beside {
  readonly bytes: number;
  readonly mask: number;
  readonly behind: boolean;
}

/** The key of the first three of four bytes. */
export const lowKey = (key: number): number => key & 0xffffff;
/** The key of the last three of four bytes. */
export const highKey = (key: number): number => ((key >>> 8) | 0x01000000) >>> 0;

/** 0 for a key of four bytes, 1 for the first three, 2 for the last three: folded bytes have bit 5 set. */
export const keyKind = (key: number): 0 | 1 | 2 => (key >>> 24 === 0 ? 1 : key >>> 24 === 1 ? 2 : 0);

export interface BucketTable {
  /** Pairs: key, and first entry × 4096 + number of entries; open addressing, empty where the second is 0. */
  readonly slots: Uint32Array;
  readonly slotMask: number;
  /** Triples (anchor, side and offset in one; bytes beside the window; their mask), those of one key side by side. */
  readonly entries: Uint32Array;
}

const MOST_PER_KEY = 4095;

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
  const entries = new Uint32Array(keyed.length * 3);
  const slotMask = size - 1;
  let next = 0;
  for (const [key, list] of byKey) {
    let slot = (Math.imul(key, 0x85ebca6b) >>> 7) & slotMask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & slotMask;
    if (list.length > MOST_PER_KEY) throw new RangeError('too many anchors share their rarest four bytes');
    slots.set([key, next * 4096 + list.length], slot * 2);
    for (const { anchor, offset, beside } of list) {
      // Offsets go from -1 to 15; anchors have 24 bits.
      const place = (anchor | (beside.behind ? 1 << 24 : 0) | ((offset + 1) << 26)) >>> 0;
      entries.set([place, beside.bytes, beside.mask], next * 3);
      next++;
    }
  }
  return { slots, slotMask, entries };
};
