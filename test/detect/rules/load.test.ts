import { describe, expect, it } from 'vitest';
import { compileLoaded, loadRuleFiles, readRuleFiles } from '../../../src/detect/rules/load.ts';
import { parseRuleFile } from '../../../src/detect/rules/parse.ts';
import { UsageError } from '../../../src/errors.ts';
import { folderMaker } from '../../support/folder.ts';

const newFolder = folderMaker();

const head = (id = 'acme-token') => `provider: Acme
rules:
  - id: ${id}
    name: Acme token
    kind: secret
    severity: high
    confidence: high
`;

describe('the lines of a rule', () => {
  const text = `${head()}    shape: >-
      'acme_'
      base62{32}
    examples:
      positive:
        - one {{secret}}
        - |-
          two
          {{secret}}
      negative: [three]
  - id: second
    name: Second
    kind: secret
    severity: low
    confidence: low
    shape: "'second_' base62{32}"
`;

  it('are those of its parts, or of what they would stand in', () => {
    const [first, second] = parseRuleFile(text, 'a.yaml');
    expect(first!.lineOf()).toBe(3);
    expect(first!.lineOf('shape')).toBe(8);
    expect(first!.lineOf('examples', 'positive', 0)).toBe(13);
    expect(first!.lineOf('examples', 'positive', 1)).toBe(14);
    expect(first!.lineOf('examples', 'positive', 7)).toBe(13);
    expect(first!.lineOf('examples', 'negative', 0)).toBe(17);
    expect(first!.lineOf('context')).toBe(3);
    expect([second!.lineOf(), second!.lineOf('shape'), second!.lineOf('examples', 'positive', 0)]).toEqual([
      18, 23, 18,
    ]);
  });
});

describe('a rule file with a mistake is refused with file, line and rule:', () => {
  it.each([
    ['a shape', 'shape: "\'acme_\' base61{32}"', /^a\.yaml:8: rule "acme-token": .*base61.*at character 9/],
    ['a pattern', "pattern: 'acme_(?=x)'", /^a\.yaml:8: rule "acme-token": /],
    [
      'an anchor',
      'shape: "\'acme_\' base62{32}"\n    anchors: [umbrella]',
      /^a\.yaml:8: rule "acme-token": .*umbrella/,
    ],
    ['a context word', 'shape: "base62{32}"\n    context: [ab]', /^a\.yaml:9: rule "acme-token": .*"ab" is shorter/],
    ['a long literal', `shape: "'${'a'.repeat(256)}' base62{32}"`, /: the literal "a+" is longer than 255/],
    ['a long one', `shape: "base62{32}"\n    context: [${'a'.repeat(256)}]`, /^a\.yaml:9: .*is longer than 255/],
    [
      'an anchor of a reader',
      'extract: assignment\n    anchors: [ab]',
      /^a\.yaml:9: rule "acme-token": .*"ab" is shorter/,
    ],
  ])('%s', (_, form, message) => {
    const loaded = parseRuleFile(`${head()}    ${form}\n`, 'a.yaml').map((rule) => ({ ...rule, file: 'a.yaml' }));
    expect(() => compileLoaded(loaded, 're2')).toThrow(UsageError);
    expect(() => compileLoaded(loaded, 're2')).toThrow(message);
  });

  it.each([
    ['examples that are no lists', 'examples: {positive: one}', /^a\.yaml:9: .*"positive" must be a list/],
    ['examples of an unknown kind', 'examples: {positiv: [one]}', /^a\.yaml:9: .*"positiv".*positive, negative/],
    ['steps that are no list', 'remediation: {steps: revoke it}', /^a\.yaml:9: .*"steps" must be a list/],
  ])('%s', (_, field, message) => {
    expect(() => parseRuleFile(`${head()}    shape: "'acme_' base62{32}"\n    ${field}\n`, 'a.yaml')).toThrow(message);
  });

  it('an id that another file has, with both places', () => {
    const rule = `${head()}    shape: "'acme_' base62{32}"\n`;
    const { dir } = newFolder({ 'a.yaml': rule, 'b.yaml': rule });
    expect(() => loadRuleFiles(dir)).toThrow(/b\.yaml:3: the id "acme-token" is already used in .*a\.yaml:3$/);
    expect(readRuleFiles(dir)).toHaveLength(2);
  });
});

describe('what can not be read is refused by name:', () => {
  it.each([
    ['a folder that is not there', {}, 'gone', /can't read rules from .*gone: ENOENT/],
    ['a folder without rules', { 'sub/a.txt': '' }, 'sub', /no rule files \(\.yaml\) in .*sub/],
    ['a folder named like a file', { 'sub/a.yaml/b.txt': '' }, 'sub', /can't read rules from .*a\.yaml: EISDIR/],
  ])('%s', (_, files, name, message) => {
    const folder = newFolder(files as Record<string, string>);
    expect(() => loadRuleFiles(folder.path(name))).toThrow(UsageError);
    expect(() => loadRuleFiles(folder.path(name))).toThrow(message);
  });
});
