import { describe, expect, test } from 'vitest';
import type { Located } from '../../src/findings/grouping.ts';
import type { HookCaller } from '../../src/hooks/types.ts';
import { renderHook } from '../../src/report/hook-text.ts';
import type { Receipt } from '../../src/types.ts';
import { commit, located, randomToken, region } from '../findings/sample.ts';
import { options, scan } from './sample.ts';

const staged = (path: string, secret = randomToken(), rest: Partial<Omit<Located, 'match'>> = {}): Located =>
  located(path, { secret, region: region(3, 8) }, { origin: { type: 'staged', oid: '1'.repeat(40), path }, ...rest });

const hook = (found: readonly Located[], type: HookCaller = 'pre-commit', facts: Partial<Receipt> = {}) =>
  renderHook(scan(found, facts), type, options({ quiet: true }));

describe('what a hook says', () => {
  test('comes in this order: what, where, why, how to mend, how to accept, and last how to go on without it', () => {
    const secret = randomToken();
    const text = hook([staged('src/config.ts', secret)]);
    const order = [
      'this commit is refused: it holds 1 secret',
      'acme-token',
      '********',
      'src/config.ts:3:8',
      'why ',
      'revoke or rotate it first',
      'git reset --quiet -- src/config.ts',
      'secret store',
      '- fingerprint: ',
      'reason: ',
      'git commit --no-verify',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(text).not.toContain(secret);
    expect(text.trimEnd().split('\n').at(-1)).toContain('--no-verify');
  });

  test('the entry to paste has the fingerprint of the finding', () => {
    const result = scan([staged('a')]);
    const text = renderHook(result, 'pre-commit', options({ quiet: true }));
    expect(text).toContain(`    - fingerprint: ${result.findings[0]?.fingerprint} # acme-token in a\n      reason: `);
  });

  test('commands take any path as it is, or none that can not be shown', () => {
    const paths = ['plain.env', "it's $(x).env", '-rf', 'a*.env', ':(top)b.env'];
    const line = hook(paths.map((path) => staged(path)))
      .split('\n')
      .find((text) => text.includes('git reset'));
    for (const word of [
      'plain.env',
      `'it'\\''s $(x).env'`,
      '-rf',
      `':(top,literal)a*.env'`,
      `':(top,literal):(top)b.env'`,
    ])
      expect(line).toContain(` ${word}`);
    expect(hook([staged('two\nlines')])).toContain('git reset --quiet -- FILE…');
    expect(hook([staged('\u001b[31mred')])).not.toContain('\u001b');
  });

  test('a path that is named like a secret is not said', () => {
    const secret = randomToken();
    expect(hook([staged(`dir/${secret}`, secret)])).not.toContain(secret);
  });

  test('only what is new has to be taken out', () => {
    const secret = randomToken();
    const text = hook([staged('new.env', secret), staged('old.env', secret, { introduced: false })]);
    expect(text).toContain('git reset --quiet -- new.env\n');
  });

  test('a push is told the commits', () => {
    const info = commit({ oid: `abcdef01${'2'.repeat(32)}` });
    const blob = located('a.env', {}, { origin: { type: 'blob', oid: '1'.repeat(40) }, commit: info });
    const text = hook([blob], 'pre-push');
    expect(text).toContain('Take it out of commit abcdef01;');
    expect(text).toContain('git push --no-verify');
    expect(hook([blob], 'pre-receive')).not.toContain('--no-verify');
  });

  test('many findings have some entries written out, and say how many more there are', () => {
    const text = hook(Array.from({ length: 13 }, (_, at) => staged(`${at}.env`)));
    expect(text.match(/- fingerprint: /g)).toHaveLength(10);
    expect(text).toContain('and 3 more entries');
    expect(text).toContain('git reset --quiet -- FILE…');
  });

  test('what could not be read is named', () => {
    const skipped = [{ reason: 'missing object', where: 'a.env', incomplete: true }];
    const text = hook([], 'pre-commit', { complete: false, skipped, skippedCounts: { 'missing object': 1 } });
    expect(text).toContain('this commit is refused: not everything in it could be read');
    expect(text).toContain('missing object: a.env');
    expect(text).toContain('git commit --no-verify');
  });
});
