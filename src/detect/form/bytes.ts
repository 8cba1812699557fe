/** Sets of byte values as 256-bit masks. Treated as immutable: every function returns a new set. */
export type ByteSet = Uint32Array;

/** The set of the given inclusive ranges, `[low, high]`, 0-255. */
export const ofRanges = (ranges: readonly (readonly [number, number])[]): ByteSet => {
  const set = new Uint32Array(8);
  for (const [low, high] of ranges) {
    for (let byte = low; byte <= high; byte++) set[byte >>> 5]! |= 1 << (byte & 31);
  }
  return set;
};

/** The set of the characters of a latin1 text. */
export const ofText = (text: string): ByteSet => {
  const set = new Uint32Array(8);
  for (let index = 0; index < text.length; index++) {
    const byte = text.charCodeAt(index);
    set[byte >>> 5]! |= 1 << (byte & 31);
  }
  return set;
};

export const EMPTY: ByteSet = ofRanges([]);
export const ALL: ByteSet = ofRanges([[0, 255]]);

export const has = (set: ByteSet, byte: number): boolean => (set[byte >>> 5]! & (1 << (byte & 31))) !== 0;

export const union = (a: ByteSet, b: ByteSet): ByteSet => {
  const set = new Uint32Array(8);
  for (let index = 0; index < 8; index++) set[index] = a[index]! | b[index]!;
  return set;
};

export const intersection = (a: ByteSet, b: ByteSet): ByteSet => a.map((word, index) => word & b[index]!);

export const complement = (set: ByteSet): ByteSet => set.map((word) => ~word);

export const intersects = (a: ByteSet, b: ByteSet): boolean => a.some((word, index) => (word & b[index]!) !== 0);

export const equals = (a: ByteSet, b: ByteSet): boolean => a.every((word, index) => word === b[index]);

/** The bytes of the set, ascending. */
export const members = (set: ByteSet): number[] => {
  const bytes: number[] = [];
  for (let index = 0; index < 8; index++) {
    for (let word = set[index]!; word !== 0; word &= word - 1) bytes.push(index * 32 + 31 - Math.clz32(word & -word));
  }
  return bytes;
};

/** How many bytes the set holds. */
export const sizeOf = (set: ByteSet): number => {
  let size = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) size++;
  return size;
};

/** The set as inclusive ranges, ascending. */
export const rangesOf = (set: ByteSet): [number, number][] => {
  const ranges: [number, number][] = [];
  for (const byte of members(set)) {
    const range = ranges.at(-1);
    if (range && range[1] === byte - 1) range[1] = byte;
    else ranges.push([byte, byte]);
  }
  return ranges;
};

/** Eight bits, lowest first, of each byte value. */
const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, value) =>
  value.toString(2).padStart(8, '0').split('').reverse().join(''),
);

/** The set as 256 characters '0' or '1', byte 0 first. */
export const toBits = (set: ByteSet): string => {
  let bits = '';
  for (const word of set) {
    bits += OCTETS[word & 255]! + OCTETS[(word >>> 8) & 255]! + OCTETS[(word >>> 16) & 255]! + OCTETS[word >>> 24]!;
  }
  return bits;
};

/** 'A' to 'Z' in the word of 0x40 to 0x5f, and 'a' to 'z' in the next. */
const LETTER_BITS = 0x07fffffe;

/** The set with both cases of each ASCII letter it holds. */
export const foldCase = (set: ByteSet): ByteSet => {
  const folded = set.slice();
  const letters = (set[2]! | set[3]!) & LETTER_BITS;
  folded[2]! |= letters;
  folded[3]! |= letters;
  return folded;
};

/** For a set of just the two cases of one ASCII letter, that letter in lower case. */
export const letterOfPair = (set: ByteSet): string | undefined => {
  const letters = set[2]! & LETTER_BITS;
  if (letters === 0 || letters !== set[3] || sizeOf(set) !== 2) return undefined;
  const [upper, lower] = members(set);
  return lower === upper! + 32 ? String.fromCharCode(lower) : undefined;
};

/** Text with ASCII letters in lower case and all else as it is (latin1 letters are parts of UTF-8 here). */
export const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
