import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/detect/rules/compile.ts';
import type { RuleSource } from '../../../src/detect/rules/rule.ts';
import { exampleOf } from '../../../src/detect/rules/show-example.ts';
import { whyNot } from '../../../src/detect/rules/why-not.ts';
import { detectIn, detectorOn, ruleSetOf, ruleSource } from '../../support/detector.ts';
import { HEX, randomText, seeded } from '../../support/random.ts';

const ruleOf = (fields: Partial<RuleSource>, engine: 'v8' | 're2' = 'v8') =>
  compileRule(ruleSource({ id: 'acme', ...fields }), engine);
const body = randomText(seeded(3), 32, HEX);

const form = { shape: "'acme_' hex{32}" };
const word = { shape: 'hex{32}', context: ['acme_key'], within: 20 };

describe('why a rule found nothing', () => {
  it('is not explained where none of its literals or words stands', () => {
    expect(whyNot(ruleOf(form), `other_${body}`)).toBeUndefined();
    expect(whyNot(ruleOf(word), `other_key=${body}`)).toBeUndefined();
  });

  it('names the line of the literal', () => {
    expect(whyNot(ruleOf(form), '\n\nsee acme_docs\n')?.line).toBe(3);
    expect(whyNot(ruleOf(word), 'x\r\nACME_KEY=\r\n')?.line).toBe(2);
  });

  it('is that the rest is not of the form', () => {
    expect(whyNot(ruleOf(form), 'acme_docs')?.reason).toBe(
      `"acme_" is there, but what stands around it is not ${form.shape}`,
    );
  });

  it('is that nothing of the form follows a word', () => {
    expect(whyNot(ruleOf(word), 'acme-key = none')?.reason).toBe(
      '"acme-key" is there, but nothing like hex{32} follows within 20 characters on the line',
    );
  });

  it('is that the form is glued to something', () => {
    expect(whyNot(ruleOf(form), `xacme_${body}`)?.reason).toBe(
      'the form is there, but glued to other characters of a word',
    );
  });

  it('is that no context word is near', () => {
    expect(whyNot(ruleOf({ ...form, context: ['bank'], within: 9 }), `acme_${body}`)?.reason).toBe(
      'the form is there, but none of bank stands within 9 characters',
    );
  });

  it('runs no regex of a user on V8', () => {
    expect(whyNot(ruleOf(form, 're2'), `xacme_${body}`)?.reason).toMatch(/what stands around it is not/);
  });

  it('is not explained for readers', () => {
    expect(whyNot(ruleOf({ extract: 'assignment', anchors: ['secret'] }), 'secret')).toBeUndefined();
  });
});

describe('the example of a rule', () => {
  it('is the same every time, and of the form', () => {
    const rule = ruleOf(form);
    expect(exampleOf(rule)).toMatch(/^acme_[0-9a-f]{32}$/);
    expect(exampleOf(rule)).toBe(exampleOf(ruleOf(form)));
  });

  it('of a rule without a literal stands behind its word, and would be found', () => {
    const example = exampleOf(ruleOf(word))!;
    expect(detectIn(detectorOn(ruleSetOf(ruleSource({ id: 'acme', ...word }))), example).matches).toHaveLength(1);
  });

  it('is none for a pattern, and for what takes several lines', () => {
    expect(exampleOf(ruleOf({ pattern: 'acme_(?P<secret>[0-9a-f]{32})' }))).toBeUndefined();
    expect(exampleOf(ruleOf({ shape: "'acme_' [\\n] hex{32}" }))).toBeUndefined();
  });

  it('is cut when it is long', () => {
    const example = exampleOf(ruleOf({ shape: "'acme_' hex{900}" }))!;
    expect(example.length).toBeLessThan(210);
    expect(example).toMatch(/…$/);
  });
});
