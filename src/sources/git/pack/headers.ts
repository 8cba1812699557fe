import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { crcAt, findOid, offsetsOf } from './pack-index.ts';
import { rankOffsets } from './rank.ts';
import { type PackTables, TYPE } from './tables.ts';

const WINDOW = 4 << 20;
/** The longest header: a size of 10 bytes and an id of 20, or an offset of 10. */
const LONGEST = 32;
const TRAILER = 20;

/** Fills in where the entries of a pack begin, in the order of the file. @throws IndexError */
const fillOffsets = ({ index, offsets, ids, ranks, count }: PackTables, packSize: number): void => {
  const byId = offsetsOf(index);
  ids.set(rankOffsets(byId));
  for (let rank = 0; rank < count; rank++) {
    offsets[rank] = byId[ids[rank]!]!;
    ranks[ids[rank]!] = rank;
  }
  offsets[count] = packSize - TRAILER;
};

/** Rank of the entry that begins at an offset; -1 when none does. Bases stand near: the search widens from `near`. */
const rankAt = (offsets: Float64Array, offset: number, near: number): number => {
  let step = 1;
  let low = near;
  while (low > 0 && offsets[low]! > offset) {
    low = Math.max(0, low - step);
    step *= 2;
  }
  let high = near;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = offsets[middle]!;
    if (found === offset) return middle;
    if (found < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
};

/**
 * Reads the headers of all entries of a pack, in the order of the file. Damaged ones keep the type 0, as far as a header shows
 * it: checkEntries() tells the rest, and whoever reads an entry. @throws IndexError, or what the file system says
 */
export const fillHeaders = (tables: PackTables, packSize: number): void => {
  fillOffsets(tables, packSize);
  const { offsets, count } = tables;
  const look = lookInto(tables);
  for (let rank = 0; rank < count; rank++) {
    const { window, at } = look(offsets[rank]!, LONGEST);
    fillHeader(tables, rank, window, at);
  }
};

/**
 * Checks entries that seem to be of one kind against the CRC-32 in the index, and gives damaged ones the type 0.
 * @returns how many are damaged
 */
export const checkEntries = (tables: PackTables, kind: number): number => {
  const { offsets, count, fd, kinds, types } = tables;
  const look = lookInto(tables);
  let damaged = 0;
  for (let rank = 0; rank < count; rank++) {
    if (kinds[rank] !== kind) continue;
    const offset = offsets[rank]!;
    const length = offsets[rank + 1]! - offset;
    const { window, at } = look(offset, length);
    const isThere = at + length <= window.length;
    const crc = isThere ? crc32(window.subarray(at, at + length)) : crcOf(fd, offset, length);
    if (crc === crcOfEntry(tables, rank)) continue;
    types[rank] = 0;
    damaged++;
  }
  return damaged;
};

/** CRC-32 of an entry as the index has it, header included. */
export const crcOfEntry = ({ index, ids }: PackTables, rank: number): number => crcAt(index, ids[rank]!);

/** Shows an entry's bytes: from `at` on in the window, as many as fit. Valid until the next call. */
type Look = (offset: number, length: number) => { readonly window: Buffer; readonly at: number };

const lookInto = ({ bytes, fd }: PackTables): Look => (bytes ? heldLook(bytes) : slidingLook(fd));

const heldLook = (bytes: Uint8Array): Look => {
  const window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const shown = { window, at: 0 };
  return (offset) => {
    shown.at = offset;
    return shown;
  };
};

/** A window that moves over the file once. */
const slidingLook = (fd: number): Look => {
  const window = Buffer.allocUnsafe(WINDOW + LONGEST);
  const shown = { window, at: 0 };
  let start = 0;
  let end = 0;
  return (offset, length) => {
    if (offset < start || offset + Math.max(LONGEST, Math.min(length, WINDOW)) > end) {
      start = offset;
      end = offset + readSync(fd, window, 0, window.length, offset);
    }
    // Behind the end of a cut file there is nothing: zeros are no header.
    if (end - offset < LONGEST) window.fill(0, Math.max(0, end - start));
    shown.at = offset - start;
    return shown;
  };
};

/** CRC-32 of an entry that is larger than the window. */
const crcOf = (fd: number, offset: number, length: number): number => {
  const piece = Buffer.allocUnsafe(WINDOW);
  let crc = 0;
  for (let done = 0; done < length; ) {
    const count = readSync(fd, piece, 0, Math.min(WINDOW, length - done), offset + done);
    if (count === 0) return -1;
    crc = crc32(piece.subarray(0, count), crc);
    done += count;
  }
  return crc;
};

const fillHeader = (tables: PackTables, rank: number, window: Buffer, start: number): void => {
  let at = start;
  let byte = window[at++]!;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 0x80 && at < start + 10; factor *= 128) {
    byte = window[at++]!;
    size += (byte & 0x7f) * factor;
  }
  let parent = -1;
  if (type === TYPE.offsetDelta) {
    byte = window[at++]!;
    let back = byte & 0x7f;
    while (byte & 0x80 && at < start + 20) {
      byte = window[at++]!;
      back = (back + 1) * 128 + (byte & 0x7f);
    }
    parent = rankAt(tables.offsets, tables.offsets[rank]! - back, rank);
  } else if (type === TYPE.idDelta) {
    const place = findOid(tables.index, window, at);
    parent = place < 0 ? -1 : tables.ranks[place]!;
    at += 20;
  }
  const isDelta = type === TYPE.offsetDelta || type === TYPE.idDelta;
  const isWhole = type >= TYPE.commit && type <= TYPE.tag;
  const room = tables.offsets[rank + 1]! - tables.offsets[rank]!;
  if (byte & 0x80 || at - start >= room || !(isWhole || (isDelta && parent >= 0))) return;
  if (!Number.isSafeInteger(size)) return;
  tables.types[rank] = type;
  tables.sizes[rank] = size;
  tables.headers[rank] = at - start;
  tables.parents[rank] = parent;
};
