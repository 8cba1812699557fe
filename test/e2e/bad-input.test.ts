import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { foundAt, leakgate, leakgateJson, MAIN } from '../support/cli.ts';
import { makeFolder, type TestFolder } from '../support/folder.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_004);
const used: { remove(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const one of used.splice(0)) await one.remove();
});

const newFolder = (files: Readonly<Record<string, Buffer | string>> = {}): TestFolder => {
  const folder = makeFolder(files);
  used.push(folder);
  return folder;
};

const newRepository = async (): Promise<TestRepository> => {
  const repo = await makeRepository();
  used.push(repo);
  return repo;
};

const leak = () => `TOKEN=${githubToken(random)}\n`;

/** Wrong usage: exit code 2, nothing on standard output, one clear message without a stack trace. */
const expectUsageError = async (args: readonly string[], cwd: string, message: RegExp): Promise<void> => {
  const { code, stdout, stderr } = await leakgate(args, { cwd });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
};

describe('what can not be scanned is said, with exit code 2:', () => {
  it('a folder that is no repository', async () => {
    const { dir } = newFolder({ 'a.txt': 'a\n' });
    await expectUsageError(['git'], dir, /not a git repository: \.\n.*leakgate dir/);
    await expectUsageError(['git', '--staged'], dir, /not a git repository/);
    await expectUsageError(['git', '--range', 'a..b'], dir, /not a git repository/);
  });

  it('a path that is not there', async () => {
    const { dir } = newFolder();
    await expectUsageError(['dir', 'gone'], dir, /gone: no such file/);
    await expectUsageError(['gone'], dir, /gone: no such file/);
    await expectUsageError(['git', 'gone'], dir, /no such folder: gone/);
  });

  it('a ref that is unknown, and one that looks like an option', async () => {
    const repo = await newRepository();
    await repo.commitFiles('start', { 'a.txt': 'a\n' });
    await expectUsageError(
      ['git', '--range', 'nowhere..HEAD'],
      repo.dir,
      /base of the range is not a commit here: nowhere/,
    );
    await expectUsageError(
      ['git', '--range', 'HEAD..nowhere'],
      repo.dir,
      /head of the range is not a commit here: nowhere/,
    );
    await expectUsageError(['git', '--range=--output=x..HEAD'], repo.dir, /starts with '-'/);
    expect(existsSync(join(repo.dir, 'x'))).toBe(false);
  });

  it('staged changes of a bare repository', async () => {
    const bare = await makeRepository({ bare: true });
    used.push(bare);
    await expectUsageError(['git', '--staged'], bare.dir, /bare repository/);
  });

  it('a control character in a message is made visible', async () => {
    const { stderr } = await leakgate(['dir', 'a\u001b[31mb'], { cwd: newFolder().dir });
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain('no such file');
  });
});

/** Deletes an object from the repository; returns its id. */
const lose = async (repo: TestRepository, revision: string): Promise<string> => {
  const oid = await repo.id(revision);
  rmSync(join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true });
  return oid;
};

