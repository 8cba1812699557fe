import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { BASE62, between, LOWER, mixedText, pick, prose, randomText, seeded } from '../support/random.ts';
import { foundBy, literal, secretsIn, translated } from './gitleaks-samples.ts';

const random = seeded(31_007);
const word = (length = 12) => randomText(random, length, LOWER);
const regex = (text: string) => `regex = ${literal(text)}`;

describe('the secret of a translated rule', () => {
  it('is the whole match where the regex has no group', () => {
    const token = `acme-${word()}`;
    expect(secretsIn(`x ${token} y`, regex('acme-[a-z]{12}'))).toEqual([token]);
  });

  it('is the first group that takes text', () => {
    const forms = regex(`acme=(?:"([^"]+)"|'([^']+)'|(\\w+))`);
    const [one, two, three] = [word(), word(), word()];
    expect(secretsIn(`acme="${one}"\nacme='${two}'\nacme=${three}\n`, forms)).toEqual([one, two, three]);
    expect(secretsIn(`acme:${one}`, regex('acme(x*):([a-z]+)'))).toEqual([one]);
    expect(secretsIn('acme: ', regex('acme(x*):'))).toEqual(['acme:']);
  });

  it('is the group that secretGroup names, by number, be it optional', () => {
    const [one, two] = [word(), word()];
    const lines = [regex('acme (?P<user>[a-z]+)(?::([a-z]+))?'), 'secretGroup = 2'];
    expect(secretsIn(`acme ${one}:${two}`, ...lines)).toEqual([two]);
    expect(secretsIn(`acme ${one}`, ...lines)).toEqual([`acme ${one}`]);
  });

  it('has no line breaks around it', () => {
    const token = word();
    expect(secretsIn(`acme\r\n${token}\r\nx`, regex('acme(\\s[a-z\\s]{14,})x'))).toEqual([token]);
  });

  it('is found wherever the regex allows, glued to other characters too, and though it looks made up', () => {
    const token = 'x'.repeat(12);
    expect(secretsIn(`qq${token}qq`, regex('x{12}'))).toEqual([token]);
  });
});

describe('a translated rule', () => {
  it('finds a block of several thousand characters over lines', () => {
    const block = Array.from({ length: 40 }, () => randomText(random, 64, BASE62)).join('\n');
    const text = `-----BEGIN ACME BLOCK-----\n${block}\n-----END ACME BLOCK-----`;
    expect(secretsIn(`${text}\n`, regex('(?i)-----BEGIN[ A-Z]{0,99}BLOCK-----[\\s\\S-]{64,}?BLOCK-----'))).toEqual([
      text,
    ]);
  });

  it('asks for more entropy than it says, not for as much', () => {
    // Eight different characters are three bits each.
    const token = 'abcdefgh';
    expect(secretsIn(`acme ${token}`, regex('acme ([a-h]{8})'), 'entropy = 2.99')).toEqual([token]);
    expect(secretsIn(`acme ${token}`, regex('acme ([a-h]{8})'), 'entropy = 3')).toEqual([]);
    expect(secretsIn('acme aaaaaaaa', regex('acme ([a-h]{8})'), 'entropy = 0')).toEqual(['aaaaaaaa']);
  });

  it('counts what it refuses', () => {
    const { rule } = translated(regex('acme ([a-z]{8})'), 'entropy = 3');
    expect(foundBy([rule!], 'acme aaaaaaaa').dropped).toMatchObject([{ ruleId: 'acme', reason: 'too little entropy' }]);
    expect(foundBy([rule!], `\0\0\0\0acme ${word(8)}\0\0`).matches).toEqual([]);
  });

  it('is called by its description, or by its id where that is long', () => {
    expect(translated(regex('acme'), 'description = "Acme token"').rule?.facts.name).toBe('Acme token');
    expect(translated(regex('acme'), `description = "${'long '.repeat(20)}"`).rule?.facts.name).toBe('acme');
  });
});

