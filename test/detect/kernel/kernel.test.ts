import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readComparisons } from '../../../src/detect/assign/comparison.ts';
import { judgeAssignment } from '../../../src/detect/assign/judge.ts';
import { readAssignments } from '../../../src/detect/assign/read.ts';
import { buildImage, type KernelAnchor } from '../../../src/detect/kernel/image.ts';
import { createKernel, type Kernel, SPOT } from '../../../src/detect/kernel/kernel.ts';
import { kernelModule, rulesOf, shippedRules } from '../../support/detector.ts';
import { BASE62, between, mixedText, pick, prose, type Random, randomText, seeded } from '../../support/random.ts';

interface Candidate {
  readonly at: number;
  readonly anchor: number;
}

const setOf = (characters: string): string =>
  Array.from({ length: 256 }, (_, byte) => (characters.includes(String.fromCharCode(byte)) ? '1' : '0')).join('');

const kernelFor = (anchors: readonly KernelAnchor[]): Kernel => createKernel(kernelModule(), buildImage(anchors));

/** Puts a text of one character a byte into the kernel, with other bytes behind it as in a buffer used before. */
const put = (kernel: Kernel, text: string, at = kernel.inputAt): void => {
  kernel.reserve(at, text.length + 64);
  kernel.memory().fill('dirt_', at, at + text.length + 64, 'latin1');
  kernel.memory().write(text, at, 'latin1');
  kernel.reserve(at, text.length);
};

const byPlace = (a: Candidate, b: Candidate) => a.at - b.at || a.anchor - b.anchor;

const candidatesIn = (kernel: Kernel, text: string, from = 0, to = text.length): Candidate[] => {
  put(kernel, text);
  const pairs = [...kernel.candidates(kernel.inputAt, from, to, text.length)];
  return pairs.flatMap((at, i) => (i % 2 ? [] : [{ at, anchor: pairs[i + 1]! }])).sort(byPlace);
};

/** Does a run of the test's bytes begin in [from, last] of a text and end within it? */
const hasRun = (text: string, from: number, last: number, { set, min }: { set: string; min: number }): boolean => {
  for (let start = from; start <= last; start++) {
    const run = Array.from({ length: min }, (_, i) => text.charCodeAt(start + i));
    if (run.every((byte) => set[byte] === '1')) return true;
  }
  return false;
};

