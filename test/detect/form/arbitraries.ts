import fc from 'fast-check';
import { compileForm, type Form, FormError, type FormSource } from '../../../src/detect/form/form.ts';
import { worstCaseSteps } from '../../../src/detect/form/linear.ts';

/** Few letters, so that parts of a form overlap and engines have something to disagree about. */
const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'K', '_', '-', '.', '(', '$', '1', '\u00e9', '"', '|'),
  minLength: 1,
  maxLength: 5,
});

const quoted = (text: string): string => `'${text}'`;

const shapeSet = fc.constantFrom(
  ...['digit', 'hex', 'HEX', 'hexi', 'lower', 'upper', 'alpha', 'alnum', 'base62', 'alnumlow', 'ALNUM', 'base32'],
  ...['base58', 'base64', 'base64url', 'word', 'wordash', 'any', 'quote', 'nl', '\\s', '\\n'],
  ...['[ab]', '[^\\s"\']', '[a-f0-9-]', '[^\\n]', '[\\\\rn\\]]', '[\\x80-\\xff]', '[aA]', '[A-L]'],
);

const count = fc.nat(4).chain((min) => fc.nat(5).map((extra) => ({ min, max: min + extra })));

const braces = fc.oneof(
  count.map(({ min, max }) => (max === 0 ? '?' : `{${min},${max}}`)),
  count.map(({ min }) => `{${Math.max(1, min)}}`),
  count.map(({ min }) => `{${min},}`),
  fc.constantFrom('?', '*', '+', '{0,2}?', '+?', '{0,1200}', '{2,1500}?'),
);

/** A quantifier for groups: small, since groups in groups multiply. */
const groupBraces = fc.constantFrom('?', '{2}', '{0,2}', '{1,3}', '{0,3}?', '??');

const { shapeSequence } = fc.letrec<{ shapeSequence: string; item: string; group: string }>((tie) => ({
  shapeSequence: fc
    .array(tie('item'), { minLength: 1, maxLength: 4, depthIdentifier: 'shape' })
    .map((items) => items.join(' ')),
  item: fc.oneof(
    { depthSize: 'small', depthIdentifier: 'shape' },
    word.map(quoted),
    word.map((text) => `~${quoted(text)}`),
    fc.tuple(word, fc.constantFrom('?', '{2}', '{0,3}')).map(([text, quantifier]) => quoted(text) + quantifier),
    shapeSet,
    fc.tuple(shapeSet, braces).map(([set, quantifier]) => (/^(?:nl)$/.test(set) ? set : set + quantifier)),
    fc.constantFrom('...', 'ws', 'ws?', '...{0,9}'),
    tie('group'),
  ),
  group: fc
    .tuple(
      fc.array(tie('shapeSequence'), { minLength: 1, maxLength: 3, depthIdentifier: 'shape' }),
      fc.option(groupBraces, { nil: '' }),
    )
    .map(([options, quantifier]) => `(${options.join(' | ')})${quantifier}`),
}));

/** Shapes of every construct, with and without a secret part and line edges. */
export const shape: fc.Arbitrary<FormSource> = fc
  .record({
    before: fc.option(shapeSequence, { nil: '' }),
    middle: shapeSequence,
    after: fc.option(shapeSequence, { nil: '' }),
    secret: fc.boolean(),
    start: fc.constantFrom('', '', '', '^ '),
    end: fc.constantFrom('', '', '', ' $'),
  })
  .map(({ before, middle, after, secret, start, end }) => ({
    shape: `${start}${before} ${secret ? `«${middle}»` : middle} ${after}${end}`,
  }));

const patternAtom = fc.constantFrom(
  ...[
    'a',
    'b',
    'ab',
    'K',
    '_',
    '-',
    '\\.',
    '\\(',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\S',
    '\\x61',
    '\\x{e9}',
    '\u00e9',
    '\\n',
  ],
  ...[
    '[ab]',
    '[^a]',
    '[[:alnum:]]',
    '[[:^alpha:]]',
    '[\\w.-]',
    '[]a]',
    '\\Qa.b\\E',
    '(?i:ab)',
    '(?s:.)',
    '(?-i:Ab)',
    '[^\\d\\s]',
  ],
);

const { patternSequence } = fc.letrec<{ patternSequence: string; item: string; group: string }>((tie) => ({
  patternSequence: fc
    .array(tie('item'), { minLength: 1, maxLength: 4, depthIdentifier: 'pattern' })
    .map((items) => items.join('')),
  item: fc.oneof(
    { depthSize: 'small', depthIdentifier: 'pattern' },
    patternAtom,
    fc.tuple(patternAtom, braces).map(([atom, quantifier]) => `(?:${atom})${quantifier}`),
    fc.constantFrom('\\b', '\\B'),
    tie('group'),
  ),
  group: fc
    .tuple(
      fc.array(tie('patternSequence'), { minLength: 1, maxLength: 3, depthIdentifier: 'pattern' }),
      fc.constantFrom('(', '(?:', '(?i:'),
      fc.option(groupBraces, { nil: '' }),
    )
    .map(([options, open, quantifier]) => `${open}${options.join('|')})${quantifier}`),
}));

/** Patterns of every construct. */
export const pattern: fc.Arbitrary<FormSource> = fc
  .record({
    before: fc.option(patternSequence, { nil: '' }),
    middle: patternSequence,
    after: fc.option(patternSequence, { nil: '' }),
    open: fc.constantFrom('(?:', '(?P<secret>', '(?<secret>'),
    flags: fc.constantFrom('', '(?i)', '(?s)', '(?U)', '(?is)'),
    start: fc.constantFrom('', '', '', '^', '\\A', '(?m:^)'),
    end: fc.constantFrom('', '', '', '$', '\\z'),
  })
  .map(({ before, middle, after, open, flags, start, end }) => ({
    pattern: `${flags}${start}${before}${open}${middle})${after}${end}`,
  }));

/** The compiled form, or undefined for what is refused on purpose (empty or too long matches). */
export const tryCompile = (source: FormSource): Form | undefined => {
  try {
    return compileForm(source);
  } catch (error) {
    if (error instanceof FormError) return undefined;
    throw error;
  }
};

/** V8 backtracks: what could take longer is left out. */
const STEP_LIMIT = 2_000_000;

/** Whether a source compiles and is cheap enough for V8. */
export const isRunnable = (candidate: FormSource): boolean => {
  const compiled = tryCompile(candidate);
  return compiled !== undefined && worstCaseSteps(compiled.tree) <= STEP_LIMIT;
};

/** Sources that compile; properties compile them again, so that a counterexample is short. */
export const source: fc.Arbitrary<FormSource> = fc.oneof(shape, pattern).filter(isRunnable);

/** A small seeded generator (mulberry32), numbers in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const NOISE = 'abAKk_-.($1\u00e9\u00c3\u00a9"| \n\r\\n\'xz9\xff';

/** A text with a few characters changed, put in, taken out or doubled. */
export const mutate = (text: string, random: () => number): string => {
  let result = text;
  for (let edits = Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * (result.length + 1));
    const char = NOISE[Math.floor(random() * NOISE.length)]!;
    const kind = Math.floor(random() * 4);
    const from = kind === 0 ? at : at + 1;
    const middle = kind === 1 ? '' : kind === 3 ? result.slice(at, at + 8) : char;
    result = result.slice(0, at) + middle + result.slice(from);
  }
  return result;
};

/** A generated example, or undefined when the form has none that it takes as a whole. */
export const sampleOf = (compiled: Form, random: () => number) => {
  try {
    return compiled.generate(random);
  } catch {
    return undefined;
  }
};
