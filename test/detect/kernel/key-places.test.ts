import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildImage, type KernelAnchor } from '../../../src/detect/kernel/image.ts';
import { createKernel } from '../../../src/detect/kernel/kernel.ts';
import { keyPlaces } from '../../../src/detect/kernel/key-places.ts';
import { kernelModule } from '../../support/detector.ts';

const someKeys = (size: fc.ArrayConstraints) => fc.uniqueArray(fc.integer({ min: 1, max: 0xffffffff }), size);

describe('the places of keys', () => {
  it('are a slot of its own for each key, whatever the keys', () => {
    fc.assert(
      fc.property(fc.oneof(someKeys({ maxLength: 40 }), someKeys({ minLength: 200, maxLength: 900 })), (keys) => {
        const { slotOf, slotShift } = keyPlaces(keys);
        const slots = new Set(keys.map(slotOf));
        expect(slots.size).toBe(keys.length);
        for (const slot of slots) expect(slot).toBeLessThan(2 ** (32 - slotShift));
      }),
    );
  });

  it('are found for keys that follow one another', () => {
    const keys = Array.from({ length: 15_000 }, (_, i) => 0x20202020 + i);
    const { slotOf } = keyPlaces(keys);
    expect(new Set(keys.map(slotOf)).size).toBe(keys.length);
  });
});

/** Anchors of one literal that differ in their tests. */
const alike = (count: number): KernelAnchor[] =>
  Array.from({ length: count }, (_, i) => ({
    literal: 'abcd',
    nocase: true,
    test: { type: 'run', set: '1'.repeat(256), min: i % 7 },
  }));

describe('anchors that share a key', () => {
  it('are refused when there are more than the tables can tell apart', () => {
    expect(() => buildImage(alike(4096))).toThrow('too many anchors share their rarest four bytes');
  });

  it('are all found up to that number', () => {
    const kernel = createKernel(kernelModule(), buildImage(alike(4095)));
    kernel.reserve(kernel.inputAt, 64);
    kernel.memory().write(`..ABCD${'x'.repeat(20)}`, kernel.inputAt, 'latin1');
    const pairs = kernel.candidates(kernel.inputAt, 0, 26, 26);
    expect(pairs.filter((_, i) => i % 2 === 1)).toEqual(Uint32Array.from({ length: 4095 }, (_, i) => i));
  });

  it('end with an error, not in a loop, where more of them begin than there is room for', () => {
    const kernel = createKernel(kernelModule(), buildImage(alike(4095)));
    const text = 'abcd'.repeat(40);
    kernel.reserve(kernel.inputAt, text.length);
    kernel.memory().write(text, kernel.inputAt, 'latin1');
    expect(() => kernel.candidates(kernel.inputAt, 0, text.length, text.length)).not.toThrow();
    const crowded = createKernel(
      kernelModule(),
      buildImage([...alike(4095), ...alikeAt('bcda', 4095), ...alikeAt('cdab', 4095)]),
    );
    crowded.reserve(crowded.inputAt, text.length);
    crowded.memory().write(text, crowded.inputAt, 'latin1');
    expect(() => crowded.candidates(crowded.inputAt, 0, text.length, text.length)).toThrow(
      'more anchors begin at one place',
    );
  });
});

const alikeAt = (literal: string, count: number): KernelAnchor[] =>
  alike(count).map((anchor) => ({ ...anchor, literal }));
