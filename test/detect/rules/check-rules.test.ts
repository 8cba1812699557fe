import { afterEach, describe, expect, it } from 'vitest';
import { checkRules } from '../../../src/detect/rules/check-rules.ts';
import { encodeRuleSet } from '../../../src/detect/rules/encode.ts';
import { readRuleFiles } from '../../../src/detect/rules/load.ts';
import { decodeRuleSet } from '../../../src/detect/rules/ruleset.ts';
import { detectorOn } from '../../support/detector.ts';
import { makeFolder, type TestFolder } from '../../support/folder.ts';

const folders: TestFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const rulesIn = (files: Readonly<Record<string, string>>) => {
  const folder = makeFolder(files);
  folders.push(folder);
  return readRuleFiles(folder.dir);
};

/** The problems of own rules as `file:line rule: message`, beside other ones. */
const problemsOf = (own: Readonly<Record<string, string>>, others: Readonly<Record<string, string>> = {}): string[] => {
  const verdict = checkRules({
    own: rulesIn(own),
    engine: 're2',
    others: Object.keys(others).length ? rulesIn(others) : [],
    detectorOf: (rules) => detectorOn(decodeRuleSet(encodeRuleSet(rules))),
  });
  return verdict.problems.map(({ file, line, id, message }) => `${file.replace(/.*\//, '')}:${line} ${id}: ${message}`);
};

interface Parts {
  readonly id?: string;
  readonly form?: string;
  readonly positive?: string;
  readonly negative?: string;
  readonly provider?: string;
}

/** A rule file; the form stands in line 8, positive examples from line 11 on. */
const file = ({
  id = 'acme-token',
  form,
  positive,
  negative,
  provider = 'Acme',
}: Parts): string => `provider: ${provider}
rules:
  - id: ${id}
    name: Acme token
    kind: secret
    severity: high
    confidence: high
    ${form ?? 'shape: "\'acme_\' base62{32}"'}
    examples:
      positive:
        - ${positive ?? 'ACME={{secret}}'}
      negative:
        - ${negative ?? 'ACME=acme_xxxx'}
`;

describe('a rule that is right', () => {
  it('has no problem', () => {
    expect(problemsOf({ 'a.yaml': file({}) })).toEqual([]);
  });

  it('may lack what its secrets always have in a generated one now and then', () => {
    expect(
      problemsOf({ 'a.yaml': file({ form: 'shape: "\'acme_\' base62{12}"\n    needs: [digit, upper]' }) }),
    ).toEqual([]);
  });

  it('gets the same verdict every time', () => {
    const wrong = {
      'a.yaml': file({ form: 'shape: "\'acme_\' base62{9}"\n    entropy: 3', negative: 'A={{secret}}' }),
    };
    expect(problemsOf(wrong)).toEqual(problemsOf(wrong));
  });
});

describe('a problem is named with file, line and rule:', () => {
  it.each<[string, Parts, RegExp]>([
    ['a shape with a mistake', { form: 'shape: "\'acme_\' base61{32}"' }, /^a\.yaml:8 acme-token: .*base61/],
    ['a repeat that goes too far', { form: "pattern: 'acme_[a-z]{2,90000}'" }, /^a\.yaml:8 .*more than 65536 times/],
    ['a match that is too long', { form: "pattern: '(acme_[a-z]{2,900}){1,90}'" }, /^a\.yaml:8 .*: bound its repeats$/],
    [
      'an anchor that a match can do without',
      { form: "shape: \"'acme_' ( 'live_' )? base62{32}\"\n    anchors: [live_]" },
      /^a\.yaml:8 .*need not hold any of the anchors "live_"/,
    ],
    [
      'a form without a literal and without context',
      { form: 'shape: "base62{32}"', negative: 'ACME=acme' },
      /^a\.yaml:8 .*no literal of 3 characters and no "context" words/,
    ],
    [
      'a form that may take long',
      { form: "pattern: 'acme_(?:[a-z]{1,40}[a-z0-9]{1,40}){1,8}(?P<secret>[0-9]{8})'" },
      /^a\.yaml:8 .*a million steps/,
    ],
    ['a form that matches nothing', { form: "pattern: 'acme_\\b_[a-z]{8}'" }, /^a\.yaml:8 .*no text was found/],
    ['a companion there is none of', { form: 'shape: "\'acme_\' base62{32}"\n    pair: acme-id' }, /"acme-id"/],
    [
      'a positive example that is not found',
      { positive: 'x{{secret}}' },
      /^a\.yaml:11 .*positive example 1 is not found$/,
    ],
    [
      'a positive example that judgement refuses',
      { positive: 'ACME=acme_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' },
      /^a\.yaml:11 .*positive example 1 is not found: refused, masked/,
    ],
    [
      'a positive example of which another part is found',
      { form: "pattern: 'acme_(?P<secret>[a-z]{9})'\n    generate: \"'acme_' lower{9}\"" },
      /^a\.yaml:12 .*not the secret that was put in/,
    ],
    ['a negative example that is found', { negative: 'ACME={{secret}}' }, /^a\.yaml:13 .*negative example 1 is found$/],
    [
      'a secret that nothing makes',
      { form: 'extract: private-key\n    anchors: [PRIVATE KEY]' },
      /^a\.yaml:\d+ .*needs "generate"/,
    ],
    ['a generator with a mistake', { form: 'shape: "\'acme_\' base62{32}"\n    generate: bas' }, /^a\.yaml:9 .*bas/],
    [
      'a generator whose secrets are never believed',
      { form: 'shape: "\'acme_\' lower{32}"\n    needs: [digit]' },
      /^a\.yaml:8 .*all refused: has no digit/,
    ],
    ['a companion without "pair"', { positive: "'{{pair}} {{secret}}'" }, /^a\.yaml:10 .*needs "pair"/],
  ])('%s', (_, parts, message) => {
    const problems = problemsOf({ 'a.yaml': file(parts) });
    expect(problems.filter((problem) => message.test(problem))).toHaveLength(1);
  });

  it('an id that is used twice', () => {
    const [problem, ...more] = problemsOf({ 'a.yaml': file({}), 'b.yaml': file({}) });
    expect(problem).toMatch(/^b\.yaml:3 acme-token: the id "acme-token" is already used in .*a\.yaml:3$/);
    expect(more).toEqual([]);
  });

  it("no examples, where they can be written in no way but the rule's own", () => {
    const carrier = 'shape: "\'acme://\' «base62{9,40}»"\n    carrier: true';
    const without = (parts: Parts) => file(parts).replace(/ {4}examples:[\s\S]*/, '');
    expect(problemsOf({ 'a.yaml': without({ form: carrier }) })).toEqual([
      'a.yaml:3 acme-token: has no positive example',
      'a.yaml:3 acme-token: has no negative example',
    ]);
    expect(problemsOf({ 'a.yaml': without({}) })).toEqual([]);
  });

  it('a form that is lost in one of the ways in which everybody writes', () => {
    const parts = { form: 'shape: "hex{32}"\n    context: [bank]', positive: 'bank {{secret}}', negative: 'bank' };
    expect(problemsOf({ 'a.yaml': file(parts) })).toContain(
      'a.yaml:3 acme-token: the form written as env is not found',
    );
    const named = file({ ...parts, id: 'bank-token' });
    expect(problemsOf({ 'a.yaml': named })).toEqual([]);
    const variable = file(parts).replace('examples:\n', 'examples:\n      variable: BANK_KEY\n');
    expect(problemsOf({ 'a.yaml': variable })).toEqual([]);
  });

  it('what is found in the place of a credential', () => {
    const parts = { form: 'shape: "base62{6,32}"\n    context: [acme]\n    boundary: none', negative: 'acme' };
    const problems = problemsOf({ 'a.yaml': file(parts) });
    expect(problems).toContainEqual(
      expect.stringMatching(/^a\.yaml:3 acme-token: a reference.* in its place is found/),
    );
  });
});

