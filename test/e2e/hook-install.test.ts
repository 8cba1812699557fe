import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leakgate } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { attempt, doneInSilence, install, refused } from '../support/hooked.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_033);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const make = async (files: Readonly<Record<string, string>> = {}): Promise<TestRepository> => {
  const repo = await makeRepository();
  repositories.push(repo);
  for (const [name, text] of Object.entries(files)) repo.write(name, text);
  return repo;
};

const hook = (repo: TestRepository, ...args: string[]) => leakgate(['hook', ...args], { cwd: repo.dir });

const stageLeak = async (repo: TestRepository): Promise<void> => {
  repo.write('leak.env', `TOKEN=${githubToken(random)}\n`);
  await repo.git('add', 'leak.env');
};

const COMMIT = ['commit', '-q', '-m', 'a change'];

/** Another hook, which leaves a trace when it runs. */
const writeForeign = (repo: TestRepository, name = 'pre-commit', end = ''): string => {
  const file = join(repo.dir, '.git/hooks', name);
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho ran >> '${repo.beside('trace')}'\n${end}`);
  chmodSync(file, 0o755);
  return file;
};

const trace = (repo: TestRepository): string =>
  existsSync(repo.beside('trace')) ? readFileSync(repo.beside('trace'), 'utf8') : '';

describe('leakgate hook install', () => {
  it('writes a hook that is executable, says so, and changes nothing the second time', async () => {
    const repo = await make();
    expect(await hook(repo, 'install')).toMatchObject({
      code: 0,
      stdout: 'pre-commit: .git/hooks/pre-commit installed\n',
    });
    const file = join(repo.dir, '.git/hooks/pre-commit');
    expect(statSync(file).mode & 0o111).toBe(0o111);
    const text = readFileSync(file, 'utf8');
    expect((await hook(repo, 'install')).stdout).toBe('pre-commit: .git/hooks/pre-commit is there\n');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('brings an older file of ours up to date', async () => {
    const repo = await make();
    await install(repo);
    const file = join(repo.dir, '.git/hooks/pre-commit');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^node=.*$/m, "node='/gone'"));
    expect((await hook(repo, 'install')).stdout).toContain('brought up to date');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps a hook that was there, runs it first, and puts it back', async () => {
    const repo = await make();
    const file = writeForeign(repo);
    const before = readFileSync(file, 'utf8');
    const { code, stdout } = await hook(repo, 'install');
    expect(code).toBe(0);
    expect(stdout).toContain('.git/hooks/pre-commit.before-leakgate, and runs first');
    await stageLeak(repo);
    refused(await attempt(repo, COMMIT), 'leak.env');
    expect(trace(repo)).toBe('ran\n');
    expect(await hook(repo, 'uninstall')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(before);
    doneInSilence(await attempt(repo, COMMIT));
  });

  it('lets a hook that was there refuse, and passes over one that is not executable, as git did', async () => {
    const repo = await make({ 'a.txt': 'a\n' });
    const file = writeForeign(repo, 'pre-commit', 'exit 7\n');
    await install(repo);
    await repo.git('add', '-A');
    expect((await attempt(repo, COMMIT)).done).toBe(false);
    chmodSync(`${file}.before-leakgate`, 0o644);
    doneInSilence(await attempt(repo, COMMIT));
  });

  it('does not run in circles when another program has kept our hook, and calls it', async () => {
    const repo = await make({ 'a.txt': 'a\n' });
    await install(repo);
    // As pre-commit does: what was there is kept, and called by what takes its place.
    const hooks = join(repo.dir, '.git/hooks');
    renameSync(join(hooks, 'pre-commit'), join(hooks, 'pre-commit.legacy'));
    writeForeign(repo, 'pre-commit', '"$(dirname "$0")/pre-commit.legacy" "$@"\n');
    await install(repo);
    await repo.git('add', '-A');
    doneInSilence(await attempt(repo, COMMIT));
    expect(trace(repo)).toBe('ran\n');
    await stageLeak(repo);
    refused(await attempt(repo, COMMIT), 'leak.env');
  });

  it('leaves a folder alone that serves other repositories too, and says what it may not write', async () => {
    const repo = await make();
    const all = repo.beside('all');
    mkdirSync(all);
    await install(repo);
    copyFileSync(join(repo.dir, '.git/hooks/pre-commit'), join(all, 'pre-commit'));
    const global = repo.beside('gitconfig');
    writeFileSync(global, `[core]\n\thooksPath = ${all}\n`);
    await leakgate(['hook', 'uninstall'], { cwd: repo.dir, env: { GIT_CONFIG_GLOBAL: global } });
    expect(existsSync(join(all, 'pre-commit'))).toBe(true);
    expect(existsSync(join(repo.dir, '.git/hooks/pre-commit'))).toBe(false);
    await repo.git('config', 'core.hooksPath', '/dev/null');
    expect(await hook(repo, 'status')).toMatchObject({ code: 1, stderr: '' });
    expect(await hook(repo, 'install')).toMatchObject({ code: 2, stderr: expect.stringContaining('/dev/null') });
  });

  it('overwrites neither a kept hook nor a link, and leaves alone a hook that calls leakgate', async () => {
    const repo = await make();
    const file = writeForeign(repo);
    await install(repo);
    const kept = readFileSync(`${file}.before-leakgate`, 'utf8');
    writeForeign(repo, 'pre-commit', 'true\n');
    const second = await hook(repo, 'install');
    expect(second).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT installed') });
    expect(readFileSync(`${file}.before-leakgate`, 'utf8')).toBe(kept);
    rmSync(`${file}.before-leakgate`);
    rmSync(file);
    symlinkSync('../nowhere', file);
    expect(await hook(repo, 'install')).toMatchObject({ code: 0 });
    expect(existsSync(file)).toBe(true);
    writeForeign(repo, 'commit-msg', 'leakgate hook run commit-msg -- "$1"\n');
    expect((await hook(repo, 'install', '--type', 'commit-msg')).stdout).toContain('stays as it is');
  });

  it('says which core.hooksPath of the user shadows the repository, and what to do', async () => {
    const repo = await make();
    const global = repo.beside('gitconfig');
    writeFileSync(global, `[core]\n\thooksPath = ${repo.beside('all hooks')}\n`);
    const env = { GIT_CONFIG_GLOBAL: global };
    const shadowed = await leakgate(['hook', 'install'], { cwd: repo.dir, env });
    expect(shadowed.code).toBe(1);
    expect(shadowed.stdout).toContain(`core.hooksPath = ${repo.beside('all hooks')} (set in ${global})`);
    expect(shadowed.stdout).toContain('leakgate hook run pre-commit -- "$@"');
    expect(existsSync(join(repo.dir, '.git/hooks/pre-commit'))).toBe(false);
    await install(repo);
    const status = await leakgate(['hook', 'status'], { cwd: repo.dir, env });
    expect(status).toMatchObject({ code: 1, stdout: expect.stringContaining('shadows it') });
    await repo.git('config', 'core.hooksPath', '.git/hooks');
    expect(await leakgate(['hook', 'status'], { cwd: repo.dir, env })).toMatchObject({ code: 0 });
  });

  it('follows core.hooksPath of one worktree', async () => {
    const repo = await make();
    await repo.commitFiles('start', { 'a.txt': 'a\n' });
    await repo.git('config', 'extensions.worktreeConfig', 'true');
    await repo.git('worktree', 'add', '-q', '-b', 'linked', repo.beside('linked'));
    const linked = repo.at(repo.beside('linked'));
    await linked.git('config', '--worktree', 'core.hooksPath', repo.beside('hooks of linked'));
    await install(linked);
    expect(existsSync(join(repo.beside('hooks of linked'), 'pre-commit'))).toBe(true);
    expect(existsSync(join(repo.dir, '.git/hooks/pre-commit'))).toBe(false);
    linked.write('leak.env', `TOKEN=${githubToken(random)}\n`);
    await linked.git('add', 'leak.env');
    refused(await attempt(linked, COMMIT), 'leak.env');
  });

  it('refuses, and says how to go on, when leakgate is not to be found', async () => {
    const repo = await make();
    await install(repo);
    const file = join(repo.dir, '.git/hooks/pre-commit');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^main=.*$/m, "main='/gone/main.js'"));
    await stageLeak(repo);
    // A folder with git and little else: neither leakgate nor npx.
    const bin = repo.beside('bin');
    mkdirSync(bin);
    for (const name of ['git', 'sh', 'cat'])
      symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
    const { done, output } = await attempt(repo, COMMIT, { PATH: bin });
    expect(done).toBe(false);
    expect(output).toContain('leakgate: not found, so nothing was checked and this is refused.');
    expect(output).toContain('git commit --no-verify');
    // In PATH it is found again.
    writeFileSync(join(bin, 'leakgate'), `#!${join(bin, 'sh')}\necho "called with $*"\n`);
    chmodSync(join(bin, 'leakgate'), 0o755);
    expect(await attempt(repo, COMMIT, { PATH: bin })).toEqual({
      done: true,
      output: 'called with hook run pre-commit --\n',
    });
  });

  it('is no good outside of a repository, or for a hook that it does not know', async () => {
    const repo = await make();
    expect(await leakgate(['hook', 'install'], { cwd: repo.beside('.') })).toMatchObject({ code: 2 });
    expect(await hook(repo, 'install', '--type', 'post-commit')).toMatchObject({ code: 2 });
    expect(await hook(repo, 'run', 'post-commit')).toMatchObject({ code: 2 });
  });
});

