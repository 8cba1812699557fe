import type { PackTables } from './tables.ts';
import { createWindows } from './windows.ts';

/** Larger entries are left to git, which can stream them. */
export const LARGEST_ENTRY = 16 << 20;

const windows = createWindows();

/** The data of an entry: an object or a delta of `size` bytes as a zlib stream (RFC 1950). */
export interface StoredEntry {
  /** Valid until the next call. What follows the stream is not part of it. */
  readonly deflated: Uint8Array;
  readonly size: number;
}

/**
 * Reads an entry of a pack. Its bytes were checked when the pack was opened (headers.ts).
 * @returns undefined when the entry is larger than LARGEST_ENTRY, or can't be read any more
 */
export const readEntry = (
  { offsets, sizes, headers, fd, serial, bytes }: PackTables,
  rank: number,
): StoredEntry | undefined => {
  const offset = offsets[rank]!;
  const length = offsets[rank + 1]! - offset;
  const size = sizes[rank]!;
  // What is stored uncompressed takes a little more than its size; anything beyond is no entry.
  if (size > LARGEST_ENTRY || length > LARGEST_ENTRY + (LARGEST_ENTRY >> 3)) return undefined;
  if (bytes) return { deflated: bytes.subarray(offset + headers[rank]!, offset + length), size };
  try {
    const entry = windows.read({ fd, serial }, offset, length);
    return entry && { deflated: entry.subarray(headers[rank]!), size };
  } catch {
    // A file that can't be read: the caller asks git for the object.
    return undefined;
  }
};
