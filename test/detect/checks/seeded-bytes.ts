import { seeded } from '../../../src/detect/rules/seeded.ts';

/** Bytes that are the same in every run; another seed gives others. */
export function seededBytes(length: number, seed = 1): Buffer {
  const next = seeded(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
}
