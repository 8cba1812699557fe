import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endsToken, startsToken } from '../../src/detect/boundary.ts';
import { compileRule } from '../../src/detect/rules/compile.ts';
import type { CompiledRule } from '../../src/detect/rules/rule.ts';
import { ruleSource } from '../support/detector.ts';

const form = compileRule(ruleSource({ id: 'acme', shape: "'acme_' base62{20}" }), 'v8');
const dotted = compileRule(ruleSource({ id: 'acme', shape: "'.acme_' base62{20} '='" }), 'v8');
const context = compileRule(ruleSource({ id: 'acme', shape: 'hex{32}', context: ['acme'] }), 'v8');
const free = compileRule(ruleSource({ id: 'acme', shape: "'acme_' base62{20}", boundary: 'none' }), 'v8');
const open = compileRule(ruleSource({ id: 'acme', shape: "'acme_' base62{20,}" }), 'v8');

const line = compileRule(ruleSource({ id: 'acme', shape: "'acme:' «hex{32}» $" }), 'v8');

const mayStart = (rule: CompiledRule, before: string, token: string) =>
  startsToken(rule, before + token, before.length);
const mayEnd = (rule: CompiledRule, token: string, after: string) => endsToken(rule, token + after, token.length);

const token = `acme_${'a1B2c'.repeat(4)}`;
const hex = 'a1b2'.repeat(8);

describe('a form', () => {
  it('starts at the start of the text and after anything but letters and digits', () => {
    expect(mayStart(form, '', token)).toBe(true);
    for (const before of [' ', '"', '=', '\n', '-', '_', '.', '\xe9', '%', '\\']) {
      expect(mayStart(form, before, token), JSON.stringify(before)).toBe(true);
    }
    for (const before of ['a', 'Z', '0', 'xn', '%3g', 'u003d', '[0m']) {
      expect(mayStart(form, before, token), before).toBe(false);
    }
  });

  it('starts after an escape, whatever its last character', () => {
    for (const before of ['\\n', '\\t', 'x\\\\\\n', '%3D', '%0a', '\\u003d', '\\x3d', '\x1b[0m', '\x1b[38;5;12m']) {
      expect(mayStart(form, before, token), JSON.stringify(before)).toBe(true);
      expect(mayStart(context, before, hex), JSON.stringify(before)).toBe(true);
    }
  });

  it('does not take a backslash that is itself escaped for an escape', () => {
    expect(mayStart(form, '\\\\n', token)).toBe(false);
    expect(mayStart(form, 'x\\\\\\\\t', token)).toBe(false);
  });

  it('that starts with a sign may follow a letter', () => {
    expect(mayStart(dotted, 'x', `.${token}=`)).toBe(true);
  });

  it('ends before anything but letters, digits and the underscore', () => {
    for (const after of ['', ' ', '"', '\n', '-', '.', '=', '\\n', '\x1b[0m']) {
      expect(mayEnd(form, token, after), JSON.stringify(after)).toBe(true);
    }
    for (const after of ['a', '0', '_', 'Z"']) expect(mayEnd(form, token, after), after).toBe(false);
    expect(mayEnd(dotted, `.${token}=`, 'a')).toBe(true);
    expect(mayEnd(open, token, '_')).toBe(false);
    expect(mayEnd(line, `acme:${hex}\r`, '\n')).toBe(true);
  });
});

describe('a form behind a context word', () => {
  it('does not start in what looks like a longer token', () => {
    for (const before of ['-', '_', 'g', '0']) expect(mayStart(context, before, hex), before).toBe(false);
    for (const before of [' ', '"', '=', ':', '/']) expect(mayStart(context, before, hex), before).toBe(true);
  });
});

describe('a form without boundary', () => {
  it('may stand in anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(mayStart(free, before, token)).toBe(true);
        expect(mayEnd(free, token, after)).toBe(true);
      }),
    );
  });
});

describe('boundaries', () => {
  it('depend on sixteen characters at most', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'\\nux0d%3D\x1b[m; '), minLength: 16, maxLength: 40 }),
        fc.constantFrom(form, context, open),
        (before, rule) => {
          const near = before.slice(-16);
          expect(mayStart(rule, before, token)).toBe(mayStart(rule, near, token));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
