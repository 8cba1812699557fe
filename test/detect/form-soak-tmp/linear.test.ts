import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../../../src/detect/form/form.ts';
import { worstCaseSteps } from '../../../src/detect/form/linear.ts';
import { mutate, sampleOf, seeded, source } from './arbitraries.ts';
import { firstMatch, TooManySteps } from './reference.ts';

const stepsOf = (shape: string): number => worstCaseSteps(compileForm({ shape }).tree);

/** Steps of the counting matcher, or the limit when it gives up. */
const counted = (tree: Parameters<typeof firstMatch>[0], text: string, limit: number): number => {
  try {
    return firstMatch(tree, text, 0, limit).steps;
  } catch (error) {
    if (error instanceof TooManySteps) return limit;
    throw error;
  }
};

describe('worst-case steps', () => {
  it('are never fewer than a backtracking matcher takes, on examples, near misses and repetitive texts', () => {
    let largest = 0;
    fc.assert(
      fc.property(
        source,
        fc.integer(),
        fc.constantFrom('a', 'b', 'ab', 'K1', '\n', ' ', '-_.', '"'),
        (written, seed, unit) => {
          const { maxLength, tree, ...form } = compileForm(written);
          const random = seeded(seed);
          const limit = worstCaseSteps(tree);
          const length = Math.min(maxLength, 300);
          const sample = sampleOf({ maxLength, tree, ...form }, random)?.text ?? '';
          const texts = [
            mutate(sample, random),
            unit.repeat(length),
            sample + unit.repeat(length),
            mutate(sample.repeat(9), random),
          ];
          for (const text of texts) {
            const steps = counted(tree, text.slice(0, length), 100_000);
            largest = Math.max(largest, steps / limit);
            expect(steps).toBeLessThanOrEqual(limit);
          }
        },
      ),
      { numRuns: 6000 },
    );
    expect(largest).toBeGreaterThan(0.1);
  });

  it('are near the length for a prefix and a run', () => {
    expect(stepsOf("'abc_' alnum{36}")).toBeLessThan(40 * 40);
    expect(stepsOf("'abc_' alnum{20,400} '-' hex{8}")).toBeLessThan(412 * 1000);
  });

  it('multiply for neighbours that overlap, and explode for loops in loops', () => {
    const apart = stepsOf("'abc_' digit{1,200} alpha{1,200} '!'");
    const overlapping = stepsOf("'abc_' digit{1,200} hex{1,200} '!'");
    expect(overlapping).toBeGreaterThan(apart * 20);
    expect(stepsOf("'abc_' (alnum{1,20}){1,20} '!'")).toBeGreaterThan(1e15);
  });

  it('know that fixed text can only stand so often', () => {
    const dense = stepsOf("'q' any{0,300} 'a' any{0,300} 'z'");
    const sparse = stepsOf("'q' any{0,300} 'abcdefghij' any{0,300} 'z'");
    expect(sparse).toBeLessThan(dense / 5);
  });
});