describe('an incomplete scan has exit code 3 and says what is missing:', () => {
  it('an empty repository', async () => {
    const repo = await newRepository();
    const { code, report } = await leakgateJson(['git'], { cwd: repo.dir });
    expect(report.receipt).toMatchObject({ items: 0, complete: false, skippedCounts: { 'nothing scanned': 1 } });
    expect(code).toBe(3);
  });

  it('an empty folder and an empty input', async () => {
    const { code } = await leakgate(['dir', '.'], { cwd: newFolder().dir });
    const input = await leakgate(['stdin']);
    expect([code, input.code]).toEqual([3, 3]);
  });

  it('an empty range', async () => {
    const repo = await newRepository();
    await repo.commitFiles('start', { 'a.txt': 'a\n' });
    const { code, report } = await leakgateJson(['git', '--range', 'HEAD..HEAD'], { cwd: repo.dir });
    expect(report.receipt.skippedCounts).toEqual({ 'empty range': 1 });
    expect(code).toBe(3);
  });

  it('a shallow clone, which still reports what it has', async () => {
    const repo = await newRepository();
    await repo.commitFiles('one', { 'a.txt': 'a\n' });
    await repo.commitFiles('two', { 'b.env': leak() });
    await repo.git('clone', '-q', '--depth', '1', `file://${repo.dir}`, repo.beside('shallow'));
    const { code, report } = await leakgateJson(['git', repo.beside('shallow'), '--exit-zero']);
    expect(report.receipt.skippedCounts).toEqual({ 'shallow clone': 1 });
    expect(foundAt(report)).toEqual(['github-classic-pat b.env:1']);
    expect(code).toBe(3);
    const accepted = await leakgate([
      'git',
      repo.beside('shallow'),
      '--exit-zero',
      '--allow-incomplete',
      'shallow-clone',
    ]);
    expect(accepted.code).toBe(0);
  });

  it('a partial clone, and no object is fetched', async () => {
    const repo = await newRepository();
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    await repo.commitFiles('one', { 'a.txt': 'first\n' });
    await repo.commitFiles('two', { 'a.txt': 'second\n' });
    await repo.git('clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repo.dir}`, repo.beside('partial'));
    const { code, report } = await leakgateJson(['git', repo.beside('partial')]);
    expect(report.receipt.complete).toBe(false);
    expect(report.receipt.skippedCounts).toHaveProperty('partial clone');
    expect(code).toBe(3);
    const objects = await repo.at(repo.beside('partial')).git('rev-list', '--objects', '--all', '--missing=print');
    expect(objects.split('\n').filter((line) => line.startsWith('?'))).toHaveLength(2);
  });

  it.each([
    ['a file', 'HEAD~1:a.txt'],
    ['a folder', 'HEAD~1:folder'],
  ])('%s of an older commit that was lost, without losing what else there is', async (_, revision) => {
    const repo = await newRepository();
    await repo.commitFiles('one', { 'a.txt': 'lost\n', 'folder/c.txt': 'c\n' });
    await repo.commitFiles('two', { 'a.txt': 'a\n', 'folder/c.txt': 'd\n', 'b.env': leak() });
    const oid = await lose(repo, revision);
    const { code, report } = await leakgateJson(['git', '--exit-zero'], { cwd: repo.dir });
    expect(report.findings).toHaveLength(1);
    expect(report.receipt.skipped).toContainEqual({ reason: 'missing object', where: oid, incomplete: true });
    expect(code).toBe(3);
  });

  it('a commit that was lost, without losing what else there is', async () => {
    const repo = await newRepository();
    for (const name of ['a', 'b', 'c'])
      await repo.commitFiles(name, { [`${name}.env`]: name === 'b' ? leak() : 'a\n' });
    await lose(repo, 'HEAD~2');
    const { code, report } = await leakgateJson(['git', '--exit-zero'], { cwd: repo.dir });
    expect(report.findings).toHaveLength(1);
    expect(report.receipt.skippedCounts).toHaveProperty('damaged history');
    expect(code).toBe(3);
  });

  it('a file of a range, and a staged one, that was lost', async () => {
    const repo = await newRepository();
    await repo.commitFiles('one', { 'a.txt': 'a\n' });
    await repo.commitFiles('two', { 'b.txt': 'b\n' });
    const inRange = await lose(repo, 'HEAD:b.txt');
    const range = await leakgateJson(['git', '--range', 'HEAD~1..HEAD'], { cwd: repo.dir });
    expect(range.report.receipt.skipped).toMatchObject([{ reason: 'missing object', where: inRange }]);
    repo.write('c.txt', 'c\n');
    await repo.git('add', 'c.txt');
    await lose(repo, ':c.txt');
    const staged = await leakgate(['git', '--staged'], { cwd: repo.dir });
    expect([range.code, staged.code]).toEqual([3, 3]);
  });

  it('an object that is damaged, without losing what else there is', async () => {
    const repo = await newRepository();
    await repo.commitFiles('one', { 'a.txt': 'damaged\n', 'b.env': leak() });
    const oid = await repo.id('HEAD:a.txt');
    const file = join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
    const bytes = readFileSync(file);
    chmodSync(file, 0o644);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 8), Buffer.from('nonsense')]));
    const { code, report } = await leakgateJson(['git', '--exit-zero'], { cwd: repo.dir });
    expect(foundAt(report)).toEqual(['github-classic-pat b.env:1']);
    expect(report.receipt.complete).toBe(false);
    expect(code).toBe(3);
  });

  /** Root reads everything, so that the command is run as nobody then. */
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const canRun = (): boolean => {
    if (asNobody.length === 0) return process.getuid !== undefined;
    try {
      const [command = '', ...args] = [...asNobody, process.execPath, MAIN, '--version'];
      execFileSync(command, args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };

  it.runIf(canRun())('a file and a folder that may not be read (needs a user other than root)', async () => {
    const folder = newFolder({ 'open.env': leak(), 'closed.env': leak(), 'closed/a.env': leak() });
    chmodSync(folder.dir, 0o755);
    chmodSync(folder.path('closed.env'), 0);
    chmodSync(folder.path('closed'), 0);
    const { code, report } = await leakgateJson(['dir', folder.dir, '--exit-zero'], { cwd: '/', wrapper: asNobody });
    chmodSync(folder.path('closed'), 0o755);
    expect(report.findings).toHaveLength(1);
    expect(report.receipt.skippedCounts).toEqual({ 'unreadable file': 1, 'unreadable directory': 1 });
    expect(code).toBe(3);
  });
});