/** What stands between a word and the end of its line when that line heads a section. */
const HEAD_END = /^(?=.{1,32}$)(?=.*[:=[\](){])[\w.-]{0,24}["'`]?[\])]?\s{0,4}(?:[:=]\s{0,4})?[[{(]?\s{0,4}$/s;

/**
 * What a context word asks for, in the plainest way: it stands by itself, and a run of the value's bytes begins within
 * reach on its line; or its line is the head of a section, whatever stands below.
 */
const passesNear = (text: string, at: number, end: number, test: KernelAnchor['test'] & { type: 'near' }): boolean => {
  if (/^(?:[A-Za-z][a-z]|[A-Z]{2})$/.test(text.slice(Math.max(0, at - 1), at + 1))) return false;
  const rest = text.slice(end);
  const lineLength = rest.search(/[\r\n]/);
  if (lineLength < 0) return hasRun(rest, 0, test.reach, test);
  const line = rest.slice(0, lineLength);
  if (hasRun(line, 0, test.reach, test)) return true;
  return HEAD_END.test(line);
};

/** Does the byte stand behind as many bytes of the set as the test says? */
const hasByteBehind = (
  text: string,
  from: number,
  { set, min, reach, byte }: KernelAnchor['test'] & { type: 'until' },
) => {
  const count = text.slice(from).search(new RegExp(`\\x${byte.toString(16).padStart(2, '0')}`));
  const isOfSet = [...text.slice(from, from + count)].every((character) => set[character.charCodeAt(0)] === '1');
  return count >= min && count <= reach && isOfSet;
};

/** What must follow an anchor, said once more in the plainest way. */
const passes = ({ test }: KernelAnchor, text: string, at: number, end: number): boolean => {
  if (test.type === 'run') return hasRun(text, end, end, test);
  if (test.type === 'until') return hasByteBehind(text, end, test);
  return test.type === 'near' ? passesNear(text, at, end, test) : true;
};

/** Every literal wherever it stands in [from, to), by a plain search. */
const literalsIn = (anchors: readonly KernelAnchor[], text: string, from = 0, to = text.length): Candidate[] => {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return anchors
    .flatMap(({ literal, nocase }, index) => {
      const found: Candidate[] = [];
      const where = nocase ? lower : text;
      for (let at = where.indexOf(literal, from); at >= 0 && at < to; at = where.indexOf(literal, at + 1))
        found.push({ at, anchor: index });
      return found;
    })
    .sort(byPlace);
};

/** Every anchor whose literal stands in [from, to) and that is followed by what its test wants. */
const searched = (anchors: readonly KernelAnchor[], text: string, from = 0, to = text.length): Candidate[] =>
  literalsIn(anchors, text, from, to).filter(({ at, anchor }) =>
    passes(anchors[anchor]!, text, at, at + anchors[anchor]!.literal.length),
  );

/** Few letters, so that literals overlap, stand in each other and repeat. */
const letters = 'abAB_-1.';
const codeOf = (character: string) => character.charCodeAt(0);
const literal = fc.string({ unit: fc.constantFrom(...letters), minLength: 3, maxLength: 20 });
const someSet = fc.constantFrom(setOf('ab'), setOf('abAB1'), setOf(BASE62), setOf('_-. '), setOf(letters));
const anchorTest: fc.Arbitrary<KernelAnchor['test']> = fc.oneof(
  fc.constant({ type: 'none' as const }),
  fc.record({ type: fc.constant('run' as const), set: someSet, min: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    type: fc.constant('near' as const),
    set: someSet,
    min: fc.integer({ min: 1, max: 6 }),
    reach: fc.nat(12),
  }),
);
const anchorTests = fc.oneof(
  { weight: 3, arbitrary: anchorTest },
  fc
    .record({
      set: someSet,
      min: fc.nat(4),
      more: fc.nat(8),
      byte: fc.constantFrom(...[...letters, '\n', ':'].map(codeOf)),
    })
    .map(({ set, min, more, byte }) => ({
      type: 'until' as const,
      set: `${set.slice(0, byte)}0${set.slice(byte + 1)}`,
      min,
      reach: min + more,
      byte,
    })),
);
const kernelAnchor: fc.Arbitrary<KernelAnchor> = fc
  .record({ literal, nocase: fc.boolean(), test: anchorTests })
  .map(({ literal, nocase, test }) => ({ literal: nocase ? literal.toLowerCase() : literal, nocase, test }));

const anyCase = (text: string, random: Random): string =>
  [...text].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join('');

/** A text full of the anchors, glued together and apart, at all alignments and at both ends. */
const seededText = (anchors: readonly KernelAnchor[], seed: number): string => {
  const random = seeded(seed);
  const noise = () => randomText(random, between(random, 0, 5), `${letters} \n\r\0\xff:{`);
  const pieces = Array.from({ length: between(random, 1, 12) }, () => {
    const { literal, nocase } = pick(random, anchors);
    return nocase ? anyCase(literal, random) : literal;
  });
  const joined = pieces.map((piece) => piece + noise()).join('');
  return (random() < 0.5 ? noise() : '') + (random() < 0.5 ? joined : joined.trimEnd());
};

describe('the kernel', () => {
  it('finds what a plain search for every anchor finds, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(kernelAnchor, { minLength: 1, maxLength: 12 }), fc.integer(), (anchors, seed) => {
        const text = seededText(anchors, seed);
        expect(candidatesIn(kernelFor(anchors), text)).toEqual(searched(anchors, text));
      }),
      { numRuns: 1500 },
    );
  });

  it('gives the candidates of any part of the input, and those of all parts together', () => {
    fc.assert(
      fc.property(
        fc.array(kernelAnchor, { minLength: 1, maxLength: 5 }),
        fc.integer(),
        fc.array(fc.nat(80), { maxLength: 4 }),
        (anchors, seed, cuts) => {
          const text = seededText(anchors, seed);
          const kernel = kernelFor(anchors);
          const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort((a, b) => a - b);
          const parts = places.slice(1).map((to, i) => [places[i]!, to] as const);
          for (const [from, to] of parts) {
            expect(candidatesIn(kernel, text, from, to)).toEqual(searched(anchors, text, from, to));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds an anchor of three and of four bytes at each offset, up to the last byte of the input', () => {
    const anchors = ['abc', 'abcd', 'abcde'].map(
      (literal): KernelAnchor => ({
        literal,
        nocase: false,
        test: { type: 'none' },
      }),
    );
    const kernel = kernelFor(anchors);
    for (let before = 0; before < 40; before++) {
      for (const [index, { literal }] of anchors.entries()) {
        const alone = candidatesIn(kernel, '.'.repeat(before) + literal).filter(({ anchor }) => anchor === index);
        expect(alone).toEqual([{ at: before, anchor: index }]);
      }
    }
  });

  it('gives all candidates when there are more than its buffer holds', () => {
    const anchors: KernelAnchor[] = ['aaa', 'aaaa'].map((literal) => ({
      literal,
      nocase: true,
      test: { type: 'none' },
    }));
    const text = 'a'.repeat(100_000);
    const found = candidatesIn(kernelFor(anchors), text);
    expect(found.length).toBe(text.length - 2 + text.length - 3);
    expect(new Set(found.map(({ at, anchor }) => at * 2 + anchor)).size).toBe(found.length);
  });

  it('may leave out an anchor that starts a token only where a letter glues it to the word before', () => {
    const anchors: KernelAnchor[] = [
      { literal: 'abc', nocase: false, test: { type: 'none' }, startsToken: true },
      { literal: 'ab1', nocase: true, test: { type: 'run', set: setOf('ab1'), min: 2 }, startsToken: true },
      { literal: 'abcd', nocase: false, test: { type: 'none' }, startsToken: true },
    ];
    const kernel = kernelFor(anchors);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcd1gxmn% \\'), maxLength: 60 }), (text) => {
        const found = candidatesIn(kernel, text);
        const all = searched(anchors, text);
        const keys = new Set(found.map(({ at, anchor }) => `${at} ${anchor}`));
        for (const one of found) expect(all).toContainEqual(one);
        for (const { at, anchor } of all) {
          if (!/[g-lo-qsuw-z]/i.test(text[at - 1] ?? ' ')) expect(keys).toContain(`${at} ${anchor}`);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('loses none of the anchors of the shipped rules', () => {
    const rules = rulesOf(shippedRules());
    const anchors = rules
      .flatMap((rule) => rule.anchors)
      .filter(({ test }) => test.type !== 'assignment')
      .map(({ literal, nocase, test }): KernelAnchor => ({ literal, nocase, test }));
    const kernel = kernelFor(anchors);
    const random = seeded(5);
    const rounds = 4;
    for (let round = 0; round < rounds; round++) {
      const some = anchors.filter((_, index) => index % rounds === round);
      const pieces = some.map(({ literal, nocase }) => {
        const written = nocase && random() < 0.5 ? literal.toUpperCase() : literal;
        const given = pick(random, ['', ' = ', '=', ': "', '\n', ':\n  ', ']\r\nkey = ']);
        return written + given + mixedText(random, between(random, 4, 60));
      });
      const text = pieces
        .map((piece) => pick(random, ['', ' ', '.', '\n', '"']) + piece)
        .sort(() => random() - 0.5)
        .join('');
      const shown = (list: Candidate[]) => new Set(list.map(({ at, anchor }) => `${at} ${anchor}`));
      const literals = literalsIn(anchors, text);
      const wanted = literals.filter(({ at, anchor }) =>
        passes(anchors[anchor]!, text, at, at + anchors[anchor]!.literal.length),
      );
      const found = shown(candidatesIn(kernel, text));
      expect([...shown(wanted)].filter((one) => !found.has(one))).toEqual([]);
      // The sets of their tests are more than there are class bits: a wider one may stand in.
      const untested = shown(literals);
      expect([...found].filter((one) => !untested.has(one))).toEqual([]);
      expect(found.size).toBeLessThan(untested.size);
    }
  });

  it('takes a word whose line heads a section, and leaves what stands below to the rule', () => {
    const anchor: KernelAnchor = {
      literal: 'acme',
      nocase: true,
      test: { type: 'near', set: setOf('0123456789'), min: 4, reach: 10 },
    };
    const kernel = kernelFor([anchor]);
    const isSeen = (text: string) => candidatesIn(kernel, text).length === 1;
    for (const head of ['acme:\n', '[acme]\n', '"acme": {\r\n', 'acme = [\n', 'provider "acme" (\n', 'acme:  \r\n'])
      expect(isSeen(`${head}x`), JSON.stringify(head)).toBe(true);
    for (const head of ['acme\n', 'acme,\n', 'acme: on\n', `acme${'.'.repeat(32)}:\n`])
      expect(isSeen(`${head}x`), JSON.stringify(head)).toBe(false);
  });

  it('lets every assignment through that is read and judged to be a secret', () => {
    const literals = ['password', 'token', 'secret', 'api_key'];
    const anchors = literals.map((literal): KernelAnchor => ({ literal, nocase: true, test: { type: 'assignment' } }));
    const kernel = kernelFor(anchors);
    const strong = /^(?:hR7#vqk2T|mKq9-Tz4wX)/;
    const part = fc.constantFrom(
      ...['password', 'Token', 'db_secret', 'API_KEY', ' = ', '=', ': ', ':=', ' => ', '"', "'", '`', ',', '\n', ' '],
      ...[
        '(',
        ')',
        '<',
        '>',
        '</',
        '{',
        '}',
        '[',
        ']',
        '\\"',
        '&',
        '*',
        '!!',
        'value',
        'name',
        'x1y2z3q9',
        'hunter',
        '$',
      ],
      ...['==', '!=', ';', '#', '\t', '@', 'A', '7', '-', '_', '.', '\r\n', '  value: '],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        const found = new Set(candidatesIn(kernel, text).map(({ at }) => at));
        for (const match of text.matchAll(new RegExp(literals.join('|'), 'gi'))) {
          const end = match.index + match[0].length;
          const read = [readAssignments, readComparisons].flatMap((reader) => reader(text, match.index, end));
          // Values of signs alone, or with a quote among the first characters, are not worth a look.
          const kept = read.filter((one) => strong.test(one.value) && judgeAssignment(one, '', '').keep);
          if (kept.length > 0) expect(found, JSON.stringify(text)).toContain(match.index);
        }
      }),
      { numRuns: 4000 },
    );
  });
});

describe('the places of encoded text', () => {
  const kernel = kernelFor([]);
  const spotsIn = (text: string, from = 0, to = text.length) => {
    put(kernel, text);
    return kernel.spots(kernel.inputAt, from, to, text.length).sort((a, b) => a.position - b.position);
  };

  it('are the whole runs of base64 of text, wherever they stand', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 24, max: 400 }), fc.nat(70), fc.boolean(), (seed, size, pad, url) => {
        const random = seeded(seed);
        const inner = prose(random, size);
        const run = Buffer.from(inner)
          .toString(url ? 'base64url' : 'base64')
          .replace(/=+$/, '');
        const before = `${prose(random, pad).slice(0, pad)}"`;
        const spots = spotsIn(`${before}${run}"${pick(random, ['', 'x', '\n'])}`);
        expect(spots).toEqual([{ position: before.length, length: run.length, kind: SPOT.base64 }]);
      }),
      { numRuns: 500 },
    );
  });

  it('are the runs of hex that spell text', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(70), (seed, pad) => {
        const random = seeded(seed);
        const run = Buffer.from(prose(random, 40)).toString('hex');
        const spots = spotsIn(`${'.'.repeat(pad)}${run} `);
        expect(spots).toEqual([{ position: pad, length: run.length, kind: SPOT.hex }]);
      }),
    );
  });

  it('are not random tokens or hashes', () => {
    const random = seeded(9);
    let found = 0;
    for (let i = 0; i < 2000; i++) found += spotsIn(`"${randomText(random, between(random, 32, 90), BASE62)}"`).length;
    for (let i = 0; i < 2000; i++) found += spotsIn(`"${randomText(random, 64, '0123456789abcdef')}"`).length;
    expect(found).toBeLessThan(40);
  });

  it('are the escapes of each kind at their first byte, once for all parts of the input', () => {
    const escapes: Record<string, number> = {
      '\x1b[31m': SPOT.ansi,
      '\x1b]0;x\x07': SPOT.ansi,
      '%5F': SPOT.percent,
      '\\u005f': SPOT.backslash,
      '\\x5f': SPOT.backslash,
      '\\/': SPOT.backslash,
    };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...Object.keys(escapes)), fc.nat(20)), { minLength: 1, maxLength: 9 }),
        fc.nat(150),
        (pieces, cut) => {
          let text = '';
          const expected: { position: number; kind: number }[] = [];
          for (const [written, gap] of pieces) {
            text += ' '.repeat(gap);
            expected.push({ position: text.length, kind: escapes[written]! });
            text += `${written} `;
          }
          const middle = Math.min(cut, text.length);
          const spots = [...spotsIn(text, 0, middle), ...spotsIn(text, middle)];
          expect(spots.map(({ position, kind }) => ({ position, kind }))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are all given when there are more than the buffer holds', () => {
    const text = '%41'.repeat(40_000);
    expect(spotsIn(text).map(({ position }) => position)).toEqual(Array.from({ length: 40_000 }, (_, i) => i * 3));
  });
});

describe('counting', () => {
  const kernel = kernelFor([]);

  it('tells the line feeds of any stretch', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\n', '\r', 'a', '\x8a'), maxLength: 80 }),
        fc.nat(80),
        fc.nat(80),
        (text, one, other) => {
          const [from, to] = [Math.min(one, other, text.length), Math.min(Math.max(one, other), text.length)];
          put(kernel, text);
          const lines = text.slice(from, to).split('\n').length - 1;
          expect(kernel.newlines(kernel.inputAt + from, kernel.inputAt + to)).toBe(lines);
        },
      ),
    );
  });

  it('tells the UTF-16 length of UTF-8 text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const bytes = Buffer.from(text);
        put(kernel, bytes.toString('latin1'));
        expect(kernel.utf16Units(kernel.inputAt, kernel.inputAt + bytes.length)).toBe(bytes.toString().length);
      }),
    );
  });
});