const PACKAGE = (more: object) => `${JSON.stringify({ name: 'x', ...more }, undefined, 2)}\n`;

/** Repositories whose hooks another program manages: its files, and what has to be added to them. */
const MANAGED: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    'husky 4 in package.json',
    { 'package.json': PACKAGE({ husky: { hooks: {} } }) },
    '"pre-commit": "leakgate hook run pre-commit"',
  ],
  ['husky 4 in .huskyrc', { '.huskyrc.json': '{"hooks":{}}' }, '"pre-commit": "leakgate hook run pre-commit"'],
  ...['lefthook.yml', '.lefthook.yaml', '.config/lefthook.yml', 'lefthook.toml'].map(
    (name) => [`lefthook in ${name}`, { [name]: 'pre-push:\n' }, 'run: leakgate hook run pre-commit'] as const,
  ),
  ['the pre-commit framework', { '.pre-commit-config.yaml': 'repos: []\n' }, 'entry: leakgate hook run framework --'],
  ['simple-git-hooks', { 'package.json': PACKAGE({ 'simple-git-hooks': {} }) }, 'leakgate hook run pre-commit'],
];

describe('where another program manages the hooks', () => {
  it.each(MANAGED)('%s: it says what to add, and touches nothing', async (_, files, line) => {
    const repo = await make(files);
    writeForeign(repo, 'pre-commit', '# lefthook husky pre-commit\n');
    const before = readFileSync(join(repo.dir, '.git/hooks/pre-commit'), 'utf8');
    const { code, stdout } = await hook(repo, 'install');
    expect(code).toBe(1);
    expect(stdout).toContain('manages the hooks here');
    expect(stdout).toContain(line);
    expect(readFileSync(join(repo.dir, '.git/hooks/pre-commit'), 'utf8')).toBe(before);
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(repo.dir, name), 'utf8')).toBe(text);
    expect((await hook(repo, 'status')).stdout).toContain('managed by');
  });

  it('--plain installs beside it all the same', async () => {
    const repo = await make({ 'lefthook.yml': 'pre-push:\n' });
    expect(await hook(repo, 'install', '--plain')).toMatchObject({ code: 0 });
    expect(await hook(repo, 'status')).toMatchObject({ code: 0 });
  });

  it('lefthook: what it says to add is in force once lefthook has installed its hook', async () => {
    const repo = await make({
      'lefthook.yml': 'pre-commit:\n  commands:\n    leakgate:\n      run: leakgate hook run pre-commit\n',
    });
    expect((await hook(repo, 'status')).stdout).toContain('lefthook has not installed its pre-commit hook');
    writeForeign(repo, 'pre-commit', 'call_lefthook run "pre-commit" "$@"\n');
    expect(await hook(repo, 'status')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('in force  lefthook.yml'),
    });
    expect(await hook(repo, 'install')).toMatchObject({ code: 0 });
  });

  it('husky 9: writes .husky/pre-commit, which husky runs, without paths of this machine', async () => {
    const repo = await make({ 'package.json': PACKAGE({ scripts: { prepare: 'husky' } }) });
    // What husky 9 writes: git calls .husky/_/pre-commit, which calls .husky/pre-commit.
    repo.write('.husky/_/pre-commit', '#!/usr/bin/env sh\n. "${0%/*}/h"\n');
    repo.write(
      '.husky/_/h',
      'n=${0##*/}\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\n',
    );
    chmodSync(join(repo.dir, '.husky/_/pre-commit'), 0o755);
    await repo.git('config', 'core.hooksPath', '.husky/_');
    expect(await hook(repo, 'install')).toMatchObject({ code: 0, stdout: 'pre-commit: .husky/pre-commit installed\n' });
    expect(readFileSync(join(repo.dir, '.husky/pre-commit'), 'utf8')).not.toContain(process.execPath);
    expect(await hook(repo, 'status', '--type', 'pre-commit')).toMatchObject({ code: 0 });
    const bin = repo.beside('bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'leakgate'), `#!/bin/sh\necho "called with $*"; exit 1\n`);
    chmodSync(join(bin, 'leakgate'), 0o755);
    await stageLeak(repo);
    const { done, output } = await attempt(repo, COMMIT, { PATH: `${bin}:${process.env.PATH}` });
    expect({ done, output }).toEqual({ done: false, output: 'called with hook run pre-commit --\n' });
    expect(await hook(repo, 'uninstall')).toMatchObject({ code: 0 });
    expect(existsSync(join(repo.dir, '.husky/pre-commit'))).toBe(false);
  });

  it('husky: a hook that is written already stays, and the line to add is said', async () => {
    const repo = await make({
      '.husky/pre-commit': 'npx lint-staged\n',
      'package.json': PACKAGE({ 'lint-staged': {} }),
    });
    await repo.git('config', 'core.hooksPath', '.husky');
    const { code, stdout } = await hook(repo, 'install');
    expect(code).toBe(1);
    expect(stdout).toContain('leakgate hook run pre-commit -- "$@"');
    expect(stdout).toContain('lint-staged (package.json) may change what is staged');
    expect(readFileSync(join(repo.dir, '.husky/pre-commit'), 'utf8')).toBe('npx lint-staged\n');
    repo.write('.husky/pre-commit', 'npx lint-staged\nleakgate hook run pre-commit -- "$@"\n');
    expect(await hook(repo, 'install')).toMatchObject({ code: 0 });
    expect(await hook(repo, 'status')).toMatchObject({ code: 0 });
  });
});
