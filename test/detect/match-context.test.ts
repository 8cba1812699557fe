import { describe, expect, it } from 'vitest';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { detectIn, detectorOn, ruleSetOf, ruleSource } from '../support/detector.ts';
import { HEX, randomText, seeded } from '../support/random.ts';

const random = seeded(31);
/** Thirty-two hex digits with a letter among them. */
const value = (): string => `${randomText(random, 30, HEX)}c7`;

const detectorFor = (fields: Partial<RuleSource> = {}) =>
  detectorOn(
    ruleSetOf(ruleSource({ id: 'acme', shape: 'hex{32}', context: ['acme'], confidence: 'medium', ...fields })),
  );
const acme = detectorFor();
const found = (text: string, detector = acme): string[] => detectIn(detector, text).matches.map(({ secret }) => secret);

describe('a context word', () => {
  it.each([
    'acme_key=',
    'ACME_KEY=',
    'myAcmeKey = ',
    'AcmeToken: ',
    'acmekey=',
    'ACMEAPIKEY=',
    'acmeapitoken=',
    'x-acme: ',
  ])('stands by itself in %j', (before) => {
    const secret = value();
    expect(found(before + secret)).toEqual([secret]);
  });

  it.each(['pacmed=', 'xacme=', 'XACME=', 'Xacme=', 'acmeish=', 'ACMEISH=', 'acmes: '])(
    'is part of another word in %j',
    (before) => {
      expect(found(before + value())).toEqual([]);
    },
  );

  it('is no part of "global" when it is "lob"', () => {
    const lob = detectorFor({ context: ['lob'] });
    expect(found(`global_key=${value()}`, lob)).toEqual([]);
    expect(found(`blob = ${value()}`, lob)).toEqual([]);
    const secret = value();
    expect(found(`LOB_KEY=${secret}`, lob)).toEqual([secret]);
  });

  it('reaches as far on its line as the rule says, and a longer one that it stands for as far behind that', () => {
    const near = detectorFor({ context: ['acme', 'acme_api_key'], within: 10 });
    for (const [before, gap, isFound] of [
      ['acme', 10, true],
      ['acme_api_key', 10, true],
      ['acme_api_key', 11, false],
    ] as const) {
      const secret = value();
      expect(found(`${before}${' '.repeat(gap)}${secret}`, near), `${before} ${gap}`).toEqual(isFound ? [secret] : []);
    }
  });
});

describe('how a value stands to its word', () => {
  it('weighs its confidence and is the reason', () => {
    const shown = (text: string) =>
      detectIn(acme, text).matches.map(({ confidence, reasons }) => [confidence, ...reasons]);
    expect(shown(`acme_key=${value()}`)).toEqual([['medium', expect.stringContaining('says credential')]]);
    expect(shown(`acme=${value()}`)).toEqual([['medium', 'it is given to the name of the service']]);
    expect(shown(`acme is at ${value()}`)).toEqual([['low', 'the name of the service stands near']]);
  });

  it('is the surest of several words on the line', () => {
    const two = detectorFor({ context: ['acme', 'zeta'] });
    const [match, ...more] = detectIn(two, `zeta is the new acme_key = ${value()}`).matches;
    expect(match).toMatchObject({ confidence: 'medium' });
    expect(more).toEqual([]);
  });

  it('decides between rules that find the same value: the one whose word it is given to, then the longer word', () => {
    const rule = (id: string, word: string) =>
      ruleSource({ id, provider: id, shape: 'hex{32}', context: [word], confidence: 'low' });
    const both = detectorOn(ruleSetOf(rule('acme', 'acme'), rule('zeta', 'zeta'), rule('acme-bank', 'acme_bank')));
    const winner = (text: string) => detectIn(both, text + value()).matches.map(({ ruleId }) => ruleId);
    expect(winner('acme and zeta = ')).toEqual(['zeta']);
    expect(winner('zeta for acme = ')).toEqual(['acme']);
    expect(winner('acme_bank_key = ')).toEqual(['acme-bank']);
  });
});

describe('below the head of a section', () => {
  it.each([
    ['YAML', 'acme:\n  url: x\n  api_key: VALUE\n'],
    ['YAML of a list', '- acme:\n    token: VALUE\n'],
    ['INI', '[acme]\nuser = me\nsecret = VALUE\n'],
    ['INI with line ends of Windows', '[acme]\r\nuser = me\r\nsecret = VALUE\r\n'],
    ['TOML below another table', '[server.acme]\nauth_token = "VALUE"\n'],
    ['JSON', '{\n  "acme": {\n    "url": "x",\n    "apiKey": "VALUE"\n  }\n}\n'],
    ['HCL', 'provider "acme" {\n  token = "VALUE"\n}\n'],
    ['JavaScript', 'const acme = {\n  secretKey: "VALUE",\n};\n'],
  ])('a value is found that is given to a name that says credential: %s', (_, template) => {
    const secret = value();
    const [match, ...more] = detectIn(acme, template.replace('VALUE', secret)).matches;
    expect(match).toMatchObject({ secret, confidence: 'medium' });
    expect(more).toEqual([]);
  });

  it.each([
    ['a name that says none', 'acme:\n  host: VALUE\n'],
    ['the same depth', 'acme:\nkey: VALUE\n'],
    ['a lesser depth', 'a:\n  acme:\n    url: x\n  key: VALUE\n'],
    ['a section of its own', '[acme]\nuser = me\n[other]\nkey = VALUE\n'],
    ['a blank line', 'acme:\n\n  key: VALUE\n'],
    ['a line that is no head', 'acme\n  key: VALUE\n'],
    ['a head with a value', 'acme: on\n  key: VALUE\n'],
    ['more than 400 bytes away', `acme:\n${'  note: some words\n'.repeat(23)}  key: VALUE\n`],
  ])('a value is not found at %s', (_, template) => {
    expect(found(template.replace('VALUE', value()))).toEqual([]);
  });
});

describe('a value of a common form is refused', () => {
  const open = detectorFor({ shape: '[^\\s"]{12,80}', boundary: 'none' });
  it.each([
    ['a placeholder', 'acme_key="your-acme-api-key"'],
    ['a reference', `acme_key="${'vault:'}secret/data/acme"`],
    ['an identifier', 'acme_key="acmeClientFactory"'],
    ['a call', 'acme_key = getAcmeKeyOf(request)'],
    ['a URL', 'acme_key="https://acme.test/keys"'],
  ])('that is %s', (_, text) => {
    const { matches, dropped } = detectIn(open, text);
    expect(matches).toEqual([]);
    expect(dropped.length).toBeGreaterThan(0);
  });

  it.each(['https://acme.test/commit/', 'acme sha256: ', 'acme@', 'acme integrity: "', 'acme checksum = '])(
    'that is a commit or a digest: %j',
    (before) => {
      const { matches, dropped } = detectIn(acme, before + value());
      expect(matches).toEqual([]);
      expect(dropped.map(({ reason }) => reason)).toEqual(['a commit id or a digest']);
    },
  );
});
