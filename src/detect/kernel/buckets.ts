import { type KeyPlaces, keyPlaces } from './key-places.ts';

/** One window of one anchor: its key, and how far behind the anchor's start it lies. */
export interface KeyedEntry {
  /**
   * Four folded bytes; or three, where the fourth may be any: LOW_KEY and HIGH_KEY tell which three. Folded bytes have
   * bit 5 set, so that the three kinds never meet.
   */
  readonly key: number;
  readonly anchor: number;
  readonly offset: number;
  /** What the literal says of the four bytes before the window, and of those behind it. */
  readonly before: Beside;
  readonly behind: Beside;
  /** Every four folded bytes in which the window may be met: what the filter has to let through. */
  readonly spelled: readonly number[];
}

/** Four folded bytes beside a window, and those of them that an anchor fixes. */
export interface Beside {
  readonly bytes: number;
  readonly mask: number;
}

/** The key of the first three of four bytes. */
export const lowKey = (key: number): number => key & 0xffffff;
/** The key of the last three of four bytes. */
export const highKey = (key: number): number => ((key >>> 8) | 0x01000000) >>> 0;

/** 0 for a key of four bytes, 1 for the first three, 2 for the last three: folded bytes have bit 5 set. */
export const keyKind = (key: number): 0 | 1 | 2 => (key >>> 24 === 0 ? 1 : key >>> 24 === 1 ? 2 : 0);

/** The places of the keys, and what stands there. */
export interface BucketTable extends KeyPlaces {
  /** Fours: key (0 in an empty slot), place, and the bytes beside the window with their mask. */
  readonly slots: Uint32Array;
  /** Triples (place, bytes beside the window, their mask) of the keys that several anchors share, side by side. */
  readonly entries: Uint32Array;
}

const MOST_PER_KEY = 4095;
/** Of a place: its bytes stand behind the window, not before it. */
const BEHIND = 1 << 24;
/** Of a slot's place: it names the first of several entries, not an anchor. Of an entry's: it is the last. */
const SEVERAL = 1 << 25;
const LAST = 1 << 25;

/**
 * Builds the tables that the kernel reads once for a key, without a search. Throws RangeError when too many anchors share
 * a key, or when keys were made to fall together.
 */
export const bucketTable = (keyed: readonly KeyedEntry[]): BucketTable => {
  const byKey = new Map<number, KeyedEntry[]>();
  for (const entry of keyed) {
    const list = byKey.get(entry.key);
    if (list) list.push(entry);
    else byKey.set(entry.key, [entry]);
  }
  const places = keyPlaces([...byKey.keys()]);
  const shared = [...byKey.values()].filter((list) => list.length > 1);
  const entries = new Uint32Array(shared.reduce((sum, list) => sum + list.length, 0) * 3);
  const slots = new Uint32Array(4 << (32 - places.slotShift));
  let next = 0;
  for (const [key, list] of byKey) {
    if (list.length > MOST_PER_KEY) throw new RangeError('too many anchors share their rarest four bytes');
    const slot = places.slotOf(key) * 4;
    slots[slot] = key;
    if (list.length === 1) {
      write(slots, slot + 1, placeOf(list[0]!), list[0]!);
      continue;
    }
    write(slots, slot + 1, next | SEVERAL, besideAll(list));
    list.forEach((one, i) => {
      write(entries, next * 3, placeOf(one) | (i === list.length - 1 ? LAST : 0), one);
      next++;
    });
  }
  return { ...places, slots, entries };
};

/** Offsets go from -1 to 15; anchors have 24 bits. */
const placeOf = ({ anchor, offset }: KeyedEntry): number => anchor | ((offset + 1) << 26);

type Sides = Pick<KeyedEntry, 'before' | 'behind'>;

/** Writes a place with the bytes beside it, on the side where more of them count. */
const write = (table: Uint32Array, at: number, place: number, { before, behind }: Sides): void => {
  const isBehind = bytesIn(behind.mask) >= bytesIn(before.mask);
  const { bytes, mask } = isBehind ? behind : before;
  table[at] = place | (isBehind ? BEHIND : 0);
  table[at + 1] = bytes;
  table[at + 2] = mask;
};

const bytesIn = (mask: number): number => (mask & 1) + ((mask >>> 8) & 1) + ((mask >>> 16) & 1) + (mask >>> 24 && 1);

/** The bytes beside their window in which all entries agree. */
const besideAll = (list: readonly KeyedEntry[]): Sides => ({
  before: list.map(({ before }) => before).reduce(agreed),
  behind: list.map(({ behind }) => behind).reduce(agreed),
});

const agreed = (one: Beside, other: Beside): Beside => {
  let mask = one.mask & other.mask;
  for (let shift = 0; shift < 32; shift += 8)
    if (((one.bytes ^ other.bytes) >>> shift) & 0xff) mask &= ~(0xff << shift);
  return { bytes: (one.bytes & mask) >>> 0, mask: mask >>> 0 };
};
