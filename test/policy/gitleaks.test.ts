import { describe, expect, it } from 'vitest';
import { foundAt, leakgate, leakgateJson } from '../support/cli.ts';
import { folderMaker } from '../support/folder.ts';
import { makeRepository } from '../support/git.ts';
import { LOWER, prose, randomText, seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';
import { literal } from './gitleaks-samples.ts';

const random = seeded(8_001);
const newFolder = folderMaker();
const word = () => randomText(random, 16, LOWER);
const toml = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
const ACME = ['[[rules]]', 'id = "acme"', 'description = "Acme token"', `regex = ${literal('acme=([a-z]{16})')}`];
const DEFAULTS = ['[extend]', 'useDefault = true'];

const scan = (dir: string, ...args: readonly string[]) =>
  leakgateJson(['dir', 'src', '--config', '.gitleaks.toml', ...args], { cwd: dir });
const statuses = ({ report }: Awaited<ReturnType<typeof scan>>) =>
  report.findings.map(({ rule, status }) => `${rule.id} ${status}`).sort();

describe('--config with a .toml file', () => {
  it('runs the rules of the file alone, and says so once', async () => {
    const { dir } = newFolder({
      '.gitleaks.toml': toml(...ACME),
      'src/a.env': `acme=${word()}\nT=${githubToken(random)}\n`,
    });
    const { code, report, stderr } = await scan(dir);
    expect(foundAt(report)).toEqual(['acme src/a.env:1']);
    expect(stderr).toBe(
      'leakgate: .gitleaks.toml: only the 1 rule of this file run, as [extend] useDefault = true is not there\n',
    );
    expect(code).toBe(1);
  });

  it('runs the shipped rules as well with useDefault, but those that disabledRules names', async () => {
    const { dir } = newFolder({
      '.gitleaks.toml': toml(...DEFAULTS, ...ACME),
      'less/.gitleaks.toml': toml(...DEFAULTS, 'disabledRules = ["github-classic-pat", "of-another-scanner"]', ...ACME),
      'src/a.env': `acme=${word()}\n`,
      'src/b.env': `T=${githubToken(random)}\n`,
    });
    const all = await scan(dir);
    expect(foundAt(all.report)).toEqual(['acme src/a.env:1', 'github-classic-pat src/b.env:1']);
    expect(all.stderr).toBe('');
    const less = await leakgateJson(['dir', 'src', '--config', 'less/.gitleaks.toml'], { cwd: dir });
    expect(foundAt(less.report)).not.toContain('github-classic-pat src/b.env:1');
    expect(less.stderr).toBe(
      'leakgate: less/.gitleaks.toml:3: "disabledRules": leakgate has no rule "of-another-scanner" to switch off\n',
    );
  });

  it('reports what allowlists accept as allowed, with the reason, and lets it pass', async () => {
    const { dir } = newFolder({
      '.gitleaks.toml': toml(
        ...ACME,
        ...['[[rules.allowlists]]', 'description = "samples"', `paths = [${literal('(^|/)samples/')}]`],
        ...['[[allowlists]]', 'regexTarget = "line"', 'regexes = ["not a secret"]'],
        ...['[[allowlists]]', 'regexTarget = "match"', 'regexes = ["^acme=zz"]'],
      ),
      'src/samples/a.env': `acme=${word()}\n`,
      'src/b.env': `acme=${word()} # not a secret\n`,
      'src/c.env': `acme=zz${word().slice(2)}\n`,
    });
    const result = await scan(dir);
    expect(statuses(result)).toEqual(['acme allowed', 'acme allowed', 'acme allowed']);
    for (const reason of ['allowlist of .gitleaks.toml: samples', 'allowlist of .gitleaks.toml:8'])
      expect(result.stdout).toContain(reason);
    expect(result.code).toBe(0);
    expect((await leakgate(['dir', 'src', '--config', '.gitleaks.toml'], { cwd: dir })).stdout).toContain('3 allowed');
  });

  it('keeps a finding that stands in a place which is not accepted', async () => {
    const secret = word();
    const { dir } = newFolder({
      '.gitleaks.toml': toml(...ACME, '[allowlist]', 'paths = ["samples"]'),
      'src/samples/a.env': `acme=${secret}\n`,
      'src/a.env': `acme=${secret}\n`,
    });
    const result = await scan(dir);
    expect(statuses(result)).toEqual(['acme active']);
    expect(foundAt(result.report)).toEqual(['acme src/a.env:1', 'acme src/samples/a.env:1']);
    expect(result.code).toBe(1);
  });

  it('applies allowlists to the shipped rules, and to one of them by its id', async () => {
    const { dir } = newFolder({
      '.gitleaks.toml': toml(
        ...DEFAULTS,
        ...['[[rules]]', 'id = "github-classic-pat"', '[[rules.allowlists]]', 'paths = ["one"]'],
        ...['[[allowlists]]', 'targetRules = ["private-key"]', 'paths = ["two"]'],
      ),
      'src/one.env': `T=${githubToken(random)}\n`,
      'src/two.env': `T=${githubToken(random)}\n`,
    });
    const { report, stderr } = await scan(dir);
    const standing = report.findings.map(({ status, occurrences }) => `${occurrences[0]?.path} ${status}`);
    expect(standing.sort()).toEqual(['src/one.env allowed', 'src/two.env active']);
    expect(stderr).toBe('');
  });

  it('holds rules to their path, and to the rules that they require', async () => {
    const rule = (id: string, regex: string) => ['[[rules]]', `id = "${id}"`, `regex = ${literal(regex)}`];
    const { dir } = newFolder({
      '.gitleaks.toml': toml(
        ...[...rule('in-env', 'acme=([a-z]{16})'), `path = ${literal('\\.env$')}`],
        ...[...rule('with-user', 'pass=([a-z]{16})'), '[[rules.required]]', 'id = "user"', 'withinLines = 1'],
        ...[...rule('user', 'user=([a-z]+)'), 'skipReport = true'],
      ),
      'src/a.env': `acme=${word()}\n`,
      'src/a.txt': `acme=${word()}\n`,
      'src/near.txt': `user=${word()}\npass=${word()}\n`,
      'src/far.txt': `user=${word()}\n\n\npass=${word()}\n`,
    });
    const { report } = await scan(dir);
    expect(foundAt(report)).toEqual(['in-env src/a.env:1', 'with-user src/near.txt:2']);
  });

  it('finds the same with several threads, far into large files, and with a keyword elsewhere', async () => {
    const filler = prose(random, 5_000_000);
    const files: Record<string, string> = {
      '.gitleaks.toml': toml(
        ...['[[rules]]', 'id = "loose"', `regex = ${literal('[A-Z]{24}')}`, 'keywords = ["Contoso"]'],
        ...['[[allowlists]]', 'regexTarget = "line"', 'regexes = ["accepted"]'],
      ),
      'src/large.txt': `${filler}contoso ${randomText(random, 24, 'ABCDEFGHIJ')}\n`,
      'src/without.txt': `${randomText(random, 24, 'ABCDEFGHIJ')}\n`,
    };
    for (let n = 0; n < 600; n++)
      files[`src/${n}.txt`] =
        n % 60 ? '' : `CONTOSO ${randomText(random, 24, 'ABCDEFGHIJ')} ${n % 120 ? 'accepted' : ''}\n`;
    const { dir } = newFolder(files);
    const [one, two] = [await scan(dir, '--jobs', '1'), await scan(dir, '--jobs', '2')];
    expect(statuses(one)).toEqual([...Array(6).fill('loose active'), ...Array(5).fill('loose allowed')]);
    const stable = (text: string) => text.replace(/"durationMs":\d+/, '');
    expect(stable(two.stdout)).toBe(stable(one.stdout));
  });

  it('names what it does not translate on standard error and in the receipt, and goes on', async () => {
    const { dir } = newFolder({
      '.gitleaks.toml': toml(
        ...[...ACME, 'tags = ["x"]'],
        ...['[[rules]]', 'id = "keys"', 'path = "pem$"', '[[rules]]', 'id = "ahead"', 'regex = "a(?=b)"'],
      ),
      'src/a.env': '\n',
    });
    const { code, report, stderr } = await scan(dir);
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      'leakgate: .gitleaks.toml:5: "tags" are not used (1 rule)',
      'leakgate: .gitleaks.toml:8: rule "keys" is not translated and does not run: it finds files by their names alone',
      'leakgate: .gitleaks.toml:11: rule "ahead" is not translated and does not run: its regex: look-around is not supported (at character 2)',
    ]);
    expect(report.receipt.skippedCounts).toEqual({ 'part of a configuration': 3 });
    expect(report.receipt.complete).toBe(true);
    expect(code).toBe(0);
    const quiet = await leakgate(['dir', 'src', '--config', '.gitleaks.toml', '--quiet'], { cwd: dir });
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('takes in the file that it extends, from this folder or beside it', async () => {
    const base = toml(...ACME, '[[rules]]', 'id = "other"', 'regex = "other=([a-z]{16})"');
    const own = toml(
      ...['[extend]', 'path = "base.toml"', 'disabledRules = ["other"]'],
      ...['[[rules]]', 'id = "acme"', '[[rules.allowlists]]', 'stopwords = ["sample"]'],
      ...['[[rules]]', 'id = "more"', 'regex = "more=([a-z]{16})"'],
    );
    const { dir } = newFolder({
      'sub/base.toml': base,
      'sub/own.toml': own,
      'src/a.env': `acme=sample${word().slice(6)}\nother=${word()}\nmore=${word()}\n`,
      'src/b.env': `acme=${word()}\n`,
      'round.toml': toml('[extend]', 'path = "round.toml"'),
      'gone.toml': toml('[extend]', 'path = "nowhere.toml"'),
    });
    const run = (file: string) => leakgate(['dir', 'src', '--config', file, '-f', 'json'], { cwd: dir });
    const result = await leakgateJson(['dir', 'src', '--config', 'sub/own.toml'], { cwd: dir });
    expect(statuses(result)).toEqual(['acme active', 'acme allowed', 'more active']);
    expect((await run('round.toml')).stderr).toContain('round.toml:2: "path" leads back to round.toml');
    expect((await run('gone.toml')).stderr).toContain('gone.toml:2: "path" names nowhere.toml');
  });

  it.each([
    ['title = ', /^leakgate: \.gitleaks\.toml:1:\d+: not valid TOML: /],
    ['[[rules]]\nid = "a"\nregex = 1\n', /^leakgate: \.gitleaks\.toml:3: rule "a": "regex" must be a text\n/],
    ['[[allowlists]]\npaths = ["a"]\n', /^leakgate: \.gitleaks\.toml: no rule is left to run\n.*useDefault/],
    [
      '[[rules]]\nid = "a"\nregex = "("\n',
      /^leakgate: \.gitleaks\.toml: no rule is left to run: rule "a" is not transl/,
    ],
    [
      '[[rules]]\nid = "a"\nregex = "a"\n[[rules]]\nid = "a"\nregex = "a"\n',
      /^leakgate: \.gitleaks\.toml:5: the id "a"/,
    ],
    [`#${'x'.repeat(1 << 20)}\n`, /^leakgate: \.gitleaks\.toml: a configuration has at most 1 MiB\n/],
  ])('is refused when it is wrong: %#', async (text, message) => {
    const { dir } = newFolder({ '.gitleaks.toml': text, 'src/a.txt': 'a\n' });
    const { code, stdout, stderr } = await leakgate(['dir', 'src', '--config', '.gitleaks.toml'], { cwd: dir });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('a history scanned with a gitleaks configuration', () => {
  it('has the secrets of listed commits allowed, also in later versions of the file', async () => {
    const repository = await makeRepository();
    try {
      const secret = word();
      const accepted = await repository.commitFiles('one', { 'a.env': `acme=${secret}\n` });
      await repository.commitFiles('two', { 'a.env': `acme=${secret}\nmore\n` });
      await repository.commitFiles('three', { 'b.env': `acme=${word()}\n` });
      const folder = newFolder({ 'own.toml': toml(...ACME, '[[allowlists]]', `commits = ["${accepted}"]`) });
      const result = await leakgateJson(['git', repository.dir, '--config', folder.path('own.toml')]);
      const standing = result.report.findings.map(({ status, occurrences }) => `${occurrences[0]?.path} ${status}`);
      expect(standing.sort()).toEqual(['a.env allowed', 'b.env active']);
    } finally {
      await repository.remove();
    }
  });
});
