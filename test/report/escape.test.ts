import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forTerminal, safeLink, toJson, toUri, wellFormed } from '../../src/report/escape.ts';

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });

describe('forTerminal', () => {
  test('shows controls, escapes, direction marks and raw bytes instead of sending them', () => {
    expect(forTerminal('a\nb\x1b[2Jc\x7f')).toBe('a\\x0ab\\x1b[2Jc\\x7f');
    expect(forTerminal('\u202egnp.exe\u2066\u200b\u2028\u009b')).toBe(
      '\\u{202e}gnp.exe\\u{2066}\\u{200b}\\u{2028}\\u{9b}',
    );
    expect(forTerminal('caf\udce9\ud800')).toBe('caf\\xe9\\u{d800}');
  });

  test('leaves letters of every script and emoji as they are', () => {
    expect(forTerminal('naïve Ω 漢字 שלום 🔑 C:\\x')).toBe('naïve Ω 漢字 שלום 🔑 C:\\x');
  });

  test('nothing unsafe is left, whatever comes in', () => {
    fc.assert(fc.property(anyText, (text) => !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(forTerminal(text))));
  });
});

describe('toUri', () => {
  test('encodes all but unreserved characters and slashes', () => {
    expect(toUri('a b/c#d?e%f:g[h]\'"\n\\.txt')).toBe('a%20b/c%23d%3Fe%25f%3Ag%5Bh%5D%27%22%0A%5C.txt');
    expect(toUri('é/漢/🔑')).toBe('%C3%A9/%E6%BC%A2/%F0%9F%94%91');
  });

  test('gives bytes that are not UTF-8 as they are, and absolute paths a scheme', () => {
    expect(toUri('caf\udce9.txt')).toBe('caf%E9.txt');
    expect(toUri('\ud800')).toBe('%ED%A0%80');
    expect(toUri('/tmp/a b')).toBe('file:///tmp/a%20b');
  });

  test('agrees with decodeURIComponent for every well-formed path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const uri = toUri(wellFormed(path).replace(/^\/+/, ''));
        expect(uri).toMatch(/^[A-Za-z0-9\-._~%/]*$/);
        expect(decodeURIComponent(uri)).toBe(wellFormed(path).replace(/^\/+/, ''));
      }),
    );
  });
});

describe('toJson', () => {
  test('reads back as the same value and holds nothing a terminal acts on', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const json = toJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});

describe('safeLink', () => {
  test('lets web addresses through and nothing else', () => {
    expect(safeLink('https://acme.example/a?b=c#d')).toBe('https://acme.example/a?b=c#d');
    for (const bad of [undefined, 'javascript:alert(1)', 'https://a/\x1b]8;;', 'https://a b', 'https://a/)[x](']) {
      expect(safeLink(bad)).toBeUndefined();
    }
  });
});
