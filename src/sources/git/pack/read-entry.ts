import { crc32 } from 'node:zlib';
import { crcOfEntry } from './headers.ts';
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
 * Reads an entry of a pack, and checks it against the CRC-32 in the index.
 * @returns undefined when the entry is damaged or larger than LARGEST_ENTRY, or can't be read any more
 */
export const readEntry = (tables: PackTables, rank: number): StoredEntry | undefined => {
  const { offsets, sizes, headers } = tables;
  const offset = offsets[rank]!;
  const length = offsets[rank + 1]! - offset;
  const size = sizes[rank]!;
  // What is stored uncompressed takes a little more than its size; anything beyond is no entry.
  if (size > LARGEST_ENTRY || length > LARGEST_ENTRY + (LARGEST_ENTRY >> 3)) return undefined;
  const entry = bytesOf(tables, offset, length);
  if (!entry || crc32(entry) !== crcOfEntry(tables, rank)) return undefined;
  return { deflated: entry.subarray(headers[rank]!), size };
};

const bytesOf = ({ bytes, fd, serial }: PackTables, offset: number, length: number): Uint8Array | undefined => {
  if (bytes) return bytes.subarray(offset, offset + length);
  try {
    return windows.read({ fd, serial }, offset, length);
  } catch {
    // A file that can't be read: the caller asks git for the object.
    return undefined;
  }
};