describe('wrong rules and settings are named with file and line, with exit code 2:', () => {
  const rule = (fields: string) =>
    `provider: Acme\nrules:\n  - id: acme-token\n    name: Acme token\n    kind: secret\n${fields}`;
  const good = '    severity: high\n    confidence: high\n    shape: "\'acme_\' base62{20}"\n';

  it.each([
    ['a severity there is none of', rule('    severity: huge\n    confidence: high\n'), /bad\.yaml:6: .*severity/],
    ['YAML that is broken', 'provider: Acme\nrules: [\n', /bad\.yaml:\d+: /],
    ['a rule without a form', rule('    severity: high\n    confidence: high\n'), /bad\.yaml:3: .*acme-token/],
    ['an unknown field', rule(`${good}    colour: red\n`), /bad\.yaml:9: .*colour/],
    ['a shape with a mistake', rule(good.replace('base62', 'base61')), /bad\.yaml:8: rule "acme-token": .*base61/],
    ['an anchor that no match holds', rule(`${good}    anchors: [other]\n`), /bad\.yaml:8: rule "acme-token": .*other/],
    [
      'an id that is used twice',
      rule(`${good}  - id: acme-token\n    name: Two\n    kind: id\n${good}`),
      /bad\.yaml:9: .*acme-token.*bad\.yaml:3/,
    ],
  ])('%s', async (_, text, message) => {
    const folder = newFolder({ 'a.txt': 'a\n', 'rules/bad.yaml': text });
    await expectUsageError(['dir', 'a.txt', '--rules', 'rules'], folder.dir, message);
  });

  it.each([
    ['a setting there is none of', 'fail-on: high\ncolour: red\n', /c\.yaml:2: unknown setting "colour"/],
    ['a value of the wrong kind', 'fail-on: high\nexclude: 5\n', /c\.yaml:2: "exclude" must be a list/],
    ['a word there is none of', 'min-confidence: sure\n', /c\.yaml:1: "min-confidence" must be one of/],
    ['a file that is not a map', '- a\n', /c\.yaml:1: a configuration is a map/],
    ['a rule that is not there', 'disable: [nothing]\n', /no rule has the id "nothing"/],
  ])('%s', async (_, text, message) => {
    const folder = newFolder({ 'a.txt': 'a\n', 'c.yaml': text });
    await expectUsageError(['dir', 'a.txt', '--config', 'c.yaml'], folder.dir, message);
  });

  it('a folder of rules or a configuration that is not there', async () => {
    const folder = newFolder({ 'a.txt': 'a\n' });
    await expectUsageError(['dir', 'a.txt', '--rules', 'gone'], folder.dir, /gone/);
    await expectUsageError(['dir', 'a.txt', '--config', 'gone.yaml'], folder.dir, /gone\.yaml/);
  });
});

describe('a reader that goes away', () => {
  /** Closes the command's standard output after the first bytes, as `| head -1` does. */
  const readFirst = (args: readonly string[], cwd: string) =>
    new Promise<{ code: number | null; first: string; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [MAIN, ...args], { cwd });
      let first = '';
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk;
      });
      child.stdout.once('data', (chunk: Buffer) => {
        first = chunk.toString('utf8').split('\n')[0] ?? '';
        child.stdout.destroy();
      });
      child.on('close', (code) => resolve({ code, first, stderr }));
    });

  it.each(['text', 'json', 'jsonl', 'sarif'])('does not change the exit code or make noise (%s)', async (format) => {
    const folder = newFolder({ 'a.env': Array.from({ length: 3000 }, leak).join('') });
    const { code, first, stderr } = await readFirst(['dir', '.', '-f', format], folder.dir);
    expect(first).not.toBe('');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });
});
