import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForm, FormError, toRe2Source } from '../../../src/detect/form/form.ts';
import { pattern, shape } from './arbitraries.ts';

const source = (pattern: string): string => compileForm({ pattern }).source;

const errorOf = (pattern: string): FormError => {
  try {
    compileForm({ pattern });
  } catch (error) {
    if (error instanceof FormError) return error;
    throw error;
  }
  throw new Error(`compiled: ${pattern}`);
};

describe('patterns', () => {
  it('write classes out and keep . off line feeds', () => {
    expect(source('a\\d\\w.')).toBe('a[0-9][0-9A-Z_a-z][^\\n]');
    expect(source('(?s:a.)')).toBe('a[\\s\\S]');
    expect(source('[[:alpha:]_][^[:digit:]][\\D]')).toBe('[A-Z_a-z][^0-9][^0-9]');
    expect(source('[]a][^]a]')).toBe('[\\]a][^\\]a]');
  });

  it('spell (?i) out, for as long as it holds', () => {
    expect(source('(?i)ab-1[c-d]')).toBe('[Aa][Bb]-1[CDcd]');
    expect(source('(?i)x[^a][[:^lower:]]')).toBe('[Xx][^Aa][^A-Za-z]');
    expect(source('a(?i:b)c')).toBe('a[Bb]c');
    expect(source('(?:a(?i)b)c')).toBe('a[Bb]c');
    expect(source('(?i)a(?-i)b')).toBe('[Aa]b');
    expect(source('x(?:(?i)a|b)c')).toBe('x(?:[Aa]|[Bb])c');
  });

  it('make groups plain but for the secret, in either spelling', () => {
    expect(source('(ab)(?P<name>c){2}(?P<secret>d+)')).toBe('abc{2}(?<secret>d{1,512})');
    expect(source('x(?<secret>d)')).toBe('x(?<secret>d)');
    expect(source('(ab|c)d')).toBe('(?:ab|c)d');
  });

  it('read escapes of bytes and characters', () => {
    expect(source('\\x41\\x{42}\\x{e9}\\x{2028}\\tc\\/\\Qa.b\\E+')).toBe('AB\\xe9\\xe2\\x80\\xa8\\tc/a\\.b{1,512}');
  });

  it('keep laziness, and turn it round under (?U)', () => {
    expect(source('ab??c{2,3}?d')).toBe('ab??c{2,3}?d');
    expect(source('(?U)ab{1,3}c{1,3}?')).toBe('ab{1,3}?c{1,3}');
  });

  it('keep places', () => {
    expect(source('\\bab\\B')).toBe('\\bab\\B');
    expect(source('\\Aab\\z')).toBe('^ab$');
    expect(source('(?m)^ab$')).toBe('(?:^|[\\n\\r])(?<secret>ab)(?:$|[\\n\\r])');
  });

  it('take a brace that is no quantifier as it is', () => {
    expect(source('a{b}{,2}')).toBe('a\\{b\\}\\{,2\\}');
  });

  it('write out groups that may be empty, and loops in loops', () => {
    expect(source('(?:a{0,5}){0,2}b')).toBe('(?:(?:a{0,5})(?:(?:a{0,5})|)|)b');
    expect(source('(?:a*)*b')).toBe('a{0,512}b');
    expect(source('(?:a{1,600}b){1,2}')).toBe('(?:a{1,600}b)(?:a{1,600}b)?');
    expect(compileForm({ pattern: '(?:\\w+\\.)+com' }).maxLength).toBe(64 * 65 + 3);
  });

  it.each([
    ['(?=a)b', 'look-around', 0],
    ['x(?<!a)b', 'look-around', 1],
    ['(a)\\1', 'back-references', 3],
    ['(?P=x)', 'back-references', 0],
    ['\\k<x>', 'back-references', 0],
    ['(?>a)', 'atomic', 0],
    ['(?#a)', 'unknown kind of group', 0],
    ['a\\pL', 'Unicode classes', 1],
    ['[\\p{Greek}]', 'Unicode classes', 1],
    ['[\u00e9]', 'only ASCII in a class', 1],
    ['[[:foo:]]', 'unknown class', 1],
    ['[z-a]', 'out of order', 1],
    ['[a', 'not closed', 0],
    ['a**', 'two quantifiers', 0],
    ['a++', 'two quantifiers', 0],
    ['ab{3}{2}', 'two quantifiers', 1],
    ['*a', 'nothing before it', 0],
    ['a|+', 'nothing before it', 2],
    ['(a', 'no ) for (', 0],
    ['a)', 'a ) without', 1],
    ['a{5,2}', 'out of order', 1],
    ['a\\', 'backslash at the end', 1],
    ['\\y', 'unknown escape', 0],
    [`${'('.repeat(101)}a${')'.repeat(101)}`, 'nest deeper', 100],
  ])('refuse %s', (written, message, offset) => {
    const error = errorOf(written);
    expect(error.message).toContain(message);
    expect(error.offset).toBe(offset);
  });

  it('never fail but with a FormError whose offset is in the text', () => {
    const damaged = fc.tuple(
      fc.oneof(pattern, shape),
      fc.nat(40),
      fc.constantFrom('(', ')', '[', '\\', '{', '«', "'", '?', '|', ''),
    );
    fc.assert(
      fc.property(damaged, ([written, at, put]) => {
        const text = 'shape' in written ? written.shape : written.pattern;
        const broken = text.slice(0, at) + put + text.slice(at + 1);
        try {
          compileForm('shape' in written ? { shape: broken } : { pattern: broken });
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
          expect((error as FormError).offset).toBeGreaterThanOrEqual(0);
          expect((error as FormError).offset).toBeLessThanOrEqual(broken.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the spelling for RE2', () => {
  it('changes the name of the secret group and no text that looks like it', () => {
    expect(toRe2Source('a(?<secret>b)')).toBe('a(?P<secret>b)');
    const tricky = source('a(\\()?<secret>');
    expect(tricky).toBe('a\\(?<secret>');
    expect(toRe2Source(tricky)).toBe(tricky);
  });
});
