import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForm, type Form, type FormAnchor, FormError } from '../../../src/detect/form/form.ts';
import { mutate, sampleOf, seeded, source } from './arbitraries.ts';
import { engines } from './engines.ts';

const anchorsOf = (shape: string, anchors?: string[], nocase?: boolean): readonly FormAnchor[] =>
  compileForm({ shape }, { ...(anchors ? { anchors } : {}), ...(nocase === undefined ? {} : { nocase }) }).anchors;

const literals = (...args: Parameters<typeof anchorsOf>): string[] =>
  anchorsOf(...args).map(({ literal, nocase }) => (nocase ? `${literal} in any case` : literal));

const bytesOf = (set: string): string =>
  Array.from(set, (bit, byte) => (bit === '1' ? String.fromCharCode(byte) : '')).join('');

const holds = (text: string, anchor: FormAnchor): boolean => {
  const searched = anchor.nocase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  for (let at = searched.indexOf(anchor.literal); at >= 0; at = searched.indexOf(anchor.literal, at + 1)) {
    if (at >= anchor.minOffset && at <= anchor.maxOffset && followHolds(text, at, anchor)) return true;
  }
  return false;
};

const followHolds = (text: string, at: number, { literal, follow }: FormAnchor): boolean => {
  if (!follow) return true;
  const behind = text.slice(at + literal.length, at + literal.length + follow.min);
  return behind.length === follow.min && Array.from(behind).every((char) => follow.set[char.charCodeAt(0)] === '1');
};

describe('derived anchors', () => {
  it('stand in every match, where they are said to stand, with the bytes behind them that are said to follow', () => {
    let anchored = 0;
    fc.assert(
      fc.property(source, fc.integer(), (written, seed) => {
        const form: Form = compileForm(written);
        const random = seeded(seed);
        const text = mutate(sampleOf(form, random)?.text ?? '', random);
        for (const { start, end } of engines[0]!.all(form.source, text)) {
          if (form.anchors.length === 0) continue;
          anchored++;
          expect(form.anchors.some((anchor) => holds(text.slice(start, end), anchor))).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
    expect(anchored).toBeGreaterThan(50);
  });

  it('are the fixed prefix, followed by the run behind it', () => {
    const [anchor, ...others] = anchorsOf("'abc_' hex{36}");
    expect(others).toEqual([]);
    expect(anchor).toMatchObject({ literal: 'abc_', nocase: false, minOffset: 0, maxOffset: 0, follow: { min: 36 } });
    expect(bytesOf(anchor!.follow!.set)).toBe('0123456789abcdef');
  });

  it('join neighbours into longer literals, one for each way', () => {
    expect(literals("'zk_' ('test' | 'live') '_' alnum{24}")).toEqual(['zk_test_', 'zk_live_']);
    expect(literals("~'zkeyring' '-' [ab] hex{8}")).toEqual(['zkeyring- in any case']);
  });

  it('merge classes and literals that follow into one set', () => {
    const [anchor] = anchorsOf("'SZ.' word{22} '.' word{43}");
    expect(anchor!.follow!.min).toBe(66);
    expect(bytesOf(anchor!.follow!.set)).toContain('.');
  });

  it('prefer what is rare to what comes first', () => {
    const [anchor] = anchorsOf("'https://' any{1,20} '@zq.example' alnum{5}");
    expect(anchor).toMatchObject({ literal: '@zq.example', minOffset: 9, maxOffset: 28 });
  });

  it('are one for each alternative when nothing else is fixed', () => {
    expect(literals("'abc' digit{3,9} | hex{8} '-zzz'")).toEqual(['abc', '-zzz']);
    expect(literals("'qdb' ('+' alpha{2,9})? '://' any{8}")).toEqual(['qdb+', 'qdb://']);
  });

  it('grow by a small class when the literal is short', () => {
    expect(literals("'zq' [789] alnum{20}")).toEqual(['zq7', 'zq8', 'zq9']);
  });

  it('are none when a match can do without each literal', () => {
    expect(anchorsOf('hex{32}')).toEqual([]);
    expect(anchorsOf("'ab' hex{32}")).toEqual([]);
    expect(anchorsOf("'abcdef'? hex{32}")).toEqual([]);
    expect(anchorsOf("('abcdef' | digit{9}) hex{32}")).toEqual([]);
  });

  it('give way to a literal that they hold', () => {
    const [anchor, ...others] = anchorsOf("('qredis' | 'qrediss') any{4}");
    expect(others).toEqual([]);
    expect(anchor).toMatchObject({ literal: 'qredis', follow: { min: 4 } });
    expect(anchorsOf("('qredis' | 'qrediss') '://' alnum{9}")[0]).toMatchObject({
      literal: 'qredis://',
      follow: { min: 9 },
    });
  });
});

describe('given anchors', () => {
  it('are found where they stand, inside of longer literals too', () => {
    const [anchor] = anchorsOf("alnum{4,8} '-zone-key-' hex{16}", ['one-']);
    expect(anchor).toMatchObject({ literal: 'one-', minOffset: 6, maxOffset: 10, follow: { min: 20 } });
  });

  it('are taken in any case where the form or the option says so', () => {
    expect(literals("'Bearer' hex{16}", ['bearer'], true)).toEqual(['bearer in any case']);
    expect(literals("~'Bearer' hex{16}", ['Bearer'])).toEqual(['bearer in any case']);
  });

  it('are refused when no match holds them, or a match can do without all of them', () => {
    const refuse = (shape: string, anchors: string[]) => () => anchorsOf(shape, anchors);
    expect(refuse("'abcd' hex{8}", ['abce'])).toThrow(FormError);
    expect(refuse("'abcd' hex{8}", ['ABCD'])).toThrow('not a fixed part');
    expect(refuse("('abcd' | 'efgh') hex{8}", ['abcd'])).toThrow('need not hold');
    expect(refuse("'abcd'? 'zzz' hex{8}", ['xyz'])).toThrow('not a fixed part');
    expect(refuse("'abcd' hex{8}", ['ab'])).toThrow('shorter than 3');
  });
});
