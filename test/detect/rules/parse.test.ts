import { describe, expect, it } from 'vitest';
import { parseRuleFile } from '../../../src/detect/rules/parse.ts';
import { UsageError } from '../../../src/errors.ts';

const GOOD = `provider: Acme
homepage: https://acme.test
rules:
  - id: acme-token
    name: Acme token
    kind: secret
    severity: high
    confidence: high
    shape: "'acme_' base62{32}"
    note: seen in the wild
    examples:
      positive:
        - 'TOKEN={{secret}}'
      negative: ['TOKEN=x']
`;

/** The good file with one line in place of another. */
const withLine = (line: string, instead: string): string => {
  expect(GOOD).toContain(line);
  return GOOD.replace(line, instead);
};

const complaint = (yaml: string): string => {
  try {
    parseRuleFile(yaml, 'rules/acme.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return 'no complaint';
};

describe('a rule file', () => {
  it('gives its rules, with the provider and without notes', () => {
    const [parsed, ...others] = parseRuleFile(GOOD, 'acme.yaml');
    expect(others).toEqual([]);
    expect(parsed!.rule).toMatchObject({ id: 'acme-token', provider: 'Acme', shape: "'acme_' base62{32}" });
    expect(parsed!.rule).not.toHaveProperty('note');
  });

  it('tells on which line each part of a rule stands', () => {
    const { lineOf } = parseRuleFile(GOOD, 'acme.yaml')[0]!;
    expect(lineOf()).toBe(4);
    expect(lineOf('severity')).toBe(7);
    expect(lineOf('examples', 'positive', 0)).toBe(13);
    expect(lineOf('examples', 'positive', 7)).toBe(13);
    expect(lineOf('nowhere')).toBe(4);
  });

  it.each([
    ['kind: secret', 'kind: sekret', 6, 'rule "acme-token": "kind" must be one of secret, id, public'],
    ['severity: high', 'severity: 7', 7, 'rule "acme-token": "severity" must be one of low, medium, high, critical'],
    ['confidence: high', 'confidense: high', 8, 'rule "acme-token": unknown field "confidense"'],
    ['id: acme-token', 'id: Acme_Token', 4, '"id" must be words in lower case joined by "-"'],
    ['name: Acme token', 'name: ""', 5, 'rule "acme-token": "name" must be a text'],
    ['shape: "\'acme_\' base62{32}"', 'within: 5', 4, 'exactly one of "shape", "pattern" and "extract"'],
    ['note: seen in the wild', "pattern: 'x{9}'", 4, 'exactly one of "shape", "pattern" and "extract"'],
    ['note: seen in the wild', 'within: -3', 10, '"within" must be a number of 0 or more'],
    ['note: seen in the wild', 'nocase: 1', 10, '"nocase" must be true or false'],
    ['note: seen in the wild', 'needs: [digits]', 10, '"needs" must be a list of digit, lower, upper, letter, symbol'],
    ['note: seen in the wild', 'check: crc33', 10, '"check" must be one of '],
    ['note: seen in the wild', 'context: acme', 10, '"context" must be a list of texts'],
    ['note: seen in the wild', 'anchors: [1]', 10, '"anchors" must be a list of texts'],
    ['note: seen in the wild', 'boundary: word', 10, '"boundary" must be one of token, none'],
    ['note: seen in the wild', 'constructor: x', 10, 'unknown field "constructor"'],
    ['homepage:', 'homepge:', 2, 'unknown field "homepge"'],
    ['provider: Acme', 'provider:', 1, '"provider" is missing'],
  ])('that says %j as %j is refused at its line', (line, instead, number, message) => {
    const said = complaint(withLine(line, instead));
    expect(said).toContain(message);
    expect(said).toMatch(new RegExp(`^rules/acme\\.yaml:${number}: `));
  });

  it.each([
    ['name', '    name: Acme token\n'],
    ['kind', '    kind: secret\n'],
    ['severity', '    severity: high\n'],
    ['confidence', '    confidence: high\n'],
  ])('without "%s" is refused at the line of its rule', (name, line) => {
    expect(complaint(withLine(line, ''))).toBe(`rules/acme.yaml:4: rule "acme-token": "${name}" is missing`);
  });

  it('that names a reader says where it starts', () => {
    const yaml = withLine('shape: "\'acme_\' base62{32}"', 'extract: private-key');
    expect(complaint(yaml)).toContain('"extract" needs "anchors"');
    expect(complaint(yaml.replace('note: seen in the wild', 'anchors: [ACME KEY]'))).toBe('no complaint');
    expect(complaint(yaml.replace('private-key', 'magic'))).toContain('"extract" must be one of private-key, ');
  });

  it('that is no map, holds no rules or is no YAML is refused', () => {
    expect(complaint('- a\n- b\n')).toContain('a rule file is a map with "provider" and "rules"');
    expect(complaint('')).toContain('a rule file is a map');
    expect(complaint('provider: Acme\n')).toContain('"rules" is missing: a list of rules');
    expect(complaint('provider: Acme\nrules:\n  - just a text\n')).toBe('rules/acme.yaml:3: a rule is a map');
    expect(complaint('provider: Acme\nrules:\n  - id: [\n')).toMatch(/^rules\/acme\.yaml:\d+: /);
    expect(complaint('provider: Acme\nprovider: Bcme\nrules: []\n')).toMatch(/^rules\/acme\.yaml:2: /);
  });

  it('that grows without end through its aliases is refused', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `  a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`);
    const bomb = `provider: Acme\nhomepage:\n  a0: &a0 [x, x]\n${levels.join('\n')}\nrules: []\n`;
    expect(() => parseRuleFile(bomb, 'bomb.yaml')).not.toThrow();
    const used = `${bomb.replace('rules: []', 'rules:')}  - id: acme\n    note: *a30\n`;
    expect(complaint(used)).not.toBe('no complaint');
  });
});
