/** Bytes of an id. Sets are made of SHA-1 ids only. */
export const OID_BYTES = 20;

/** A set of object ids. */
export interface OidSet {
  readonly size: number;
  /** All ids, 20 bytes each, ascending. */
  readonly bytes: Uint8Array;
  /** Is the id there that has its 20 bytes at `from`? */
  has(id: Uint8Array, from?: number): boolean;
  hasHex(oid: string): boolean;
}

const compareAt = (a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number => {
  for (let i = 0; i < OID_BYTES; i++) {
    const difference = a[aAt + i]! - b[bAt + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
};

/** A set of ids that are sorted already; a table of their first two bytes makes look-ups short. */
export const sortedOidSet = (bytes: Uint8Array): OidSet => {
  const size = bytes.length / OID_BYTES;
  const starts = new Uint32Array(65537);
  const headAt = (array: Uint8Array, at: number) => (array[at]! << 8) | array[at + 1]!;
  for (let i = 0; i < size; i++) starts[headAt(bytes, i * OID_BYTES) + 1]!++;
  for (let head = 0; head < 65536; head++) starts[head + 1]! += starts[head]!;
  const has = (id: Uint8Array, from = 0): boolean => {
    let low = starts[headAt(id, from)]!;
    let high = starts[headAt(id, from) + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareAt(bytes, middle * OID_BYTES, id, from);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  };
  return { size, bytes, has, hasHex: (oid) => has(Buffer.from(oid, 'hex')) };
};

/** A set of ids in hex, in any order. */
export const oidSetOf = (oids: Iterable<string>): OidSet => {
  const sorted = [...new Set(oids)].sort();
  const bytes = Buffer.allocUnsafe(sorted.length * OID_BYTES);
  sorted.forEach((oid, i) => {
    bytes.write(oid, i * OID_BYTES, 'hex');
  });
  return sortedOidSet(bytes);
};

/** The ids of a set and others, 20 bytes each in any order, ascending and each once. */
export const mergedOids = (known: OidSet | undefined, added: readonly Uint8Array[]): Uint8Array => {
  const all = Buffer.concat([...(known ? [known.bytes] : []), ...added]);
  const order = new Uint32Array(all.length / OID_BYTES).map((_, i) => i);
  order.sort((a, b) => compareAt(all, a * OID_BYTES, all, b * OID_BYTES));
  const merged = Buffer.allocUnsafe(all.length);
  let length = 0;
  for (const i of order) {
    const at = i * OID_BYTES;
    if (length > 0 && compareAt(merged, length - OID_BYTES, all, at) === 0) continue;
    all.copy(merged, length, at, at + OID_BYTES);
    length += OID_BYTES;
  }
  return merged.subarray(0, length);
};
