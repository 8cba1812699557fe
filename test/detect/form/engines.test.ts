import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/detect/form/ast.ts';
import { compileForm, type FormSource } from '../../../src/detect/form/form.ts';
import { isRunnable, mutate, pattern, sampleOf, seeded, source } from './arbitraries.ts';
import { engines, re2js, re2Loaded } from './engines.ts';
import { allMatches, TooManySteps } from './reference.ts';

const names = engines.map(({ name }) => name).join(', ');

/** What the tree itself says, unless that takes too long. */
const meant = (tree: Node, text: string) => {
  try {
    return allMatches(tree, text, 200_000);
  } catch (error) {
    if (error instanceof TooManySteps || error instanceof RangeError) return undefined;
    throw error;
  }
};

describe(`regex text of forms on ${names}`, () => {
  if (!re2Loaded) it.skip('re2 has no binary here, so it is not compared', () => {});

  it('takes each generated example as a whole and finds the secret where it was put', () => {
    let seen = 0;
    fc.assert(
      fc.property(source, fc.integer(), (written, seed) => {
        const compiled = compileForm(written);
        const sample = sampleOf(compiled, seeded(seed));
        fc.pre(sample !== undefined);
        seen++;
        const whole = {
          start: 0,
          end: sample.text.length,
          secretStart: sample.secretStart,
          secretEnd: sample.secretEnd,
        };
        for (const engine of engines) expect(engine.all(compiled.source, sample.text)[0]).toEqual(whole);
        expect(sample.text.length).toBeGreaterThanOrEqual(compiled.minLength);
        expect(sample.text.length).toBeLessThanOrEqual(compiled.maxLength);
        expect(sample.secretEnd - sample.secretStart).toBeGreaterThanOrEqual(compiled.secretMinLength);
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(200);
  });

  it('finds the same matches and secrets on every engine in texts that are almost right, and those the tree means', () => {
    let matched = 0;
    fc.assert(
      fc.property(source, fc.integer(), (written, seed) => {
        const compiled = compileForm(written);
        const random = seeded(seed);
        const parts = Array.from({ length: 3 }, () =>
          mutate(sampleOf(compiled, random)?.text.slice(0, 400) ?? 'abK_', random),
        );
        const text = parts.join(random() < 0.5 ? '\n' : '');
        const [first, ...others] = engines.map((engine) => engine.all(compiled.source, text));
        for (const other of others) expect(other).toEqual(first);
        const expected = meant(compiled.tree, text);
        if (expected) expect(first).toEqual(expected);
        matched += first!.length;
      }),
      { numRuns: 600 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('never starts, ends or goes on in a byte that the form does not announce', () => {
    fc.assert(
      fc.property(source, fc.integer(), (written, seed) => {
        const compiled = compileForm(written);
        const random = seeded(seed);
        const text = mutate(sampleOf(compiled, random)?.text ?? 'abK_', random);
        for (const { start, end } of engines[0]!.all(compiled.source, text)) {
          expect(compiled.first[text.charCodeAt(start)]).toBe('1');
          expect(compiled.last[text.charCodeAt(end - 1)]).toBe('1');
          const codes = Array.from(text.slice(start, end), (char) => char.charCodeAt(0));
          expect(codes.filter((code) => compiled.alphabet[code] !== '1')).toEqual([]);
          expect(end - start).toBeLessThanOrEqual(compiled.maxLength);
          expect(end - start).toBeGreaterThanOrEqual(compiled.minLength);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('means what the pattern as written means to re2js, in short ASCII texts', () => {
    let matched = 0;
    const written = pattern.filter((candidate) => isDirect(candidate) && isRunnable(candidate));
    fc.assert(
      fc.property(written, fc.integer(), (candidate, seed) => {
        const random = seeded(seed);
        const compiled = compileForm(candidate);
        const parts = Array.from({ length: 3 }, () => mutate(sampleOf(compiled, random)?.text ?? 'abK_', random));
        // Short, so that no repeat reaches the bound that only the compiled form has.
        const text = parts
          .join('')
          .replace(/[^\0-\x7f]/g, 'a')
          .slice(0, 60);
        const direct = re2js.all((candidate as { pattern: string }).pattern, text);
        expect(engines[0]!.all(compiled.source, text)).toEqual(direct);
        matched += direct.length;
      }),
      { numRuns: 500 },
    );
    expect(matched).toBeGreaterThan(50);
  });
});

/** Patterns that re2js takes as they are and that mean characters where the compiled form means bytes of them. */
const isDirect = (candidate: FormSource): boolean => {
  if (!('pattern' in candidate) || /[\u00e9]|\(\?m|\{\d+,1[25]00\}/.test(candidate.pattern)) return false;
  try {
    return re2js.all(candidate.pattern, '').length >= 0;
  } catch {
    return false;
  }
};
