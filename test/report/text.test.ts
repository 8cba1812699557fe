import { describe, expect, test } from 'vitest';
import type { Located } from '../../src/findings/grouping.ts';
import { commit, located, randomToken, region, withCompanion } from '../findings/sample.ts';
import { render, scan, scanOf } from './sample.ts';

const inBlob = (path: string, secret: string, rest: Partial<Omit<Located, 'match'>> = {}, line = 12): Located =>
  located(path, { secret, region: region(line, 8) }, { origin: { type: 'blob', oid: '1'.repeat(40) }, ...rest });

const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());

describe('text report', () => {
  test('says what, where, since when, why and how to fix', () => {
    const secret = randomToken();
    const result = scan([
      inBlob('src/config.ts', secret, { commit: commit({ oid: `abcdef01${'2'.repeat(32)}` }), reach: 'at HEAD' }),
      inBlob('old.ts', secret, {
        commit: commit({ oid: 'f'.repeat(40), authorDate: '2024-03-02T00:00:00Z' }),
        reach: 'history only',
      }),
    ]);
    const lines = linesOf(render('text', result));
    expect(lines[0]).toBe('HIGH  Acme access token  acme-token');
    expect(lines).toContain('src/config.ts:12:8  (at HEAD)');
    expect(lines).toContain('old.ts:12:8  (history only)');
    expect(lines).toContain('seen        first commit abcdef01 by Jo Doe on 2024-03-01: Add the client');
    expect(lines).toContain('why         the form is exact');
    expect(lines).toContain(`fingerprint ${result.findings[0]?.fingerprint}`);
    expect(lines).toContainEqual(expect.stringContaining('revoke or rotate it first at https://acme.example/tokens'));
    expect(lines).toContainEqual(expect.stringMatching(/^1 finding \(1 high\) in 2 places; 1 at the gate/));
    expect(lines.at(-1)).toBe('');
  });

  test('names the companion of a secret, masked', () => {
    const { id, ...fields } = withCompanion();
    const text = render('text', scan([located('a', fields)]));
    expect(linesOf(text)).toContainEqual(expect.stringMatching(/^with {8}Acme account id \S+$/));
    expect(text).not.toContain(id);
    expect(render('text', scan([located('a')]))).not.toMatch(/^ {4}with /m);
  });

  test('says how to fix by the kind of credential where the rule does not say it', () => {
    const lines = linesOf(render('text', scan([located('a', { ruleId: 'generic', confidence: 'medium' })])));
    expect(lines).toContain('then Change the password, also wherever else it is used');
  });

  test('shows three places unless verbose, those at HEAD first', () => {
    const secret = randomToken();
    const old = ['a', 'b', 'c', 'd'].map((path) => inBlob(path, secret, { reach: 'history only' }));
    const result = scan([...old, inBlob('z', secret, { reach: 'at HEAD' })]);
    const short = linesOf(render('text', result));
    expect(short.filter((line) => /:12:8/.test(line))).toEqual([
      'z:12:8  (at HEAD)',
      'a:12:8  (history only)',
      'b:12:8  (history only)',
    ]);
    expect(short).toContain('and 2 more places (--verbose shows all)');
    const long = linesOf(render('text', result, { verbose: true }));
    expect(long.filter((line) => /:12:8/.test(line))).toHaveLength(5);
    expect(long.join()).not.toContain('more places');
  });

  test('takes versions of one file together', () => {
    const secret = randomToken();
    const versions = ['1', '2', '3'].map((digit) =>
      inBlob('a', secret, { origin: { type: 'blob', oid: digit.repeat(40) }, reach: 'history only' }),
    );
    expect(linesOf(render('text', scan(versions)))).toContain('a:12:8  (history only, 3 versions)');
  });

  test('names messages and objects without a path', () => {
    const oid = 'c'.repeat(40);
    const message = { match: located('').match, origin: { type: 'commit-message', oid } } as const;
    const tag = { match: located('').match, origin: { type: 'tag-message', oid } } as const;
    const blob = { match: located('').match, origin: { type: 'blob', oid } } as const;
    const lines = linesOf(render('text', scan([message, tag, blob])));
    expect(lines).toContain(`commit/${oid}/message:1:1`);
    expect(lines).toContain(`tag/${oid}/message:1:1`);
    expect(lines).toContain(`object/${oid}:1:1`);
  });

  test('names what was there before in one line each, and what was accepted only when verbose', () => {
    const old = scan([inBlob('old', randomToken(), { introduced: false })]).findings;
    const accepted = scan([inBlob('accepted', randomToken())]).findings.map((f) => ({
      ...f,
      status: 'baseline' as const,
    }));
    const result = scanOf([...old, ...accepted]);
    const lines = linesOf(render('text', result));
    expect(lines.filter((line) => line.startsWith('there before: high Acme access token'))).toHaveLength(1);
    expect(lines.join()).not.toContain('accepted');
    expect(lines).toContain('No secrets found. Not counted: 1 there before, 1 in the baseline.');
    expect(render('text', result, { verbose: true })).toContain('in the baseline: high Acme access token');
  });

  test('is silent when quiet and there is nothing to say', () => {
    const quiet = { quiet: true };
    expect(render('text', scan([]), quiet)).toBe('');
    expect(render('text', scan([inBlob('a', randomToken(), { introduced: false })]), quiet)).toBe('');
    expect(render('text', scan([inBlob('a', randomToken())]), quiet)).toContain('a:12:8');
    expect(render('text', scan([], { complete: false }), quiet)).toContain('INCOMPLETE');
  });

  test('gives a receipt, and never calls an incomplete scan clean', () => {
    const whole = linesOf(render('text', scan([])));
    expect(whole).toContain('No secrets found.');
    expect(whole).toContain('Scanned tree of .: 1,234 items (1,234 × file), 5.6 MB; 900 rules, 1.2 s, leakgate 1.2.3.');
    expect(whole).toContain('Not read: nothing was left out.');

    const part = render(
      'text',
      scan([], {
        complete: false,
        skipped: [
          { reason: 'missing object', where: 'abc', incomplete: true, detail: 'not in any pack' },
          { reason: 'excluded', where: 'vendor', incomplete: false },
        ],
        skippedCounts: { 'missing object': 1, excluded: 20 },
      }),
    );
    expect(part).not.toContain('No secrets found');
    expect(linesOf(part)).toContain('Nothing found in what was read, but the scan is incomplete.');
    expect(linesOf(part)).toContain('Not read: 20 × excluded, 1 × missing object.');
    expect(linesOf(part)).toContain('missing object: abc (not in any pack)');
    expect(part).not.toContain('vendor');
    expect(render('text', scan([], { complete: false, interrupted: true }))).toContain('INTERRUPTED');
  });

  test('explains on request what was judged not to be a secret', () => {
    const droppedMatches = [{ ruleId: 'generic', start: 0, end: 5, reason: 'a placeholder', path: 'doc.md', line: 3 }];
    const result = { ...scan([], { dropped: { 'a placeholder': 1 } }), droppedMatches };
    expect(render('text', result)).not.toContain('placeholder');
    expect(linesOf(render('text', result, { explain: true }))).toContain('doc.md:3  generic  a placeholder');
  });

  test('nothing from the input acts on the terminal', () => {
    const evil = '\x1b]0;owned\x07\r\n\u202e\u009b2J\udcff';
    const result = scan(
      [
        located(
          `-rf${evil}`,
          { context: `x${evil}`, details: { [evil]: evil }, reasons: [evil] },
          {
            commit: commit({ authorName: evil, subject: evil }),
          },
        ),
      ],
      { target: evil, complete: false, skipped: [{ reason: evil, where: evil, detail: evil, incomplete: true }] },
    );
    const text = render('text', result, { verbose: true, explain: true });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(text).toContain('./-rf\\x1b]0;owned\\x07\\x0d\\x0a\\u{202e}\\u{9b}2J\\xff:1:1');
  });

  test('colours and links only when asked', () => {
    const result = scan([located('a')]);
    expect(render('text', result)).not.toContain('\x1b');
    expect(render('text', result, { color: true })).toContain('\x1b[31m');
    expect(render('text', result, { hyperlinks: true })).toContain('\x1b]8;;https://acme.example/docs\x1b\\');
  });

  test('500 findings stay under ten lines each and name the fix once for a rule', () => {
    const result = scan(Array.from({ length: 500 }, (_, index) => located(`dir/file${index}`)));
    const lines = linesOf(render('text', result));
    expect(lines.length).toBeLessThan(500 * 10);
    expect(lines.filter((line) => line.startsWith('fix'))).toHaveLength(1);
    expect(lines[0]).toBe('HIGH  Acme access token  acme-token  500 different ones');
  });

  test('shows the secret itself only when told to', () => {
    const secret = randomToken();
    const result = scan([located('a', { secret })]);
    expect(render('text', result)).not.toContain(secret);
    expect(render('text', result, { showSecrets: true })).toContain(secret);
  });
});
