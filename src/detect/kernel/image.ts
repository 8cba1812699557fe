import { bitsOfLiteral } from '../form/rarity.ts';
import { type Beside, bucketTable, highKey, type KeyedEntry, keyKind, lowKey } from './buckets.ts';
import { COMMON_FOURS, PAIR_RARITY } from './gram-table.ts';

/** What must follow an anchor before its candidate is worth a regex; tested by the kernel. */
export type AnchorTest =
  | { readonly type: 'none' }
  /** At least `min` bytes of `set` directly after the literal. */
  | { readonly type: 'run'; readonly set: string; readonly min: number }
  /** A run of at least `min` bytes of `set` that begins within `reach` bytes on the same line. */
  | { readonly type: 'near'; readonly set: string; readonly min: number; readonly reach: number }
  /** `byte` stands behind `min` to `reach` bytes of `set`, which does not hold it. */
  | {
      readonly type: 'until';
      readonly set: string;
      readonly min: number;
      readonly reach: number;
      readonly byte: number;
    }
  /** A name that is given a value: `…literal… = value`. */
  | { readonly type: 'assignment' };

/** A literal the kernel looks for. `set` strings have 256 characters, '1' where the byte belongs. */
export interface KernelAnchor {
  /** Latin-1 text of 3 to 255 bytes; lower case when `nocase`. */
  readonly literal: string;
  readonly nocase: boolean;
  readonly test: AnchorTest;
  /** True when a match starts with the literal and must not be glued to a word before it. */
  readonly startsToken?: boolean;
}

/** Tables as they stand in WebAssembly memory at IMAGE_AT, with their absolute addresses. */
export interface KernelImage {
  readonly bytes: Uint8Array;
  readonly factors: number;
  readonly groupShift: number;
  readonly slots: number;
  readonly slotShift: number;
  readonly entries: number;
  readonly anchors: number;
  readonly classes: number;
  readonly alphabet: number;
}

/** Where the image is placed in the kernel's memory. */
export const IMAGE_AT = 4096;
/** The first two tables stand where assembly/anchors.ts knows them. Blocks of the filter begin at any of 2^17 places. */
const FILTER_BYTES = (1 << 17) + 16;
/** A bitmap for each kind of key: of four bytes, of the first three, of the last three. */
const KEY_BITMAP_BYTES = 16384;
/** One anchor's record; assembly/anchors.ts reads it. */
export const ANCHOR_BYTES = 32;
const MOST_CLASSES = 64;
export const TESTS = { none: 0, run: 1, near: 2, assignment: 3, until: 4 } as const;

const setOf = (accept: (byte: number) => boolean): string =>
  Array.from({ length: 256 }, (_, byte) => (accept(byte) ? '1' : '0')).join('');
const among = (characters: string) => setOf((byte) => characters.includes(String.fromCharCode(byte)));

const NAME = setOf((byte) => /[A-Za-z0-9_\-.$]/.test(String.fromCharCode(byte)));
const VALUE = setOf((byte) => byte > 32 && byte !== 127 && !`"'\``.includes(String.fromCharCode(byte)));
/** The classes that assembly/anchor-tests.ts names by bit, in bit order. */
const FIXED_CLASSES = [
  among(' \t'),
  NAME,
  among('"\'`)]}\\>'),
  among('=:>(,'),
  VALUE,
  among('"\'`'),
  among('0123456789'),
  among('\r\n'),
  among('*{[&!@'),
];

/** Gives out the 64 class bits; when they run out, a class that contains the wanted one stands in. */
const createClasses = (anchors: readonly KernelAnchor[]) => {
  const sets = [...FIXED_CLASSES];
  const contains = (outer: string, inner: string) => [...inner].every((c, byte) => c === '0' || outer[byte] === '1');
  const bitOf = (set: string): number | undefined => {
    const known = sets.indexOf(set);
    if (known >= 0) return known;
    if (sets.length < MOST_CLASSES) return sets.push(set) - 1;
    const stand = sets.findIndex((outer) => contains(outer, set));
    return stand < 0 ? undefined : stand;
  };
  for (const set of byUse(anchors)) bitOf(set);
  const table = () => {
    const words = new BigUint64Array(256);
    sets.forEach((set, bit) => {
      for (let byte = 0; byte < 256; byte++) if (set[byte] === '1') words[byte]! |= 1n << BigInt(bit);
    });
    return words;
  };
  return { bitOf, table };
};

/** The sets of the anchors' tests, the most useful first: those of the literals that are met most often. */
const byUse = (anchors: readonly KernelAnchor[]): string[] => {
  const uses = new Map<string, number>();
  for (const { test, literal, nocase } of anchors) {
    if ('set' in test) uses.set(test.set, (uses.get(test.set) ?? 0) + 2 ** -bitsOfLiteral(literal, nocase));
  }
  return [...uses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([set]) => set);
};

