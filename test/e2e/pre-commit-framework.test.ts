import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type TestFolder } from '../support/folder.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { type Attempt, attempt, refused } from '../support/hooked.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_029);
const repositories: TestRepository[] = [];
let home: TestFolder;
let release: TestRepository;
let config: string;
let environment: Record<string, string>;

/** PRE_COMMIT_PROGRAM names another version of the framework than that in PATH. */
const PROGRAM = process.env.PRE_COMMIT_PROGRAM ?? 'pre-commit';
const isThere = spawnSync(PROGRAM, ['--version']).status === 0;
if (!isThere) process.stderr.write('SKIPPED: tests with the pre-commit framework, which is not installed\n');

const leak = () => `TOKEN=${githubToken(random)}\n`;

const framework = (repo: Pick<TestRepository, 'dir'>, ...args: string[]): Promise<Attempt> =>
  new Promise((resolve) => {
    const options = { cwd: repo.dir, env: { ...process.env, ...environment } };
    execFile(PROGRAM, args, options, (error, stdout, stderr) => resolve({ done: !error, output: stdout + stderr }));
  });

const git = (repo: TestRepository, ...args: string[]) => attempt(repo, args, environment);

/** A repository with the hooks of the framework, and the first commit made without them. */
const configured = async (files: Readonly<Record<string, string>>, ...types: string[]): Promise<TestRepository> => {
  const repo = await makeRepository();
  repositories.push(repo);
  await repo.commitFiles('start', { '.pre-commit-config.yaml': config, ...files });
  for (const type of types) expect((await framework(repo, 'install', '--hook-type', type)).done).toBe(true);
  return repo;
};

/** What hooks print when they have nothing to say. */
const passed = ({ done, output }: Attempt): void => {
  const more = output.split('\n').filter((line) => !/^leakgate[^.]*\.+.*(?:Passed|Skipped)$|^\[INFO\]|^$/.test(line));
  expect(more).toEqual([]);
  expect(done).toBe(true);
  expect(output).toContain('Passed');
};

describe.skipIf(!isThere)('under the pre-commit framework', () => {
  beforeAll(async () => {
    home = makeFolder({});
    environment = { PRE_COMMIT_HOME: home.path('cache'), HOME: home.dir };
    // What a release tag carries, as a repository that the framework clones.
    release = await makeRepository();
    execFileSync(process.execPath, ['scripts/release-tree.mjs', release.dir]);
    await release.git('add', '--all', '--force');
    const rev = await release.commit('release');
    config = `repos:\n  - repo: ${release.dir}\n    rev: ${rev}\n    hooks:\n      - id: leakgate\n      - id: leakgate-commit-msg\n`;
    passed(await framework(await configured({ 'a.env': 'A=1\n' }), 'run', '--all-files'));
  });
  afterEach(async () => {
    for (const repository of repositories.splice(0)) await repository.remove();
  });
  afterAll(async () => {
    await release.remove();
    home.remove();
  });

  it('a commit with a leak is refused, one without passes and nothing is printed by the hook', async () => {
    const repo = await configured({ 'a.env': 'A=1\n' }, 'pre-commit');
    repo.write('b.env', leak());
    await repo.git('add', 'b.env');
    const result = await git(repo, 'commit', '-q', '-m', 'leak');
    refused(result, 'b.env');
    expect(result.output).toContain('SKIP=leakgate');
    repo.write('b.env', 'B=1\n');
    passed(await git(repo, 'commit', '-q', '-a', '-m', 'clean'));
  });

  it('a commit is judged by what it brings in, whatever else its files hold', async () => {
    const repo = await configured({ 'a.env': leak() }, 'pre-commit');
    repo.write('a.env', `${await repo.git('show', 'HEAD:a.env')}\nA=2\n`);
    passed(await git(repo, 'commit', '-q', '-a', '-m', 'more'));
    repo.write('c.env', leak());
    await repo.git('add', 'c.env');
    repo.write('a.env', 'A=3\n');
    passed(await git(repo, 'commit', '-q', '-m', 'only a', 'a.env'));
  });

  it('run --all-files reads every tracked file, and --files the named ones', async () => {
    const names = ['a.env', 'dir/b.env', 'dir/deep/größe.env', '-dash.env', "it's.env"];
    const repo = await configured(Object.fromEntries(names.map((name) => [name, leak()])));
    const all = await framework(repo, 'run', '--all-files');
    for (const name of names) refused(all, name.startsWith('-') ? `./${name}` : name);
    const one = await framework(repo, 'run', '--files', 'dir/b.env');
    refused(one, 'dir/b.env');
    expect(one.output).not.toContain('größe');
    passed(await framework(await configured({ 'a.env': 'A=1\n' }), 'run', '--all-files'));
  });

  it('--from-ref and --to-ref look at the commits between, also at what is gone again', async () => {
    const repo = await configured({ 'a.env': leak() });
    await repo.commitFiles('leak', { 'b.env': leak() });
    await repo.commitFiles('gone', { 'b.env': 'B=\n' });
    await repo.commitFiles('more', { 'c.env': 'C=1\n' });
    const run = (from: string, to: string) => framework(repo, 'run', '--from-ref', from, '--to-ref', to);
    const result = await run('HEAD~3', 'HEAD');
    refused(result, 'b.env');
    expect(result.output).not.toContain('a.env:');
    passed(await run('HEAD~1', 'HEAD'));
    passed(await run('HEAD', 'HEAD'));
  });

  it('a push is judged by its commits, the first one too', async () => {
    const repo = await configured({ 'a.env': 'A=1\n' }, 'pre-push');
    const server = repo.at(repo.beside('server.git'));
    mkdirSync(server.dir);
    await server.git('init', '-q', '--bare');
    await repo.git('remote', 'add', 'origin', server.dir);
    await repo.commitFiles('leak', { 'b.env': leak() });
    await repo.commitFiles('gone', { 'b.env': 'B=\n' });
    refused(await git(repo, 'push', '-q', 'origin', 'main'), 'b.env');
    passed(await git(repo, 'push', '-q', 'origin', 'HEAD~2:refs/heads/main'));
    refused(await git(repo, 'push', '-q', 'origin', 'main'), 'b.env');
    await repo.git('reset', '-q', '--hard', 'HEAD~2');
    await repo.commitFiles('more', { 'c.env': 'C=1\n' });
    passed(await git(repo, 'push', '-q', 'origin', 'main'));
  });

  it('a message is read in the commit-msg stage', async () => {
    const repo = await configured({ 'a.env': 'A=1\n' }, 'commit-msg');
    refused(await git(repo, 'commit', '-q', '--allow-empty', '-m', leak()), '.git/COMMIT_EDITMSG');
    passed(await git(repo, 'commit', '-q', '--allow-empty', '-m', 'clean'));
  });
});
