import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A pack index of version 2 in shared memory (gitformat-pack, "Version 2 pack-*.idx files"). */
export interface PackIndex {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Why an index can't be used: its pack is then read through git. */
export class IndexError extends Error {}

const HEADER = 8;
const FANOUT = 1024;
const OIDS = HEADER + FANOUT;
const OID = 20;
const TRAILER = 40;
const MAGIC = 0xff744f63;

/** Reads an index and checks its sizes and checksum. @throws IndexError, or what the file system says */
export const readPackIndex = (file: string): PackIndex => {
  const bytes = readShared(file);
  const view = new DataView(bytes.buffer);
  if (bytes.length < OIDS + TRAILER || view.getUint32(0) !== MAGIC) throw new IndexError('not an index of version 2');
  if (view.getUint32(4) !== 2) throw new IndexError(`an index of version ${view.getUint32(4)}`);
  let count = 0;
  for (let at = HEADER; at < OIDS; at += 4) {
    if (view.getUint32(at) < count) throw new IndexError('the index is damaged: its first table does not ascend');
    count = view.getUint32(at);
  }
  const least = OIDS + count * (OID + 8) + TRAILER;
  if (bytes.length < least || (bytes.length - least) % 8 !== 0 || bytes.length > least + count * 8) {
    throw new IndexError('the index is damaged: its length is wrong');
  }
  const end = bytes.length - 20;
  const sum = createHash('sha1').update(bytes.subarray(0, end)).digest();
  if (!sum.equals(bytes.subarray(end))) throw new IndexError('the index is damaged: its checksum is wrong');
  return { bytes, count };
};

const readShared = (file: string): Uint8Array => {
  const fd = openSync(file, 'r');
  try {
    return readWhole(fd, fstatSync(fd).size) ?? tooShort();
  } finally {
    closeSync(fd);
  }
};

const tooShort = (): never => {
  throw new IndexError('the index ends too early');
};

/** The first `size` bytes of an open file, in memory that threads share; undefined when it has not as many. */
export const readWhole = (fd: number, size: number): Uint8Array | undefined => {
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  for (let at = 0; at < size; ) {
    const count = readSync(fd, bytes, at, Math.min(size - at, 1 << 30), at);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
};

const viewOf = ({ bytes }: PackIndex): DataView => new DataView(bytes.buffer);

/** Offsets in the pack, in the order of the ids. @throws IndexError when one points outside of the index's table */
export const offsetsOf = (index: PackIndex): Float64Array => {
  const { bytes, count } = index;
  const view = viewOf(index);
  const small = OIDS + count * (OID + 4);
  const large = small + count * 4;
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const offset = view.getUint32(small + i * 4);
    if (offset < 0x80000000) {
      offsets[i] = offset;
      continue;
    }
    const at = large + (offset - 0x80000000) * 8;
    if (at + 8 > bytes.length - TRAILER) throw new IndexError('the index is damaged: an offset is missing');
    offsets[i] = Number(view.getBigUint64(at));
  }
  return offsets;
};

/** Checksum of the pack that the index belongs to. */
export const packChecksum = ({ bytes }: PackIndex): Buffer =>
  Buffer.from(bytes.subarray(bytes.length - TRAILER, bytes.length - 20));

/** CRC-32 of an object as it stands in the pack, header included; `i` is its place among the ids. */
export const crcAt = ({ bytes, count }: PackIndex, i: number): number => {
  const at = OIDS + count * OID + i * 4;
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
};

/** All ids, 20 bytes each, ascending. */
export const oidsOf = ({ bytes, count }: PackIndex): Uint8Array => bytes.subarray(OIDS, OIDS + count * OID);

/** Object id at a place among the ids, 40 hex digits. */
export const oidAt = ({ bytes }: PackIndex, i: number): string =>
  Buffer.from(bytes.buffer as ArrayBuffer, OIDS + i * OID, OID).toString('hex');

/** Place of an id among the ids; -1 when the index does not have it. `oid` has its 20 bytes at `from`. */
export const findOid = ({ bytes }: PackIndex, oid: Uint8Array, from = 0): number => {
  const fan = (first: number) => {
    const at = HEADER + first * 4;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  };
  const first = oid[from]!;
  let low = first === 0 ? 0 : fan(first - 1);
  let high = fan(first);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareAt(bytes, OIDS + middle * OID, oid, from);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
};

const compareAt = (a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number => {
  for (let i = 0; i < OID; i++) {
    const difference = a[aAt + i]! - b[bAt + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
};

/** The 20 bytes of an id, as findOid() takes them. */
export const oidBytes = (oid: string): Uint8Array => Buffer.from(oid, 'hex');

/** A view of the id's bytes. */
export const oidBytesAt = ({ bytes }: PackIndex, i: number): Uint8Array =>
  bytes.subarray(OIDS + i * OID, OIDS + (i + 1) * OID);