/** base64 and base64url values by byte, 0xff for every other byte. */
const base64Alphabet = (): Uint8Array => {
  const table = new Uint8Array(256).fill(0xff);
  const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  for (let value = 0; value < symbols.length; value++) table[symbols.charCodeAt(value)] = value;
  for (const [symbol, value] of [
    ['+', 62],
    ['-', 62],
    ['/', 63],
    ['_', 63],
  ] as const)
    table[symbol.charCodeAt(0)] = value;
  return table;
};

/**
 * Lays out the kernel's tables for a list of anchors. An anchor's index in the list is its number in the candidates.
 * Throws RangeError for a literal shorter than 3 or longer than 255 bytes.
 */
export const buildImage = (anchors: readonly KernelAnchor[]): KernelImage => {
  const keyed: KeyedEntry[] = [];
  const windowsOf = createWindows();
  anchors.forEach((anchor, index) => {
    if (anchor.literal.length < 3 || anchor.literal.length > 255) {
      throw new RangeError(`an anchor has 3 to 255 bytes: ${JSON.stringify(anchor.literal)}`);
    }
    keyed.push(...windowsOf(anchor, index));
  });
  const { factors, groupShift, slots, slotShift, entries } = bucketTable(keyed);
  const literalBytes = anchors.reduce((sum, { literal }) => sum + literal.length, 0);
  const at = layout({
    filter: FILTER_BYTES,
    keys: 3 * KEY_BITMAP_BYTES,
    factors: factors.byteLength,
    slots: slots.byteLength,
    entries: entries.byteLength,
    anchors: anchors.length * ANCHOR_BYTES,
    classes: 2048,
    alphabet: 256,
    literals: literalBytes,
  });
  const bytes = new Uint8Array(at.end - IMAGE_AT);
  const place = (address: number, view: ArrayBufferView) =>
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), address - IMAGE_AT);

  const filter = bytes.subarray(at.filter - IMAGE_AT);
  for (const key of keyed.flatMap(({ spelled }) => spelled)) {
    // A bit in each of four bytes that stand together (a blocked Bloom filter): one load in the kernel, and few false alarms.
    const block = Math.imul(key, 0x9e3779b1) >>> 15;
    const bits = Math.imul(key, 0x85ebca6b) >>> 5;
    for (let byte = 0; byte < 4; byte++) filter[block + byte]! |= 1 << ((bits >>> (byte * 8)) & 7);
  }
  const known = new Uint32Array(bytes.buffer, at.keys - IMAGE_AT, (3 * KEY_BITMAP_BYTES) / 4);
  for (const { key } of keyed) {
    const kind = keyKind(key);
    const hash = Math.imul(kind === 2 ? key & 0xffffff : key, 0x85ebca6b);
    known[(kind * KEY_BITMAP_BYTES) / 4 + (hash >>> 20)]! |= 1 << (hash >>> 15);
  }
  place(at.factors, factors);
  place(at.slots, slots);
  place(at.entries, entries);
  const classes = createClasses(anchors);
  const records = new DataView(bytes.buffer, at.anchors - IMAGE_AT, anchors.length * ANCHOR_BYTES);
  let literalAt = at.literals;
  anchors.forEach((anchor, index) => {
    writeAnchor(records, index * ANCHOR_BYTES, anchor, literalAt, classes.bitOf);
    for (let i = 0; i < anchor.literal.length; i++) bytes[literalAt - IMAGE_AT + i] = anchor.literal.charCodeAt(i);
    literalAt += anchor.literal.length;
  });
  place(at.classes, classes.table());
  place(at.alphabet, base64Alphabet());
  return { bytes, groupShift, slotShift, ...at };
};

const layout = <K extends string>(sizes: Record<K, number>): Record<K | 'end', number> => {
  const at = {} as Record<K | 'end', number>;
  let next = IMAGE_AT;
  for (const [name, size] of Object.entries(sizes) as [K, number][]) {
    at[name] = next;
    next = (next + size + 15) & ~15;
  }
  at.end = next as Record<K | 'end', number>['end'];
  return at;
};

const writeAnchor = (
  view: DataView,
  at: number,
  { literal, nocase, test }: KernelAnchor,
  literalAt: number,
  bitOf: (set: string) => number | undefined,
): void => {
  const bit = 'set' in test ? bitOf(test.set) : 0;
  view.setUint32(at, literalAt, true);
  view.setUint16(at + 4, literal.length, true);
  view.setUint16(at + 6, nocase ? 1 : 0, true);
  view.setUint32(at + 8, bit === undefined ? TESTS.none : TESTS[test.type], true);
  view.setBigUint64(at + 24, bit === undefined ? 0n : 1n << BigInt(bit), true);
  view.setUint16(at + 16, 'min' in test ? Math.min(test.min, 0xffff) : 0, true);
  view.setUint16(at + 18, 'reach' in test ? Math.min(test.reach, 0xffff) : 0, true);
  view.setUint8(at + 20, 'byte' in test ? test.byte : 0);
};

