import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leakgate } from '../support/cli.ts';
import { folderMaker } from '../support/folder.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_008);
const newFolder = folderMaker();

const ACME = `provider: Acme
rules:
  - id: acme-token
    name: Acme token
    kind: secret
    severity: low
    confidence: high
    shape: "'acme_' base62{18}"
    examples:
      positive: ['ACME_TOKEN={{secret}}', 'token: "{{secret}}"']
      negative:
        - ACME_TOKEN=acme_xxxxxxxxxxxxxxxxxx
        - 'glued to a quote "{{secret}}"'
`;

describe('leakgate --help', () => {
  it('shows the commands, the options, examples and the exit codes', async () => {
    const { code, stdout, stderr } = await leakgate(['--help']);
    for (const word of ['dir', 'git', 'stdin', 'rules', '--format', '--fail-on', 'Examples:', 'Exit codes']) {
      expect(stdout).toContain(word);
    }
    for (const line of [
      /^ {2}0 .*nothing/m,
      /^ {2}1 .*findings/m,
      /^ {2}2 .*usage/m,
      /^ {2}3 .*incomplete/m,
      /^ {2}130 .*interrupted/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each(['dir', 'git', 'stdin'])('shows the options, examples and exit codes of %s', async (command) => {
    const { code, stdout } = await leakgate([command, '--help']);
    expect(stdout).toMatch(
      new RegExp(`leakgate ${command}[^]*Options:[^]*Examples:[^]*leakgate ${command}[^]*Exit codes`),
    );
    expect(code).toBe(0);
  });

  it('is what leakgate without arguments shows', async () => {
    const { code, stdout } = await leakgate([]);
    expect(stdout).toContain('Exit codes');
    expect(code).toBe(0);
  });

  it('gives examples whose options exist', async () => {
    const { stdout } = await leakgate(['--help']);
    const examples = stdout.slice(stdout.indexOf('Examples:'), stdout.indexOf('Exit codes'));
    const options = examples.match(/--[a-z-]+/g) ?? [];
    const known = (await Promise.all(['git', 'dir', 'stdin'].map((command) => leakgate([command, '--help'])))).map(
      (one) => one.stdout,
    );
    expect(options.length).toBeGreaterThan(3);
    for (const option of options) expect(known.some((text) => text.includes(`${option} `))).toBe(true);
  });
});

describe('leakgate --version', () => {
  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { code, stdout } = await leakgate(['--version']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  });
});

describe('a wrong command line has exit code 2 and one clear message:', () => {
  it.each([
    [['git', '--frobnicate'], /frobnicate/],
    [['git', '--staged', '--frobnicate'], /frobnicate/],
    [['dir', '--fail-on', 'huge'], /--fail-on is one of low, medium, high, critical, not "huge"/],
    [['git', '--staged', '--fail-on', 'huge'], /--fail-on is one of/],
    [['git', '--staged', '--fail-on', 'low', '--fail-on', 'high'], /--fail-on can be given once/],
    [['dir', '--jobs', '0'], /--jobs is a number from 1/],
    [['dir', '--config'], /config/],
    [['dir', '--config', 'a', '--config', 'b'], /--config can be given once/],
    [['git', '--range', 'a..b', '--staged'], /exclude each other/],
    [['git', 'one', 'two'], /two/],
    [['stdin', '--staged'], /staged/],
    [['rules'], /list, show ID or test/],
    [['rules', 'show', 'nothing'], /no rule has the id "nothing"/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await leakgate(args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('leakgate rules', () => {
  it('list names at least 60 rules, one a line, in order', async () => {
    const { code, stdout } = await leakgate(['rules', 'list']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s+/)[0]!);
    expect(ids.length).toBeGreaterThanOrEqual(60);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(code).toBe(0);
  });

  it('show explains a rule and says what to do about a finding', async () => {
    const { code, stdout } = await leakgate(['rules', 'show', 'github-classic-pat']);
    for (const part of ['leak is of critical severity', "It looks like 'ghp_'", 'Revoke or rotate it at https://'])
      expect(stdout).toContain(part);
    expect(code).toBe(0);
  });

  it('test tells what matches a file and what was refused', async () => {
    const token = githubToken(random);
    const folder = newFolder({ 'a.env': `T=${token}\nDB_PASSWORD=changeme\n` });
    const { code, stdout } = await leakgate(['rules', 'test', 'a.env'], { cwd: folder.dir });
    expect(stdout).toMatch(/^match {4}a\.env:1:3 {2}github-classic-pat {2}high/m);
    expect(stdout).toMatch(/^refused {2}a\.env:2 {2}generic-secret/m);
    expect(stdout).not.toContain(token);
    expect(code).toBe(0);
  });

  it('test without a file finds that all shipped rules and their examples hold', async () => {
    const listed = await leakgate(['rules', 'list']);
    const { code, stdout, stderr } = await leakgate(['rules', 'test'], { cwd: newFolder().dir });
    expect(stdout).toMatch(/^\d+ rules, \d{3,} examples: all hold\n$/);
    expect(stdout).toMatch(new RegExp(`^${listed.stdout.trimEnd().split('\n').length} rules`));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('test says what is wrong with the rules of a folder, in which file, line and example', async () => {
    const { dir } = newFolder({ 'rules/acme.yaml': ACME.replace("'acme_' base62{18}", "'ghp_' base62{30,36}") });
    const { code, stdout } = await leakgate(['rules', 'test', '--rules', 'rules'], { cwd: dir });
    expect(stdout).toMatch(/^rules\/acme\.yaml:3: rule acme-token: claims positive example 1 .*"github-classic-pat"$/m);
    expect(stdout).toMatch(/^rules\/acme\.yaml:13: rule acme-token: negative example 2 is found$/m);
    expect(stdout).toMatch(/^1 rule, \d+ examples: \d+ problems\n$/m);
    expect(stdout.match(/^(?!rules\/acme\.yaml:\d+: rule acme-token: |1 rule)./gm)).toBeNull();
    expect(code).toBe(1);
  });

  it('test has nothing to say against right rules of a folder, and can not read missing ones', async () => {
    const { dir } = newFolder({ 'rules/acme.yaml': ACME.replace(/.*glued.*\n/, '') });
    const right = await leakgate(['rules', 'test', '--rules', 'rules'], { cwd: dir });
    expect(right.stdout).toMatch(/^1 rule, \d+ examples: all hold\n$/);
    expect(right).toMatchObject({ code: 0, stderr: '' });
    const missing = await leakgate(['rules', 'test', '--rules', 'gone'], { cwd: dir });
    expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('gone') as string });
  });

  it('list and show know the rules of a folder', async () => {
    const folder = newFolder({ 'rules/acme.yaml': ACME });
    const { stdout } = await leakgate(['rules', 'list', '--rules', 'rules'], { cwd: folder.dir });
    expect(stdout).toMatch(/^acme-token .*Acme token$/m);
    const shown = await leakgate(['rules', 'show', 'acme-token', '--rules', 'rules'], { cwd: folder.dir });
    expect(shown.stdout).toContain('acme_');
  });
});
