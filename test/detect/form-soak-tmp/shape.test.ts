import { describe, expect, it } from 'vitest';
import { compileForm, type Form, FormError } from '../../../src/detect/form/form.ts';
import { seeded } from './arbitraries.ts';

const compile = (shape: string): Form => compileForm({ shape });
const source = (shape: string): string => compile(shape).source;

const errorOf = (shape: string): FormError => {
  try {
    compile(shape);
  } catch (error) {
    if (error instanceof FormError) return error;
    throw error;
  }
  throw new Error(`compiled: ${shape}`);
};

describe('shapes', () => {
  it('write literals with their special characters escaped', () => {
    expect(source("'a.b$' \"c'd\" '\\'\\\\\\n'")).toBe("a\\.b\\$c'd'\\\\\\n");
  });

  it('write literals above ASCII as their UTF-8 bytes', () => {
    expect(source("'\u00e9' '\\xe9'")).toBe('\\xc3\\xa9\\xe9');
  });

  it('spell literals of any case out', () => {
    expect(source("~'a1-b'")).toBe('[Aa]1-[Bb]');
  });

  it('know the named sets', () => {
    expect(source('digit hex HEX hexi')).toBe('[0-9][0-9a-f][0-9A-F][0-9A-Fa-f]');
    expect(source('lower upper alpha alnum base62')).toBe('[a-z][A-Z][A-Za-z][0-9A-Za-z][0-9A-Za-z]');
    expect(source('alnumlow ALNUM base32 word')).toBe('[0-9a-z][0-9A-Z][2-7A-Z][0-9A-Z_a-z]');
    expect(source('base64 base64url wordash')).toBe('[+/-9=A-Za-z][\\-0-9A-Z_a-z][\\-0-9A-Z_a-z]');
    expect(source('base58 any quote')).toBe('[1-9A-HJ-NP-Za-km-z][!-~]["\'`]');
  });

  it('know white space, line breaks and gaps', () => {
    expect(source("'a' ws 'b' ws? 'c' \\s")).toBe('a[\\t\\n\\x0c\\r ]{1,16}b[\\t\\n\\x0c\\r ]{0,16}c[\\t\\n\\x0c\\r ]');
    expect(source("'a' nl 'b'")).toBe('a(?:\\r?\\n|(?:\\\\r)?\\\\n)b');
    expect(source("'a' ... 'b' ...{2,400} 'c'")).toBe('a[\\s\\S]{0,64}?b[\\s\\S]{2,400}?c');
  });

  it('take classes with escapes, negation and a dash at the end', () => {
    expect(source('[a-f0-9-] [^\\s"] [\\\\\\]\\[] [aA]')).toBe('[\\-0-9a-f][^\\t\\n\\x0c\\r "][\\[-\\]][Aa]');
  });

  it('quantify sets, literals and groups', () => {
    expect(source("digit{3} digit{2,4} 'ab'? '='{0,2} ('x' | 'yz'){2}")).toBe(
      '[0-9]{3}[0-9]{2,4}(?:ab)?={0,2}(?:x|yz){2}',
    );
  });

  it('end unbounded repeats at 512, or at the lower bound, or later for base64 when asked', () => {
    expect(source("'a' digit{3,} digit* digit+ digit{600,}")).toBe('a[0-9]{3,512}[0-9]{0,512}[0-9]{1,512}[0-9]{600}');
    const long = compileForm({ shape: "'a' base64url{20,} '.' digit{1,}" }, { encodedLimit: 4096 });
    expect(long.maxLength).toBe(1 + 4096 + 1 + 512);
  });

  it('cut counts above 1000 into pieces that leave one way for each count', () => {
    expect(source("'a' digit{2500}")).toBe('a[0-9]{1000}[0-9]{1000}[0-9]{500}');
    expect(source("'a' digit{10,1500}")).toBe('a[0-9]{10}(?:[0-9]{1000}[0-9]{0,490}|[0-9]{0,999})');
    expect(source("'a' digit{0,1500}? 'b'")).toBe('a(?:[0-9]{0,999}?|[0-9]{1000}[0-9]{0,500}?)b');
  });

  it('name the secret', () => {
    const form = compile("'key=' «hex{8,16}» ';'");
    expect(form.source).toBe('key=(?<secret>[0-9a-f]{8,16});');
    expect(form).toMatchObject({ hasSecretGroup: true, minLength: 13, maxLength: 21, secretMinLength: 8 });
    expect(compile("'key=' hex{8}")).toMatchObject({ hasSecretGroup: false, secretMinLength: 12 });
  });

  it('keep the line break that ^ and $ may take out of the secret', () => {
    const form = compile("^ 'abc' hex{4} $");
    expect(form.source).toBe('(?:^|[\\n\\r])(?<secret>abc[0-9a-f]{4})(?:$|[\\n\\r])');
    expect(form.hasEdges).toBe(true);
    expect('x\nabc1234\r\n'.match(form.source)?.groups?.secret).toBe('abc1234');
    expect('xabc1234\n'.match(form.source)).toBeNull();
  });

  it('tell whether a match may go on in the class that it ends in', () => {
    expect(compile("'abc' hex{8}").lastOpen).toBe(true);
    expect(compile("'abc' hex{8,}").lastOpen).toBe(false);
    expect(compile("'abc' hex{8} '=='").lastOpen).toBe(false);
    expect(compile("'abc' hex{8} '='{0,2}").lastOpen).toBe(true);
    expect(compile("'abc' (hex{8} | digit{4} '-zz')").lastOpen).toBe(true);
  });

  it('generate the same example for the same numbers', () => {
    const form = compile("('ab' | 'cd') '-' base64{40,} ...");
    expect(form.generate(seeded(7))).toEqual(form.generate(seeded(7)));
    expect(form.generate(seeded(7)).text).not.toContain('=');
  });

  it.each([
    ["'abc", 'literal that is not closed', 0],
    ["digit 'a''", 'literal that is not closed', 9],
    ["''", 'empty literal', 0],
    ["'a' hexx{3}", 'unknown set hexx', 4],
    ["( 'a'", 'no ) for (', 0],
    ["«'a'", 'no » for «', 0],
    ["'a' )", 'unexpected )', 4],
    ["'a' |", 'nothing where', 5],
    ['digit{5,2}', 'out of order', 5],
    ['digit{3', 'not a quantifier', 5],
    ['digit{3} {4}', 'unexpected {', 9],
    ['~digit', '~ goes before a literal', 0],
    ['[z-a]', 'out of order', 1],
    ['[abc', 'class that is not closed', 0],
    ["'\\q'", 'a literal knows the escapes', 1],
    ['toString', 'unknown set', 0],
  ])('refuse %s', (shape, message, offset) => {
    const error = errorOf(shape);
    expect(error.message).toContain(message);
    expect(error.offset).toBe(offset);
  });

  it.each([
    ["('a' «digit» | «hex» 'b')", 'more than one secret part'],
    ["('a' «digit» | 'b')", 'in every alternative'],
    ["'a' («digit»)?", 'must not be optional'],
    ["'a'? digit*", 'empty text'],
    ["'a' ^ 'b'", '^ stands where'],
    ["'a' $ 'b'", '$ stands where'],
    ["('a' [0-9]{1,300}){1,400}", 'more than 65536'],
    ["('a'?){1,40} 'b'", 'may be empty'],
  ])('refuse %s as a whole', (shape, message) => {
    expect(errorOf(shape).message).toContain(message);
  });
});
