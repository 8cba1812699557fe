import { describe, expect, it } from 'vitest';
import { createExpand } from '../../../src/detect/rules/examples.ts';
import type { RuleSource } from '../../../src/detect/rules/rule.ts';
import { variableOf, writtenTemplates } from '../../../src/detect/rules/written-forms.ts';
import { ruleSource } from '../../support/detector.ts';
import { seeded } from '../../support/random.ts';

const acme = ruleSource({ id: 'acme-api-key', shape: "'acme_' hex{32}" });
const templates = (fields: Partial<RuleSource> = {}, kind?: 'positive' | 'negative') =>
  writtenTemplates({ ...acme, ...fields }).filter((one) => kind === undefined || one.kind === kind);
const textOf = (name: string, fields: Partial<RuleSource> = {}) =>
  templates(fields).find((one) => one.name === name)?.text;

describe('the ways people write a credential down', () => {
  it('are many, each with a name of its own', () => {
    const names = templates().map(({ name }) => name);
    expect(templates({}, 'positive').length).toBe(19);
    expect(new Set(names).size).toBe(names.length);
  });

  it('spell the variable as each language does', () => {
    expect(textOf('env')).toBe('ACME_API_KEY={{form}}\n');
    expect(textOf('YAML')).toBe('acme:\n  acme_api_key: {{form}}\n');
    expect(textOf('JSON')).toContain('"acmeApiKey": "{{form}}"');
    expect(textOf('curl')).toContain('X-Acme-Api-Key: {{form}}');
    expect(templates().filter(({ text }) => /\{\{(?:NAME|name|camel|kebab)\}\}/.test(text))).toEqual([]);
  });

  it('take the name of the variable from the id, or from the rule', () => {
    expect(variableOf(acme)).toBe('ACME_API_KEY');
    const examples = { variable: 'ACME_PAT', positive: [], negative: [] };
    expect(variableOf({ ...acme, examples })).toBe('ACME_PAT');
    expect(textOf('PHP', { examples })).toBe("'acme_pat' => '{{form}}',\n");
  });

  it('leave out those that the form does not fit into without being escaped', () => {
    const fits = (form: string) =>
      templates({}, 'positive').flatMap(({ name, breaks }) => (breaks?.test(form) ? [] : [name]));
    expect(fits('plain-1.2_3')).toHaveLength(19);
    expect(fits('a"b')).not.toContain('JSON');
    expect(fits('a"b')).toContain('Python');
    expect(fits('a b')).not.toContain('env');
    expect(fits('a+b')).not.toContain('URL query');
  });

  it('are lines of their own for a form that brings its name along', () => {
    for (const fields of [{ shape: "'acme=' «hex{32}»" }, { include: ['**/acme.conf'] }]) {
      expect(templates(fields, 'positive').map(({ name }) => name)).toEqual(['a line', 'an indented line']);
    }
    expect(textOf('a line', { shape: "'key=' «hex{32}»", context: ['acme'] })).toBe('# acme: {{form}}\n');
  });

  it('are none for readers and for what carries any credential', () => {
    expect(templates({ carrier: true })).toEqual([]);
    expect(templates({ extract: 'assignment' })).toEqual([]);
  });
});

describe('what people write instead', () => {
  it('are references, placeholders and masked forms', () => {
    expect(templates({}, 'negative').map(({ name }) => name)).toEqual([
      'a reference',
      'a reference to a store',
      'a placeholder',
      'a masked one',
    ]);
  });

  it('are checksums and commits too, for a rule without a literal', () => {
    const names = (fields: Partial<RuleSource>) => templates(fields, 'negative').map(({ name }) => name);
    expect(names({ shape: 'hex{40}', context: ['acme'] })).toEqual(expect.arrayContaining(['a checksum', 'a commit']));
    expect(names({ context: ['acme'] })).not.toContain('a checksum');
  });
});

describe('placeholders in templates', () => {
  const expand = createExpand(() => undefined);
  const fill = (template: string, fields: Partial<RuleSource> = {}) =>
    expand({ ...acme, ...fields }, template, seeded(3));

  it('{{form}} is the whole form, {{secret}} the secret in it', () => {
    const shape = "'key=' «hex{32}» ';'";
    const { text, secrets } = fill('{{form}}', { shape });
    expect(text).toBe(`key=${secrets[0]};`);
    expect(fill('{{secret}}', { shape }).text).toMatch(/^[0-9a-f]{32}$/);
  });

  it('{{masked}} keeps prefix and separators, and is no secret', () => {
    const { text, secrets } = fill('{{masked}}', { shape: "'acme_' hex{8} '-' hex{4}" });
    expect(text).toBe('acme_xxxxxxxx-xxxx');
    expect(secrets).toEqual([]);
  });
});
