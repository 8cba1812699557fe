import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crcAt,
  findOid,
  offsetsOf,
  oidAt,
  oidBytes,
  readPackIndex,
} from '../../../../src/sources/git/pack/pack-index.ts';
import { rankOffsets } from '../../../../src/sources/git/pack/rank.ts';
import { folderMaker } from '../../../support/folder.ts';

const make = folderMaker();

interface Entry {
  readonly oid: string;
  readonly crc: number;
  readonly offset: number;
}

/** An index of version 2 (gitformat-pack), offsets from 2^31 on in its table of large ones. */
const indexOf = (entries: readonly Entry[]): Buffer => {
  const sorted = [...entries].sort((a, b) => (a.oid < b.oid ? -1 : 1));
  const words = (values: readonly number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => {
      bytes.writeUInt32BE(value, i * 4);
    });
    return bytes;
  };
  const fanout = Array.from(
    { length: 256 },
    (_, first) => sorted.filter(({ oid }) => Number.parseInt(oid.slice(0, 2), 16) <= first).length,
  );
  const large = sorted.filter(({ offset }) => offset >= 2 ** 31);
  const largeBytes = Buffer.alloc(large.length * 8);
  large.forEach(({ offset }, i) => {
    largeBytes.writeBigUInt64BE(BigInt(offset), i * 8);
  });
  const body = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    words(fanout),
    ...sorted.map(({ oid }) => Buffer.from(oid, 'hex')),
    words(sorted.map(({ crc }) => crc)),
    words(sorted.map((entry) => (large.includes(entry) ? 0x80000000 + large.indexOf(entry) : entry.offset))),
    largeBytes,
    Buffer.alloc(20, 7),
  ]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
};

const oidOf = (number: number): string => createHash('sha1').update(String(number)).digest('hex');

describe('the index of a pack', () => {
  it('tells ids, checksums and offsets, also those of packs beyond 4 GiB', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 42 }), { maxLength: 60 }), (offsets) => {
        const entries = offsets.map((offset, i) => ({ oid: oidOf(i), crc: (offset * 7 + i) % 2 ** 32, offset }));
        const { write } = make();
        const index = readPackIndex(write('pack.idx', indexOf(entries)));
        const all = offsetsOf(index);
        const read = Array.from({ length: index.count }, (_, i) => ({
          oid: oidAt(index, i),
          crc: crcAt(index, i),
          offset: all[i],
        }));
        expect(read).toEqual([...entries].sort((a, b) => (a.oid < b.oid ? -1 : 1)));
        for (const [i, { oid }] of read.entries()) expect(findOid(index, oidBytes(oid))).toBe(i);
        expect(findOid(index, oidBytes(oidOf(1000)))).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('ranks of offsets', () => {
  it('are those of a sorted list', () => {
    const offset = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 47 }));
    fc.assert(
      fc.property(fc.uniqueArray(offset, { maxLength: 200 }), (offsets) => {
        const order = rankOffsets(Float64Array.from(offsets));
        expect([...order].map((i) => offsets[i])).toEqual([...offsets].sort((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
});
