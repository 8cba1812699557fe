import { describe, expect, it } from 'vitest';
import { readGitleaks } from '../../src/policy/gitleaks/read.ts';
import { documentOf, literal } from './gitleaks-samples.ts';

const complaint = (...lines: readonly string[]): string => {
  try {
    documentOf(...lines);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error('the text was read without a complaint');
};

describe('a gitleaks configuration', () => {
  it('is read with all its fields, and with where they stand', () => {
    const { title, extend, rules, allowlists, untranslated } = documentOf(
      'title = "ours"',
      '[extend]',
      'useDefault = true',
      'disabledRules = ["jwt", "other"]',
      '[[rules]]',
      'id = "acme"',
      'description = "Acme token"',
      `regex = ${literal('acme_([a-z]{8})')}`,
      'secretGroup = 1',
      'entropy = 3.5',
      `path = ${literal('\\.env$')}`,
      'keywords = ["acme"]',
      'skipReport = true',
      '[[rules.required]]',
      'id = "host"',
      'withinLines = 5',
      '[[rules.allowlists]]',
      'condition = "AND"',
      'paths = ["a"]',
      'commits = ["b"]',
      '[[rules.allowlists]]',
      'regexTarget = "line"',
      'regexes = ["c"]',
      '[[allowlists]]',
      'description = "all"',
      'stopwords = ["d"]',
      'targetRules = ["acme"]',
    );
    expect({ title, untranslated }).toEqual({ title: 'ours', untranslated: [] });
    expect(extend).toMatchObject({ useDefault: true, disabledRules: ['jwt', 'other'], disabledPlace: { line: 4 } });
    expect(rules).toMatchObject([
      {
        ...{ id: 'acme', description: 'Acme token', regex: 'acme_([a-z]{8})', secretGroup: 1, entropy: 3.5 },
        ...{ path: '\\.env$', keywords: ['acme'], skipReport: true },
        place: { file: 'leaks.toml', line: 6 },
        places: { regex: { line: 8 }, path: { line: 11 }, keywords: { line: 12 } },
        required: [{ id: 'host', withinLines: 5, withinColumns: undefined, place: { line: 14 } }],
        allowlists: [
          { all: true, paths: ['a'], commits: ['b'], regexTarget: 'secret', place: { line: 17 } },
          { all: false, regexes: ['c'], regexTarget: 'line', place: { line: 21 } },
        ],
      },
    ]);
    expect(allowlists).toMatchObject([{ description: 'all', stopwords: ['d'], targetRules: ['acme'] }]);
  });

  it('may have the older spelling of allowlists, and keys in any case', () => {
    const { rules, allowlists } = documentOf(
      ...['[allowlist]', 'StopWords = ["one"]', 'regextarget = "match"'],
      ...['[[rules]]', 'ID = "acme"', 'Regex = "a"', '[rules.allowlist]', 'commits = ["two"]'],
    );
    expect(allowlists).toMatchObject([{ stopwords: ['one'], regexTarget: 'match', place: { line: 1 } }]);
    expect(rules).toMatchObject([{ id: 'acme', regex: 'a', allowlists: [{ commits: ['two'], place: { line: 7 } }] }]);
  });

  it('gives the lines of the rule that is meant, also behind strings of several lines that look like headers', () => {
    const { rules } = documentOf(
      ...['[[rules]]', 'id = "one"', "regex = '''", '[[rules]]', "id = 'two'", "'''", '# [[rules]]'],
      ...['[[rules]]', 'id = "two"', 'regex = "a"'],
    );
    expect(rules.map(({ id, place }) => `${id}:${place.line}`)).toEqual(['one:2', 'two:9']);
    expect(rules[1]?.places.regex?.line).toBe(10);
  });

  it('may hold its tables in line', () => {
    const { rules } = documentOf('title = "a"', 'rules = [', '  { id = "one", regex = "a" },', ']');
    expect(rules).toMatchObject([{ id: 'one', regex: 'a', place: { line: 2 } }]);
  });

  it('names what it has no use for', () => {
    const { untranslated } = documentOf(
      ...['minVersion = "8"', '[[rules]]', 'id = "acme"', 'regex = "a"', 'tags = ["x"]', 'colour = "red"'],
      ...['[[rules.allowlists]]', 'description = "empty"'],
    );
    expect(untranslated.map(({ place, message }) => `${place.line} ${message}`)).toEqual([
      '1 "minVersion" is not used',
      '6 rule "acme": "colour" is not used',
      '7 rule "acme", allowlist: without "commits", "paths", "regexes" and "stopwords" it allows nothing',
      '5 "tags" are not used (1 rule)',
    ]);
  });
});

describe('a mistake in a gitleaks configuration', () => {
  it('in the TOML is named with line and column, and nothing of the file is quoted', () => {
    const text = complaint('title = "a"', '[[rules]]', 'id = "acme', 'regex = "a"');
    expect(text).toMatch(/^UsageError: leaks\.toml:3:\d+: not valid TOML: \S/);
    expect(text).not.toMatch(/acme|\n/);
  });

  it.each([
    ['id = 7', 'leaks.toml:2: rule: "id" must be a text'],
    ['regex = "a"', 'leaks.toml:1: rule: "id" is missing'],
    ['id = "é"', 'leaks.toml:2: rule: "id" must be made of printable ASCII characters'],
    ['id = "a"\nregex = ["x"]', 'leaks.toml:3: rule "a": "regex" must be a text'],
    ['id = "a"\nentropy = "x"', 'leaks.toml:3: rule "a": "entropy" must be a number of 0 or more'],
    ['id = "a"\nentropy = nan', 'leaks.toml:3: rule "a": "entropy" must be a number of 0 or more'],
    ['id = "a"\nsecretGroup = 1.5', 'leaks.toml:3: rule "a": "secretGroup" must be a whole number of 0 or more'],
    ['id = "a"\nkeywords = "x"', 'leaks.toml:3: rule "a": "keywords" must be a list of texts'],
    ['id = "a"\nskipReport = 1', 'leaks.toml:3: rule "a": "skipReport" must be true or false'],
    ['id = "a"\n[rules.allowlists]', 'leaks.toml:3: rule "a": "allowlists" must be a list of tables: [[allowlists]]'],
    ['id = "a"\n[[rules.required]]', 'leaks.toml:3: rule "a", required: "id" is missing'],
    [
      'id = "a"\n[rules.allowlist]\nregexTarget = "file"',
      'leaks.toml:4: rule "a", allowlist: "regexTarget" must be one of secret, match, line',
    ],
    [
      'id = "a"\n[rules.allowlist]\ncondition = "NOT"',
      'leaks.toml:4: rule "a", allowlist: "condition" must be OR or AND',
    ],
  ])('%j is refused with its place', (lines, message) => {
    expect(complaint('[[rules]]', lines)).toBe(`UsageError: ${message}`);
  });

  it('also in the root: rules that are no list, an extend that is no table, a url', () => {
    expect(complaint('rules = "a"')).toContain('leaks.toml:1: "rules" must be a list of tables: [[rules]]');
    expect(complaint('extend = 1')).toContain('leaks.toml:1: "extend" must be a table');
    expect(complaint('[extend]', 'url = "https://acme.test/leaks.toml"')).toContain(
      'leaks.toml:2: [extend]: "url" is ref',
    );
  });

  it('a byte order mark and an empty file are none', () => {
    expect(readGitleaks('\uFEFFtitle = "a"', 'a.toml').title).toBe('a');
    expect(readGitleaks('', 'a.toml').rules).toEqual([]);
  });
});
