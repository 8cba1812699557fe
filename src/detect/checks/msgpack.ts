/** A string or a byte string of a MessagePack text: offsets of its content are 0-based, `end` is exclusive. */
export interface Packed {
  readonly type: 'text' | 'bytes' | 'array' | 'other';
  /** Where the value ends; for an array, where its first item begins. */
  readonly end: number;
  /** Items of an array, bytes of a text, else 0. */
  readonly size: number;
}

const FIXED: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};

/** Marks with a length of 1, 2 or 4 bytes behind them. */
const SIZED: Readonly<Record<number, readonly [Packed['type'], number]>> = {
  196: ['bytes', 1],
  197: ['bytes', 2],
  198: ['bytes', 4],
  217: ['text', 1],
  218: ['text', 2],
  219: ['text', 4],
  220: ['array', 2],
  221: ['array', 4],
};

/**
 * Reads the mark of the value at `at` (https://github.com/msgpack/msgpack/blob/master/spec.md), without maps and extensions.
 * @returns undefined when the value is of another type or does not fit into the bytes
 */
export function readPacked(bytes: Buffer, at: number): Packed | undefined {
  const mark = bytes[at];
  if (mark === undefined) return undefined;
  if (mark < 0x80 || mark >= 0xe0) return { type: 'other', end: at + 1, size: 0 };
  if (mark >= 0x90 && mark < 0xa0) return { type: 'array', end: at + 1, size: mark & 0x0f };
  if (mark >= 0xa0 && mark < 0xc0) return fitting(bytes, { type: 'text', end: at + 1, size: mark & 0x1f });
  const fixed = FIXED[mark];
  if (fixed !== undefined) return fitting(bytes, { type: 'other', end: at + 1 + fixed, size: 0 });
  const [type, width] = SIZED[mark] ?? ['other', 0];
  if (width === 0 || at + 1 + width > bytes.length) return undefined;
  return fitting(bytes, { type, end: at + 1 + width, size: bytes.readUIntBE(at + 1, width) });
}

/** Texts and byte strings end after their content. */
function fitting(bytes: Buffer, value: Packed): Packed | undefined {
  const end = value.type === 'array' ? value.end : value.end + value.size;
  return end > bytes.length ? undefined : { ...value, end };
}

/** Offset after the value at `at`, with all that an array holds; undefined when it is not whole. */
export function skipPacked(bytes: Buffer, at: number): number | undefined {
  let end: number | undefined = at;
  // Arrays are counted, not recursed into: nesting is up to whoever wrote the bytes.
  for (let waiting = 1; waiting > 0 && end !== undefined; waiting--) {
    const value = readPacked(bytes, end);
    if (value?.type === 'array') waiting += value.size;
    end = value?.end;
  }
  return end;
}
