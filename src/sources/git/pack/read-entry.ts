import { inflateSync } from 'node:zlib';
import type { PackTables } from './tables.ts';
import { createWindows } from './windows.ts';

/** Larger entries are left to git, which can stream them. */
export const LARGEST_ENTRY = 16 << 20;

const windows = createWindows();

/**
 * Reads an entry of a pack and inflates it: an object, or a delta. Its bytes were checked when the pack was opened
 * (headers.ts); here its length is.
 * @returns undefined when the entry is damaged, larger than LARGEST_ENTRY, or not there any more
 */
export const readEntry = (tables: PackTables, rank: number): Buffer | undefined => {
  const { offsets, sizes, headers } = tables;
  const offset = offsets[rank]!;
  const length = offsets[rank + 1]! - offset;
  const size = sizes[rank]!;
  // What is stored uncompressed takes a little more than its size; anything beyond is no entry.
  if (size > LARGEST_ENTRY || length > LARGEST_ENTRY + (LARGEST_ENTRY >> 3)) return undefined;
  try {
    const entry = windows.read(tables, offset, length);
    if (!entry) return undefined;
    const bytes = inflateSync(entry.subarray(headers[rank]!), { chunkSize: size + 64, maxOutputLength: size + 64 });
    return bytes.length === size ? bytes : undefined;
  } catch {
    // A damaged stream or a file that can't be read: the caller asks git for the object.
    return undefined;
  }
};
