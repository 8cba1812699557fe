import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildImage, type KernelAnchor } from '../../../src/detect/kernel/image.ts';
import { createKernel, type Kernel, SPOT, type Spot } from '../../../src/detect/kernel/kernel.ts';
import { kernelModule, rulesOf, shippedRules } from '../../support/detector.ts';
import { between, pick, prose, type Random, seeded } from '../../support/random.ts';

/** This project's own sources, rules and documents: text as people write it, one character a byte. */
const written = (): string => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const filesIn = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .sort();
  return ['src/detect', 'docs', 'rules']
    .flatMap(filesIn)
    .map((file) => readFileSync(file, 'latin1'))
    .join('');
};

/** All literals that the shipped rules start at, to be found whatever follows them. */
const shippedAnchors = (): KernelAnchor[] => {
  const known = new Map<string, KernelAnchor>();
  for (const { literal, nocase } of rulesOf(shippedRules()).flatMap((rule) => rule.anchors))
    known.set(JSON.stringify([literal, nocase]), { literal, nocase, test: { type: 'none' } });
  return [...known.values()];
};

const small = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** `position anchor` of every literal that stands in a text, by a plain search. */
const searched = (anchors: readonly KernelAnchor[], text: string): string[] => {
  const lower = small(text);
  return anchors.flatMap(({ literal, nocase }, anchor) => {
    const where = nocase ? lower : text;
    const found: string[] = [];
    for (let at = where.indexOf(literal); at >= 0; at = where.indexOf(literal, at + 1)) found.push(`${at} ${anchor}`);
    return found;
  });
};

/** A piece of text with some anchors put into it, most often also at its first and its last byte. */
const pieceOf = (text: string, anchors: readonly KernelAnchor[], random: Random): string => {
  const one = () => {
    const { literal, nocase } = pick(random, anchors);
    return nocase && random() < 0.5 ? literal.toUpperCase() : literal;
  };
  const parts = Array.from({ length: between(random, 1, 6) }, () => {
    const from = between(random, 0, text.length - 600);
    return text.slice(from, from + between(random, 0, 500));
  });
  const middle = parts.join(one());
  return (random() < 0.7 ? one() : '') + middle + (random() < 0.7 ? one() : '');
};

/** Puts a text to `at`, other bytes before and behind it; or, when asked to, to the very end of what memory there is. */
const place = (kernel: Kernel, text: string, offset: number, atEnd: boolean): number => {
  kernel.reserve(kernel.inputAt, 1 << 16);
  const memory = kernel.memory();
  const at = atEnd ? memory.length - 64 - text.length : kernel.inputAt + 64 + offset;
  memory.fill('tok_', kernel.inputAt, memory.length, 'latin1');
  memory.write(text, at, 'latin1');
  kernel.reserve(at, text.length);
  return at;
};

const piecesBetween = (length: number, cuts: readonly number[]): (readonly [from: number, to: number])[] => {
  const places = [0, ...cuts.map((cut) => cut % (length + 1)), length].sort((a, b) => a - b);
  return places.slice(1).map((to, i) => [places[i]!, to] as const);
};

const where = fc.record({
  seed: fc.integer(),
  offset: fc.nat(17),
  atEnd: fc.boolean(),
  cuts: fc.array(fc.nat(5000), { maxLength: 5 }),
});

describe('the kernel, on text as people write it', () => {
  const text = written();

  it('finds all shipped anchors that a plain search finds, and no others, wherever the text lies and is cut', () => {
    const anchors = shippedAnchors();
    const kernel = createKernel(kernelModule(), buildImage(anchors));
    fc.assert(
      fc.property(where, ({ seed, offset, atEnd, cuts }) => {
        const piece = pieceOf(text, anchors, seeded(seed));
        const at = place(kernel, piece, offset, atEnd);
        const found = piecesBetween(piece.length, cuts).flatMap(([from, to]) => {
          const pairs = [...kernel.candidates(at, from, to, piece.length)];
          return pairs.flatMap((position, i) => (i % 2 ? [] : [`${position} ${pairs[i + 1]}`]));
        });
        expect(found.sort()).toEqual(searched(anchors, piece).sort());
      }),
      { numRuns: 150 },
    );
  });

  it('finds each shipped anchor that is all the text there is, at every alignment', () => {
    const anchors = shippedAnchors();
    const kernel = createKernel(kernelModule(), buildImage(anchors));
    const lost = anchors.flatMap(({ literal }, anchor) => {
      const at = place(kernel, literal, anchor % 18, false);
      const pairs = kernel.candidates(at, 0, literal.length, literal.length);
      return pairs.some((value, i) => i % 2 === 1 && value === anchor && pairs[i - 1] === 0) ? [] : [literal];
    });
    expect(lost).toEqual([]);
  });

  it('finds the same encoded runs and escapes wherever the text lies and is cut', () => {
    const kernel = createKernel(kernelModule(), buildImage([]));
    const encoded = (random: Random) =>
      Buffer.from(prose(random, between(random, 10, 90))).toString(pick(random, ['base64', 'base64url', 'hex']));
    fc.assert(
      fc.property(where, ({ seed, offset, atEnd, cuts }) => {
        const random = seeded(seed);
        const gap = () => {
          const from = between(random, 0, text.length - 300);
          return (
            pick(random, ['"', ' ', '\n']) +
            text.slice(from, from + between(random, 0, 200)) +
            pick(random, ['"', ' ', '%2f', '\\/'])
          );
        };
        const piece = Array.from({ length: between(random, 1, 6) }, () => encoded(random)).join(gap());
        const at = place(kernel, piece, offset, atEnd);
        const spots = piecesBetween(piece.length, cuts).flatMap(([from, to]) =>
          kernel.spots(at, from, to, piece.length),
        );
        expect(spots).toEqual(kernel.spots(at, 0, piece.length, piece.length));
        expectPlain(spots, piece);
      }),
      { numRuns: 500 },
    );
  });
});

/** Every escape, and of the runs none but whole ones, in ascending order. */
const expectPlain = (spots: readonly Spot[], text: string): void => {
  const isRun = ({ kind }: Spot) => kind === SPOT.base64 || kind === SPOT.hex;
  const escapes = /(?=\x1b[[\]_]|%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\\/)/gi;
  expect(spots.filter((spot) => !isRun(spot)).map(({ position }) => position)).toEqual(
    [...text.matchAll(escapes)].map(({ index }) => index),
  );
  const runs = new Set(
    [...text.matchAll(/[A-Za-z0-9+/_-]{32,}/g)].map(({ index, 0: run }) => `${index} ${run.length}`),
  );
  for (const { position, length } of spots.filter(isRun)) expect(runs).toContain(`${position} ${length}`);
  expect(spots.map(({ position }) => position)).toEqual(spots.map(({ position }) => position).sort((a, b) => a - b));
};
