import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FormError } from '../../../src/detect/form/form.ts';
import { compileRule } from '../../../src/detect/rules/compile.ts';
import { compileLoaded, loadRuleFiles } from '../../../src/detect/rules/load.ts';
import { UsageError } from '../../../src/errors.ts';
import { ruleSource } from '../../support/detector.ts';

const root = mkdtempSync(path.join(tmpdir(), 'leakgate-rules-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = path.join(root, String(++folders));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
};

const ruleFile = (id: string, form: string): string =>
  `provider: Acme\nrules:\n  - id: ${id}\n    name: A\n    kind: secret\n    severity: high\n    confidence: high\n    ${form}\n`;

const compile = (fields: Parameters<typeof ruleSource>[0]) => compileRule(ruleSource(fields), 'v8');

describe('a compiled rule', () => {
  it('with a literal in its form is anchored by it', () => {
    const rule = compile({ id: 'acme', shape: "'acme_' base62{32}" });
    expect(rule).toMatchObject({ mode: 'form', minLength: 37, maxLength: 37, lastOpen: true, boundary: 'token' });
    expect(rule.anchors).toMatchObject([{ literal: 'acme_', nocase: false, minOffset: 0, maxOffset: 0 }]);
    expect(rule.anchors[0]!.test).toMatchObject({ type: 'run', min: 32 });
  });

  it('without one is anchored by its context words, in the ways people write them', () => {
    const rule = compile({ id: 'acme', shape: 'hex{32}', context: ['acme_api_key'], within: 25 });
    expect(rule.mode).toBe('context');
    expect(rule.anchors.map(({ literal }) => literal).sort()).toEqual([
      'acme-api-key',
      'acme.api.key',
      'acme_api_key',
      'acmeapikey',
    ]);
    expect(rule.anchors.every(({ nocase, test }) => nocase && test.type === 'near' && test.reach === 25)).toBe(true);
  });

  it('is anchored only by the shortest of its words, which then reach as far as the longer ones', () => {
    const rule = compile({ id: 'acme', shape: 'hex{32}', context: ['acme', 'acme_api_key', 'other'], within: 25 });
    expect(rule.anchors.map(({ literal, test }) => [literal, 'reach' in test && test.reach])).toEqual([
      ['acme', 25 + '_api_key'.length],
      ['other', 25],
    ]);
  });

  it('without literal and words is looked for everywhere', () => {
    expect(compile({ id: 'acme', shape: 'hex{32}' })).toMatchObject({ mode: 'everywhere', anchors: [] });
  });

  it('of a reader is anchored by what it names', () => {
    const rule = compile({ id: 'acme', extract: 'private-key', anchors: ['ACME KEY'] });
    expect(rule).toMatchObject({ mode: 'extract', source: '', extract: 'private-key' });
    expect(rule.anchors).toMatchObject([{ literal: 'ACME KEY', nocase: false }]);
  });

  it('of a user runs on RE2, and so does a shipped one that could take long', () => {
    const simple = ruleSource({ id: 'acme', shape: "'acme_' base62{32}" });
    expect(compileRule(simple, 're2').engine).toBe('re2');
    expect(compileRule(simple, 'v8').engine).toBe('v8');
    expect(compile({ id: 'acme', shape: "'acme_' (alnum{1,20}){1,20} '!'" }).engine).toBe('re2');
  });

  it('ranks a form above a context rule, and both above what carries any credential and assignments', () => {
    const rank = (fields: Omit<Parameters<typeof ruleSource>[0], 'id'>) =>
      compile({ id: 'acme', ...fields }).specificity;
    const form = rank({ shape: "'acme_' base62{32}" });
    const context = rank({ shape: 'hex{32}', context: ['acme'] });
    const carrier = rank({ shape: "'://' any{1,20} ':' «any{4,40}» '@'", carrier: true });
    const assignment = rank({ extract: 'assignment', anchors: ['secret'] });
    expect([assignment, carrier, context, form].toSorted((a, b) => a - b)).toEqual([
      assignment,
      carrier,
      context,
      form,
    ]);
  });

  it('ranks a form that a word near tells from its like above one without, and an unmistakable one above others', () => {
    const rank = (fields: Omit<Parameters<typeof ruleSource>[0], 'id'>) =>
      compile({ id: 'acme', shape: "'acme_' base62{32}", ...fields }).specificity;
    expect(rank({ context: ['billing'] })).toBeGreaterThan(rank({}));
    expect(rank({})).toBeGreaterThan(rank({ confidence: 'medium' }));
    expect(rank({ confidence: 'medium', context: ['billing'] })).toBeGreaterThan(rank({}));
  });

  it('is optional when its file says so, and part of the set otherwise', () => {
    const shape = "'acme_' base62{32}";
    expect(compile({ id: 'acme', shape }).optional).toBe(false);
    expect(compile({ id: 'acme', shape, optional: true }).optional).toBe(true);
  });

  it.each([
    [{ shape: "'acme_' base62{" }, FormError],
    [{ shape: 'base62{0,3}' }, FormError],
    [{ pattern: 'a(?=b)' }, FormError],
    [{ shape: "'acme_' base62{9}", anchors: ['other'] }, FormError],
    [{ shape: 'hex{32}', context: ['ab'] }, UsageError],
    [{ extract: 'private-key', anchors: ['ab'] }, UsageError],
  ] as const)('is refused for %j', (fields, kind) => {
    expect(() => compile({ id: 'acme', ...fields })).toThrow(kind);
  });
});

describe('rule files', () => {
  it('are read from a folder in the order of their names, and from one file', () => {
    const folder = folderWith({
      'b.yml': ruleFile('two', 'shape: "\'bcme_\' base62{32}"'),
      'a.yaml': ruleFile('one', 'shape: "\'acme_\' base62{32}"'),
      'README.md': 'no rules',
    });
    expect(loadRuleFiles(folder).map(({ rule }) => rule.id)).toEqual(['one', 'two']);
    expect(loadRuleFiles(path.join(folder, 'b.yml')).map(({ rule }) => rule.id)).toEqual(['two']);
  });

  it('are refused when an id is used twice, with both places', () => {
    const form = 'shape: "\'acme_\' base62{32}"';
    const folder = folderWith({ 'a.yaml': ruleFile('same', form), 'b.yaml': ruleFile('same', form) });
    expect(() => loadRuleFiles(folder)).toThrow(/b\.yaml:3: the id "same" is already used in .*a\.yaml:3/);
  });

  it('are refused when there are none', () => {
    expect(() => loadRuleFiles(folderWith({ 'README.md': '' }))).toThrow(UsageError);
    expect(() => loadRuleFiles(path.join(root, 'nowhere'))).toThrow(/can't read rules from .*ENOENT/);
  });

  it('are refused with file, line and rule when a form is wrong', () => {
    const folder = folderWith({ 'a.yaml': ruleFile('acme', 'shape: "\'acme_\' base63{32}"') });
    const load = () => compileLoaded(loadRuleFiles(folder), 're2');
    expect(load).toThrow(UsageError);
    expect(load).toThrow(/a\.yaml:8: rule "acme": /);
  });
});
