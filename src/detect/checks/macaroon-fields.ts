/** Field types of a macaroon (libmacaroons, doc/format.txt). */
export const END = 0;
export const LOCATION = 1;
export const IDENTIFIER = 2;
export const VERIFIER = 4;
export const SIGNATURE = 6;

/** Bytes of the HMAC-SHA-256 that closes a macaroon. */
const SIGNATURE_SIZE = 32;

export interface MacaroonField {
  readonly type: number;
  readonly data: Buffer;
}

/** Names of the packets of version 1, as field types. `cl` and `cid` are location and identifier of a caveat. */
const PACKETS: Readonly<Record<string, number>> = {
  location: LOCATION,
  identifier: IDENTIFIER,
  cid: IDENTIFIER,
  vid: VERIFIER,
  cl: LOCATION,
  signature: SIGNATURE,
};

/**
 * Version 1: packets of four hex digits (length with these), name, blank, value, line feed.
 * @returns all fields, or undefined when a length does not fit or no 32-byte signature closes them
 */
export function readPackets(bytes: Buffer): MacaroonField[] | undefined {
  const fields: MacaroonField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const digits = bytes.toString('latin1', at, at + 4);
    const end = /^[0-9a-f]{4}$/.test(digits) ? at + parseInt(digits, 16) : 0;
    const blank = bytes.indexOf(0x20, at + 4);
    if (end <= at + 4 || end > bytes.length || blank < 0 || blank >= end || bytes[end - 1] !== 0x0a) return undefined;
    const name = bytes.toString('latin1', at + 4, blank);
    if (!Object.hasOwn(PACKETS, name)) return undefined;
    fields.push({ type: PACKETS[name]!, data: bytes.subarray(blank + 1, end - 1) });
    at = end;
  }
  return closed(fields);
}

/**
 * Version 2: after the byte 2 fields of type, length (both varints) and data; a type of 0 ends a section.
 * @returns all fields, or undefined as above
 */
export function readFields(bytes: Buffer): MacaroonField[] | undefined {
  const fields: MacaroonField[] = [];
  let at = 1;
  while (at < bytes.length) {
    const type = bytes[at++]!;
    if (type === END) {
      fields.push({ type, data: Buffer.alloc(0) });
      continue;
    }
    let size = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80 && shift < 28);
    if (at + size > bytes.length) return undefined;
    fields.push({ type, data: bytes.subarray(at, at + size) });
    at += size;
  }
  return closed(fields);
}

function closed(fields: MacaroonField[]): MacaroonField[] | undefined {
  const last = fields.at(-1);
  return last?.type === SIGNATURE && last.data.length === SIGNATURE_SIZE ? fields : undefined;
}
