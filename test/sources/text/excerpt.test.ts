import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/sources/text/excerpt.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r', '\r\n', 'é', '中', '😀'), maxLength: 60 });

function cut(before: string, secret: string, after: string, max?: number) {
  const start = Buffer.byteLength(before);
  return excerpt(Buffer.from(before + secret + after), start, start + Buffer.byteLength(secret), max);
}

describe('excerpt', () => {
  it('shows a short line whole and points at the secret', () => {
    const shown = cut('first\nkey = "', 'VALUE', '" # note\r\nlast');
    expect(shown.text).toBe('key = "VALUE" # note');
    expect(shown.text.slice(shown.secretStart, shown.secretEnd)).toBe('VALUE');
  });

  it('holds one line of at most max characters, from whole characters, with the first line of the secret in it', () => {
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 40 }), (before, secret, after, max) => {
        const shown = cut(before, secret, after, max);
        const firstLine = secret.split(/[\r\n]/)[0]!;
        expect(shown.text).not.toMatch(/[\r\n\ufffd]/);
        expect(shown.text.length).toBeLessThanOrEqual(max);
        const marked = shown.text.slice(shown.secretStart, shown.secretEnd);
        expect(firstLine.startsWith(marked)).toBe(true);
        if (firstLine.length <= max) expect(marked).toBe(firstLine);
        const bytes = Buffer.from(before + secret + after);
        expect(bytes.subarray(shown.byteStart, shown.byteEnd).toString()).toBe(shown.text);
      }),
    );
  });

  it('fills the room from the side that has text when the other has little', () => {
    const right = cut('k=', 'S'.repeat(10), 'r'.repeat(300), 100);
    expect(right.text).toBe(`k=${'S'.repeat(10)}${'r'.repeat(88)}`);
    const left = cut('l'.repeat(300), 'S'.repeat(10), ';', 100);
    expect(left.text).toBe(`${'l'.repeat(89)}${'S'.repeat(10)};`);
    const both = cut('l'.repeat(300), 'S'.repeat(10), 'r'.repeat(300), 100);
    expect(both).toMatchObject({
      text: `${'l'.repeat(45)}${'S'.repeat(10)}${'r'.repeat(45)}`,
      secretStart: 45,
      secretEnd: 55,
    });
  });

  it('cuts a secret that is longer than the room and shows nothing else', () => {
    expect(cut('before ', 'S'.repeat(300), ' after', 200)).toMatchObject({
      text: 'S'.repeat(200),
      secretStart: 0,
      secretEnd: 200,
    });
  });

  it('never shows what follows on the secret’s other lines', () => {
    expect(cut('x: ', 'one\ntwo', ' three').text).toBe('x: one');
    expect(cut('x: ', '\ntwo', ' three')).toMatchObject({ text: 'x: ', secretStart: 3, secretEnd: 3 });
  });

  it('leaves out the byte order mark and shows invalid bytes as U+FFFD', () => {
    expect(cut('\ufeffk=', 'v', '').text).toBe('k=v');
    const bytes = Buffer.concat([Buffer.from('é'), Buffer.from([0xff]), Buffer.from('secret'), Buffer.from([0xc3])]);
    expect(excerpt(bytes, 3, 9)).toMatchObject({ text: 'é\ufffdsecret\ufffd', secretStart: 2, secretEnd: 8 });
  });

  it('does not read a line of 100 MB to show 200 characters of it', () => {
    const bytes = Buffer.alloc(100_000_000, 'x');
    expect(excerpt(bytes, 50_000_000, 50_000_010).text).toHaveLength(200);
  });
});