describe('optional rules', () => {
  it('are tried awake, and trouble no other rule', () => {
    const optional = file({ form: 'shape: "base62{32}"\n    context: [acme]\n    optional: true', negative: 'acme' });
    const other = file({
      id: 'other',
      provider: 'Other',
      form: 'shape: "\'oth_\' base62{28}"',
      positive: 'acme={{secret}}',
    });
    expect(problemsOf({ 'a.yaml': optional, 'b.yaml': other })).toEqual([]);
    expect(problemsOf({ 'a.yaml': optional.replace('acme={{secret}}', 'x={{secret}}') })).toEqual([]);
  });
});

describe('an example that another rule claims', () => {
  const wide = (parts: Parts = {}) =>
    file({
      id: 'wide',
      provider: 'Wide',
      form: 'shape: "\'TOKEN=\' «base62{32}»"',
      ...parts,
      positive: 'TOKEN={{secret}}',
    });
  const narrow = file({ form: 'shape: "hex{32}"\n    context: [acme]', positive: 'acme TOKEN={{secret}}' });

  it('is a problem of the rule whose example it is, when both are checked', () => {
    expect(problemsOf({ 'a.yaml': narrow, 'b.yaml': wide() })).toEqual([
      'a.yaml:3 acme-token: the form written as env is claimed by the unrelated rule "wide"',
      'a.yaml:3 acme-token: the form written as Dockerfile ENV is claimed by the unrelated rule "wide"',
      'a.yaml:3 acme-token: the form written as Dockerfile ARG is claimed by the unrelated rule "wide"',
      'a.yaml:12 acme-token: positive example 1 is claimed by the unrelated rule "wide"',
    ]);
  });

  it('is a problem of the rule that claims it, when only that one is checked', () => {
    expect(problemsOf({ 'b.yaml': wide() }, { 'a.yaml': narrow })).toEqual([
      'b.yaml:3 wide: claims positive example 1 of the unrelated rule "acme-token"',
      'b.yaml:3 wide: claims the form written as env of the unrelated rule "acme-token"',
      'b.yaml:3 wide: claims the form written as Dockerfile ENV of the unrelated rule "acme-token"',
      'b.yaml:3 wide: claims the form written as Dockerfile ARG of the unrelated rule "acme-token"',
    ]);
  });

  it('is none when the rules are of one provider', () => {
    expect(problemsOf({ 'a.yaml': narrow, 'b.yaml': wide({ provider: 'Acme' }) })).toEqual([]);
  });

  it('is none when the claim is that of what carries any credential', () => {
    const carrier = file({
      id: 'carrier',
      provider: 'Carrier',
      form: 'shape: "\'TOKEN=\' «base62{8,40}»"\n    carrier: true',
      positive: 'TOKEN={{secret}}',
      negative: 'TOKEN=changeme',
    });
    const glued = narrow.replace('ACME=acme_xxxx', 'TOKEN={{secret}}0 acme');
    expect(problemsOf({ 'a.yaml': glued, 'b.yaml': carrier })).toEqual([]);
  });

  it('does not count when an own rule takes the place of the other', () => {
    expect(problemsOf({ 'b.yaml': wide() }, { 'a.yaml': narrow.replace('acme-token', 'wide') })).toEqual([]);
  });
});
