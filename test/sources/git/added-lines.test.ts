import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedLines } from '../../../src/sources/git/added-lines.ts';

describe('addedLines', () => {
  it('finds the lines of a new file new', () => {
    expect(added('a\nb\n', [])).toEqual([1, 2]);
    expect(added('a\nb', [undefined])).toEqual([1, 2]);
    expect(added('a\nb', [undefined, undefined])).toEqual([1, 2]);
    expect(added('a\nb', [''])).toEqual([1, 2]);
  });

  it('finds only the inserted and changed lines new', () => {
    expect(added('a\nX\nb\nC\n', ['a\nb\nc\n'])).toEqual([2, 4]);
  });

  it('finds nothing new in an unchanged, shortened or reordered file', () => {
    expect(added('a\nb\nc\n', ['a\nb\nc\n'])).toEqual([]);
    expect(added('b\n', ['a\nb\nc\n'])).toEqual([]);
    expect(added('c\nb\na', ['a\nb\nc\n'])).toEqual([]);
    expect(added('', ['a\n'])).toEqual([]);
  });

  it('finds one more copy of a line new: the last', () => {
    expect(added('a\nb\na\n', ['a\nb\n'])).toEqual([3]);
    expect(added('a\na\na\na\n', ['a\na\n'])).toEqual([3, 4]);
    expect(added('X\na\nb\na\nY\n', ['b\na\n'])).toEqual([1, 4, 5]);
  });

  it('finds the inserted copy new rather than the old one below it', () => {
    expect(added('a\nKEY\nb\nKEY\nc\n', ['a\nb\nKEY\nc\n'])).toEqual([2]);
    expect(added('KEY\na\nKEY\n', ['a\nKEY\n'])).toEqual([1]);
  });

  it('takes a file with other line endings, or none at its end, for the same lines', () => {
    expect(added('a\r\nb\r\nc', ['a\nb\nc\n'])).toEqual([]);
    expect(added('a\nb\nc\n', ['a\r\nb\r\nc'])).toEqual([]);
    expect(added('\r\n\n', ['\n\r\n'])).toEqual([]);
  });

  it('counts carriage returns that end no line as content', () => {
    expect(added('a\rb\n', ['a\nb\n'])).toEqual([1]);
    expect(added('a\r\r\n', ['a\r\n'])).toEqual([1]);
    expect(added('a\r', ['a\n'])).toEqual([1]);
  });

  it('finds in a merge only what no parent has', () => {
    expect(added('ours\nboth\ntheirs\nevil\n', ['ours\nboth\n', 'both\ntheirs\n'])).toEqual([4]);
    expect(added('x\n', ['x\n', undefined])).toEqual([]);
    expect(added('x\nx\nx\n', ['x\n', 'x\nx\n'])).toEqual([3]);
  });

  it('compares bytes that are not text', () => {
    const blob = Buffer.from([0, 255, 10, 0, 254, 10]);
    expect(list(addedLines(blob, [Buffer.from([0, 255, 10, 0, 253, 10])]))).toEqual([2]);
  });

  it('answers for spans of lines and of bytes', () => {
    const lines = addedLines(Buffer.from('aa\nXX\nbb\n'), [Buffer.from('aa\nbb\n')]);
    expect(lines).toMatchObject({ lines: 3, count: 1 });
    expect([lines.has(0), lines.has(1), lines.has(2), lines.has(3), lines.has(4)]).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect([lines.any(1, 1), lines.any(1, 2), lines.any(2, 9), lines.any(3, 9)]).toEqual([false, true, true, false]);
    expect([lines.anyInBytes(0, 3), lines.anyInBytes(0, 4), lines.anyInBytes(5, 6), lines.anyInBytes(6, 8)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([lines.anyInBytes(3, 3), lines.anyInBytes(9, 9)]).toEqual([true, false]);
  });

  it('finds the line of a byte far into a large blob', () => {
    const old = Buffer.from(Array.from({ length: 60_000 }, (_, at) => `line ${at}\n`).join(''));
    const middle = old.indexOf('line 41234\n');
    const blob = Buffer.concat([old.subarray(0, middle), Buffer.from('new\n'), old.subarray(middle)]);
    const lines = addedLines(blob, [old]);
    expect(list(lines)).toEqual([41235]);
    expect(lines.anyInBytes(middle, middle + 3)).toBe(true);
    expect(lines.anyInBytes(middle - 4, middle)).toBe(false);
    expect(lines.anyInBytes(middle + 4, blob.length)).toBe(false);
  });

  it('agrees with a slow and obvious definition, in one round or many', () => {
    const line = fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\r', 'a\r', '\0', 'long line '.repeat(5));
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 30 })
      .chain((lines) => fc.tuple(fc.constant(lines.flat().join('')), fc.boolean()))
      .map(([whole, cut]) => (cut ? whole.replace(/\r?\n$/, '') : whole));
    const parents = fc.array(fc.option(text, { nil: undefined }), { maxLength: 3 });
    fc.assert(
      fc.property(text, parents, fc.constantFrom(1, 3, 1 << 21), (now, olds, perRound) => {
        const lines = addedLines(
          Buffer.from(now),
          olds.map((old) => (old === undefined ? undefined : Buffer.from(old))),
          perRound,
        );
        const expected = reference(now, olds);
        expect(list(lines)).toEqual(expected);
        expect(lines.count).toBe(expected.length);
        expect(lines.lines).toBe(split(now).length);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with it on many distinct lines', () => {
    const number = fc.integer({ min: 0, max: 3000 });
    const text = fc.array(number, { minLength: 1000, maxLength: 3000 }).map((numbers) => `${numbers.join('\n')}\n`);
    fc.assert(
      fc.property(text, text, fc.constantFrom(100, 1 << 21), (now, old, perRound) => {
        expect(list(addedLines(Buffer.from(now), [Buffer.from(old)], perRound))).toEqual(reference(now, [old]));
      }),
      { numRuns: 20 },
    );
  });
});

/** Sets equal lines at the start and the end aside; then new is each copy beyond the number of copies in every parent. */
function reference(now: string, olds: readonly (string | undefined)[]): number[] {
  const existing = olds.filter((old) => old !== undefined && old !== '') as string[];
  const whole = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const texts = [now, ...existing].map((text) => ({ lines: whole(text), from: 0, to: whole(text).length }));
  const same = (line: (text: (typeof texts)[number]) => string | undefined) =>
    existing.length > 0 && texts.every((text) => text.from < text.to && line(text) === line(texts[0]!));
  while (same(({ lines, from }) => lines[from])) for (const text of texts) text.from++;
  while (same(({ lines, to }) => lines[to - 1])) for (const text of texts) text.to--;
  const [mine, ...others] = texts.map(({ lines, from, to }) => split(lines.slice(from, to).join('')));
  const copies = (all: readonly string[], line: string) => all.filter((other) => other === line).length;
  return mine!.flatMap((line, at) => {
    const nth = copies(mine!.slice(0, at + 1), line);
    return others.every((other) => nth > copies(other, line)) ? [texts[0]!.from + at + 1] : [];
  });
}

function split(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop();
  const ended = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return last === '' ? ended : [...ended, last!];
}

function added(now: string, olds: readonly (string | undefined)[]): number[] {
  return list(
    addedLines(
      Buffer.from(now),
      olds.map((old) => (old === undefined ? undefined : Buffer.from(old))),
    ),
  );
}

function list(lines: { readonly lines: number; has(line: number): boolean }): number[] {
  return Array.from({ length: lines.lines }, (_, at) => at + 1).filter((line) => lines.has(line));
}