let commonFours: ReadonlyMap<string, number> | undefined;

/** How common the most common fours of letters are: the step of two that gram-table.ts gives them. */
const commonness = (four: string): number => {
  commonFours ??= new Map(
    COMMON_FOURS.flatMap(([step, fours]) =>
      Array.from({ length: fours.length / 4 }, (_, i): [string, number] => [
        fours.slice(i * 4, i * 4 + 4),
        Number.parseInt(step, 36) + 1,
      ]),
    ),
  );
  return commonFours.get(four.toLowerCase()) ?? 0;
};

/** How rare four bytes are in source text: the rarer, the fewer look-ups that lead to nothing. By their pairs, unless they are known. */
const rarity = (literal: string, offset: number): number => {
  const slot = (at: number) => {
    const byte = literal.charCodeAt(at);
    return byte & 0x80 ? 0 : ((byte & 0x40) >> 1) | (byte & 0x1f);
  };
  let sum = -500 * commonness(literal.slice(offset, offset + 4));
  for (let at = offset; at < offset + 3; at++) sum += Number.parseInt(PAIR_RARITY[slot(at) * 64 + slot(at + 1)]!, 36);
  return sum;
};

/**
 * Chooses one four-byte window for either parity of an anchor's position: the rarest, and of those that are alike one that few
 * anchors have taken. Anchors of one key are confirmed one after another.
 */
const createWindows = () => {
  const taken = new Map<number, number>();
  return (anchor: KernelAnchor, index: number): KeyedEntry[] =>
    [0, 1].map((parity) => {
      const { literal } = anchor;
      let best: { offset: number; score: number } | undefined;
      for (let offset = parity; offset + 4 <= Math.min(literal.length, 16); offset += 2) {
        const crowd = taken.get(keyOf(literal, offset)) ?? 0;
        const score = rarity(literal, offset) - CROWD_WEIGHT * Math.log2(1 + crowd);
        if (!best || score > best.score) best = { offset, score };
      }
      if (!best) return widened(anchor, index, parity);
      const key = keyOf(literal, best.offset);
      taken.set(key, (taken.get(key) ?? 0) + 1);
      return { key, anchor: index, offset: best.offset, spelled: [key], ...besidesOf(literal, best.offset) };
    });
};

/** A window that as many anchors again have taken is as bad as one that is about twice as common (500 for a step of two). */
const CROWD_WEIGHT = 250;

/** What a literal says of the four bytes before its window, and of the four behind it. */
const besidesOf = (literal: string, offset: number): { before: Beside; behind: Beside } => ({
  before: besideOf(literal, offset - 4),
  behind: besideOf(literal, offset + 4),
});

const besideOf = (literal: string, from: number): Beside => {
  let bytes = 0;
  let mask = 0;
  for (let i = 0; i < 4; i++) {
    if (from + i < 0 || from + i >= literal.length) continue;
    bytes |= (literal.charCodeAt(from + i) | 0x20) << (i * 8);
    mask |= 0xff << (i * 8);
  }
  return { bytes: bytes >>> 0, mask: mask >>> 0 };
};

/** A short literal has no whole window at one parity: the byte before or behind it may be any that can stand there. */
const widened = ({ literal, test, startsToken }: KernelAnchor, index: number, parity: number): KeyedEntry => {
  const behind = parity === 0 || (literal.length === 4 && test.type === 'run');
  const follows = behind && test.type === 'run' && test.min > 0 ? test.set : undefined;
  const spelled = new Set<number>();
  for (let byte = 0; byte < 256; byte++) {
    if (follows && follows[byte] !== '1') continue;
    if (!behind && startsToken && NEVER_BEFORE_TOKEN.test(String.fromCharCode(byte))) continue;
    const beside = String.fromCharCode(byte);
    spelled.add(behind ? keyOf(literal + beside, parity) : keyOf(beside + literal, 0));
  }
  const some = [...spelled][0]!;
  return {
    key: behind ? lowKey(some) : highKey(some),
    anchor: index,
    offset: behind ? parity : -1,
    spelled: [...spelled],
    ...besidesOf(literal, behind ? parity : -1),
  };
};

/** Letters that glue a token to the word before it; those left out can end an escape (\n, %3d, a colour's m). */
const NEVER_BEFORE_TOKEN = /[g-lo-qsuw-zG-LO-QSUW-Z]/;

/** Four bytes as the kernel reads them: little-endian, bit 5 set in each. */
const keyOf = (text: string, at: number): number =>
  (text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24) |
    0x20202020) >>>
  0;
