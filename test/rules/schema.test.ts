import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ASSIGNMENT_ANCHORS } from '../../src/detect/assign/secret-name.ts';
import { CHECK_NAMES } from '../../src/detect/checks/index.ts';
import { CHARACTER_NEEDS, EXTRACTORS, type RuleSource } from '../../src/detect/rules/rule.ts';
import { CONFIDENCES, SEVERITIES } from '../../src/types.ts';
import { rulesOf, shippedRules } from '../support/detector.ts';

const rulesFolder = new URL('../../rules/', import.meta.url);
const schemaText = readFileSync(new URL('../../schema/rule.schema.json', import.meta.url), 'utf8');
const schema: unknown = JSON.parse(schemaText);
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema as object);

interface RuleFile {
  readonly provider: string;
  readonly rules: readonly RuleSource[];
}

const files = readdirSync(rulesFolder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const text = readFileSync(new URL(name, rulesFolder), 'utf8');
    return { name, text, content: parse(text) as RuleFile };
  });
const rules = files.flatMap(({ name, content }) => content.rules.map((rule) => ({ file: name, rule })));

const complaints = (content: unknown): string[] =>
  validate(content) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** The enum that the schema gives a field of a rule. */
const schemaEnum = (path: readonly string[]): unknown => {
  let node = schema as Record<string, unknown>;
  for (const key of ['definitions', 'rule', 'properties', ...path]) node = node[key] as Record<string, unknown>;
  return node.enum;
};

/** Runs of token characters in a template that look drawn at random. */
const tokenLike = (template: string): string[] =>
  (template.replace(/\{\{(?:secret|pair|form|masked)\}\}/g, ' ').match(/[A-Za-z0-9+/_-]{20,}/g) ?? []).filter((run) => {
    const distinct = new Set(run).size;
    const masked = /x{6}|0{6}/i.test(run);
    const mixed = !masked && /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && distinct > 12;
    return mixed || (/^[0-9a-f-]{32,}$/i.test(run) && distinct > 8);
  });

describe('the rule files', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(rules.length).toBeGreaterThan(90);
  });

  it.each(files.map(({ name, content }) => [name, content] as const))('%s follows the schema', (_, content) => {
    expect(complaints(content)).toEqual([]);
  });

  it('tell editors where the schema is, in their first line', () => {
    const first = '# yaml-language-server: $schema=../schema/rule.schema.json\n';
    expect(files.filter(({ text }) => !text.startsWith(first)).map(({ name }) => name)).toEqual([]);
  });

  it('are named after their provider in lower case', () => {
    expect(files.map(({ name }) => name).filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*\.yaml$/.test(name))).toEqual([]);
    const providers = files.map(({ content }) => content.provider);
    expect(new Set(providers).size).toBe(providers.length);
  });
});