describe('keywords', () => {
  const loose = regex('[a-z]{12}');

  it('may stand anywhere in the text, in any case, and without one the regex does not run', () => {
    const token = word();
    expect(secretsIn(`${token} ${'. '.repeat(9999)} ACME`, loose, 'keywords = ["other", "Acme"]')).toEqual([token]);
    expect(secretsIn(`${token} ${'. '.repeat(9999)} acm e`, loose, 'keywords = ["acme"]')).toEqual([]);
  });

  it('that every match holds cost nothing: the rule starts at its literals', () => {
    const { rule } = translated(regex('(?i)acme_key_[a-z]{12}'), 'keywords = ["acme"]');
    expect(rule).toMatchObject({ mode: 'form' });
    const { rule: other } = translated(regex('(?i)acme_key_[a-z]{12}'), 'keywords = ["contoso"]');
    expect(other).toMatchObject({ mode: 'everywhere', anchors: [{ literal: 'contoso', nocase: true }] });
  });

  it('of two characters are named and not asked for', () => {
    const { rule, untranslated } = translated(loose, 'keywords = ["ab"]');
    expect(untranslated).toMatchObject([{ place: { line: 4 }, message: expect.stringContaining('the keyword "ab"') }]);
    const token = word();
    expect(foundBy([rule!], ` ${token} `).matches).toMatchObject([{ secret: token }]);
  });
});

describe('a regex that can not be translated', () => {
  it.each([
    ['acme(?=x)', 'look-around is not supported'],
    ['acme\\pL+', 'Unicode classes are not supported'],
    ['acme(', 'no ) for ('],
    ['(?:acme)?', 'can match the empty text'],
    ['(?:key(\\w+)){2}', 'a group in a repeat that has to be written out'],
  ])('%s is named with its line and the reason', (text, reason) => {
    const { rule, untranslated } = translated('description = "a"', regex(text));
    expect(rule).toBeUndefined();
    expect(untranslated).toMatchObject([{ place: { line: 4 } }]);
    expect(untranslated[0]?.message).toContain('rule "acme" is not translated and does not run');
    expect(untranslated[0]?.message).toContain(reason);
  });

  it('is one that lacks the group that secretGroup names', () => {
    expect(translated(regex('acme(x)'), 'secretGroup = 2').untranslated[0]?.message).toContain(
      'has no group 2, only 1',
    );
  });
});

describe('what translated rules find is what their regex matches one after the other:', () => {
  /** All matches in a row, the first group with text or the whole, without line breaks around. */
  const reference = (source: string, text: string): string[] => {
    const matcher = RE2JS.compile(source).matcher(text);
    const found: string[] = [];
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1));
      const secret = groups.find((group) => group) ?? matcher.group() ?? '';
      found.push(secret.replace(/^[\r\n]+|[\r\n]+$/g, ''));
    }
    return found;
  };

  it.each([
    '(?i)(?:acme)(?:[0-9a-z\\-_\\t .]{0,20})(?:[\\s|\'"]){0,3}(?:=|>|:=)(?:\'|"|\\s|=|\\x60){0,5}([a-z0-9]{12})(?:[\'"\\n\\r\\s\\x60;]|$)',
    '\\b(acme_[a-zA-Z0-9]{12})\\b',
    '(?i)[\\w.-]{0,50}?(?:key|token|secret)(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|:{1,3})[\\s\'"=]{0,5}([\\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    '[A-Z][a-z]{3}[0-9]{2,}',
    '://(\\w+):(\\w+)@',
    '(?m)^export (\\w+)=(\\S+)$',
    'secret[^"\\n]*"([^"]+)"',
  ])('%s', (source) => {
    const sample = () =>
      pick(random, [
        `acme_token = "${mixedText(random, 12)}"`,
        `acme_${mixedText(random, between(random, 11, 13))}`,
        `ACME-KEY:=${randomText(random, 12, LOWER)};`,
        `my.api-key: ${mixedText(random, 14)}`,
        `Abcd${between(random, 10, 99_999)}`,
        `http://${word(4)}:${word(6)}@host`,
        `\nexport A=${word()}\n`,
        `secret = ["${word()}", "${word()}"]`,
        'token',
      ]);
    let total = 0;
    for (let run = 0; run < 40; run++) {
      const text = Array.from({ length: 12 }, () => `${prose(random, between(random, 0, 60))}${sample()}`).join(
        pick(random, ['\n', ' ', '\r\n']),
      );
      const found = secretsIn(text, regex(source));
      total += found.length;
      expect(found, text).toEqual(reference(source, text));
    }
    expect(total).toBeGreaterThan(10);
  });
});