describe('the rules', () => {
  it('have ids that are unique over all files', () => {
    const ids = rules.map(({ rule }) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('name as companion a rule that exists', () => {
    const ids = new Set(rules.map(({ rule }) => rule.id));
    const lost = rules.filter(({ rule }) => rule.pair !== undefined && !ids.has(rule.pair));
    expect(lost.map(({ rule }) => `${rule.id} -> ${rule.pair}`)).toEqual([]);
  });

  it('use {{pair}} in examples only when they have a companion', () => {
    const wrong = rules.filter(
      ({ rule }) => rule.pair === undefined && JSON.stringify(rule.examples ?? {}).includes('{{pair}}'),
    );
    expect(wrong.map(({ rule }) => rule.id)).toEqual([]);
  });

  it('have no placeholder in examples but those that are filled in', () => {
    const templates = rules.flatMap(({ rule }) => [
      ...(rule.examples?.positive ?? []),
      ...(rule.examples?.negative ?? []),
    ]);
    const others = templates.flatMap((template) => template.match(/\{\{[^}]*\}\}/g) ?? []);
    const known = ['{{secret}}', '{{pair}}', '{{form}}', '{{masked}}'];
    expect([...new Set(others)].filter((one) => !known.includes(one))).toEqual([]);
  });

  it('hold no literal that looks like a token', () => {
    const found = rules.flatMap(({ rule }) =>
      [...(rule.examples?.positive ?? []), ...(rule.examples?.negative ?? [])].flatMap((template) =>
        tokenLike(template).map((run) => `${rule.id}: ${run}`),
      ),
    );
    expect(found).toEqual([]);
  });

  it('of kind id or public are never ranked above medium', () => {
    const wrong = rules.filter(({ rule }) => rule.kind !== 'secret' && !['low', 'medium'].includes(rule.severity));
    expect(wrong.map(({ rule }) => rule.id)).toEqual([]);
  });

  it('without a literal and with context words do not claim high confidence', () => {
    const modes = new Map(rulesOf(shippedRules()).map(({ facts, mode }) => [facts.id, mode]));
    const wrong = rules.filter(
      ({ rule }) => modes.get(rule.id) === 'context' && rule.kind === 'secret' && rule.confidence === 'high',
    );
    expect(wrong.map(({ rule }) => rule.id)).toEqual([]);
  });
});

describe('the rule for assignments', () => {
  it('starts its reader at every keyword that the reader knows', () => {
    const [found] = rules.filter(({ rule }) => rule.extract === 'assignment');
    expect(found?.rule.id).toBe('generic-secret');
    expect([...(found?.rule.anchors ?? [])].sort()).toEqual([...ASSIGNMENT_ANCHORS].sort());
  });
});

describe('the schema', () => {
  it('knows the words of the detector', () => {
    expect(schemaEnum(['check'])).toEqual(CHECK_NAMES);
    expect(schemaEnum(['extract'])).toEqual([...EXTRACTORS]);
    expect(schemaEnum(['needs', 'items'])).toEqual([...CHARACTER_NEEDS]);
    expect(schemaEnum(['severity'])).toEqual([...SEVERITIES].reverse());
    expect(schemaEnum(['confidence'])).toEqual([...CONFIDENCES].reverse());
  });

  const rule = {
    id: 'acme-token',
    name: 'Acme token',
    kind: 'secret',
    severity: 'high',
    confidence: 'high',
    shape: "'acme_' base62{32}",
    remediation: { docs: 'https://acme.test/docs', steps: ['Delete the token on its page'] },
    examples: { positive: ['ACME_TOKEN={{secret}}', 'token: "{{secret}}"'], negative: ['ACME_TOKEN=xxxx'] },
  };
  const fileWith = (change: object) => ({ provider: 'Acme', rules: [{ ...rule, ...change }] });

  it('takes a small whole rule', () => {
    expect(complaints(fileWith({}))).toEqual([]);
  });

  it.each([
    ['an unknown field', { severty: 'high' }],
    ['an id that is not in kebab-case', { id: 'Acme_Token' }],
    ['a shape and a pattern at once', { pattern: '(?P<secret>acme)', generate: "'acme'" }],
    ['neither shape nor pattern nor reader', { shape: undefined }],
    ['a reader without anchors', { shape: undefined, extract: 'assignment', generate: 'base62{20}' }],
    ['a pattern without a generator', { shape: undefined, pattern: '(?P<secret>acme)' }],
    ['a distance without context words', { within: 20 }],
    ['an unknown check', { check: 'crc64' }],
    ['a single positive example', { examples: { ...rule.examples, positive: ['ACME_TOKEN={{secret}}'] } }],
    ['no negative example', { examples: { ...rule.examples, negative: [] } }],
    ['a positive example without a secret', { examples: { ...rule.examples, positive: ['a=b', 'c={{secret}}'] } }],
  ])('refuses %s', (_, change) => {
    expect(complaints(JSON.parse(JSON.stringify(fileWith(change))))).not.toEqual([]);
  });
});
