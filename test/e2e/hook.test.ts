import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAIN } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_003);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const leak = () => `TOKEN=${githubToken(random)}\n`;

/** Writes a hook that runs the built command as people write it, and keeps its exit code beside the repository. */
const writeHook = (repo: TestRepository, file: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const call = `'${process.execPath}' '${MAIN}' git --staged --quiet`;
  writeFileSync(file, `#!/bin/sh\n${call}\ncode=$?\necho $code >> '${repo.beside('codes')}'\nexit $code\n`);
  chmodSync(file, 0o755);
};

const withHook = async (hook = 'pre-commit'): Promise<TestRepository> => {
  const repo = await makeRepository();
  repositories.push(repo);
  writeHook(repo, join(repo.dir, '.git/hooks', hook));
  return repo;
};

interface Attempt {
  readonly committed: boolean;
  /** What git and the hook print together. */
  readonly output: string;
  /** Exit code of the hook. */
  readonly hook: string;
}

/** Runs a git command that makes a commit; the environment is that of the test. */
const attempt = async (repo: TestRepository, ...args: string[]): Promise<Attempt> => {
  const codes = repo.beside('codes');
  writeFileSync(codes, '');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile('git', [...identity, ...args], { cwd: repo.dir }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  return { committed: code === 0, output, hook: readFileSync(codes, 'utf8').trim() };
};

const refused = ({ committed, output, hook }: Attempt, path: string): void => {
  expect(output).toContain('github-classic-pat');
  expect(output).toContain(`${path}:`);
  expect({ committed, hook }).toEqual({ committed: false, hook: '1' });
};

const madeInSilence = (result: Attempt): void => {
  expect(result).toEqual({ committed: true, output: '', hook: '0' });
};

describe('a real pre-commit hook refuses a secret and is silent otherwise under', () => {
  it('the first commit', async () => {
    const repo = await withHook();
    repo.write('a.env', leak());
    await repo.git('add', '-A');
    refused(await attempt(repo, 'commit', '-q', '-m', 'first'), 'a.env');
    repo.write('a.env', 'TOKEN=\n');
    await repo.git('add', '-A');
    madeInSilence(await attempt(repo, 'commit', '-q', '-m', 'first'));
  });

  it('git commit', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n' });
    repo.write('b.env', leak());
    await repo.git('add', 'b.env');
    refused(await attempt(repo, 'commit', '-q', '-m', 'more'), 'b.env');
    repo.write('b.env', 'B=1\n');
    await repo.git('add', 'b.env');
    madeInSilence(await attempt(repo, 'commit', '-q', '-m', 'more'));
  });

  it('git commit from a folder below the top', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'deep/er/a.env': 'A=1\n' });
    repo.write('b.env', leak());
    await repo.git('add', 'b.env');
    refused(await attempt(repo, '-C', 'deep/er', 'commit', '-q', '-m', 'more'), 'b.env');
  });

  it('git commit -a', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n' });
    repo.write('a.env', leak());
    refused(await attempt(repo, 'commit', '-q', '-a', '-m', 'all'), 'a.env');
    repo.write('a.env', 'A=2\n');
    madeInSilence(await attempt(repo, 'commit', '-q', '-a', '-m', 'all'));
  });

  it('git commit with paths, which commits these alone', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
    repo.write('a.env', leak());
    repo.write('b.env', 'B=2\n');
    refused(await attempt(repo, 'commit', '-q', '-m', 'one', 'a.env'), 'a.env');
    await repo.git('add', 'a.env');
    madeInSilence(await attempt(repo, 'commit', '-q', '-m', 'other', '--only', 'b.env'));
    expect(await repo.git('show', 'HEAD:a.env')).toBe('A=1');
  });

  it('git commit --include', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
    repo.write('a.env', 'A=2\n');
    await repo.git('add', 'a.env');
    repo.write('b.env', leak());
    refused(await attempt(repo, 'commit', '-q', '-m', 'both', '--include', 'b.env'), 'b.env');
    repo.write('b.env', 'B=2\n');
    madeInSilence(await attempt(repo, 'commit', '-q', '-m', 'both', '--include', 'b.env'));
  });

  it('git commit --amend', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n' });
    repo.write('a.env', leak());
    await repo.git('add', 'a.env');
    refused(await attempt(repo, 'commit', '-q', '--amend', '--no-edit'), 'a.env');
    repo.write('a.env', 'A=2\n');
    await repo.git('add', 'a.env');
    madeInSilence(await attempt(repo, 'commit', '-q', '--amend', '--no-edit'));
  });

  it('a commit in a linked worktree', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=1\n' });
    await repo.git('worktree', 'add', '-q', '-b', 'linked', repo.beside('linked'));
    const linked = repo.at(repo.beside('linked'));
    linked.write('a.env', leak());
    refused(await attempt(linked, 'commit', '-q', '-a', '-m', 'linked'), 'a.env');
    linked.write('a.env', 'A=2\n');
    madeInSilence(await attempt(linked, 'commit', '-q', '-a', '-m', 'linked'));
  });

  it('a commit in a submodule, and one that moves the submodule', async () => {
    const library = await makeRepository();
    repositories.push(library);
    await library.commitFiles('library', { 'lib.env': 'L=1\n' });
    const repo = await withHook();
    await repo.git('submodule', '--quiet', 'add', library.dir, 'lib');
    await repo.commit('with library');
    const inside = repo.at(join(repo.dir, 'lib'));
    writeHook(repo, join(repo.dir, '.git/modules/lib/hooks/pre-commit'));
    inside.write('lib.env', leak());
    refused(await attempt(inside, 'commit', '-q', '-a', '-m', 'inside'), 'lib.env');
    inside.write('lib.env', 'L=2\n');
    madeInSilence(await attempt(inside, 'commit', '-q', '-a', '-m', 'inside'));
    madeInSilence(await attempt(repo, 'commit', '-q', '-a', '-m', 'moved'));
  });

  it('a merge commit, for what the resolution adds and not for what was merged', async () => {
    const repo = await withHook();
    await repo.commitFiles('start', { 'a.env': 'A=0\n' });
    await repo.git('checkout', '-q', '-b', 'side');
    repo.write('a.env', 'A=side\n');
    repo.write('old.env', leak());
    await repo.git('add', '-A');
    await repo.git('commit', '-q', '--no-verify', '-m', 'side, with a leak of its own');
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'a.env': 'A=main\n' });
    await repo.git('merge', '-q', 'side').catch(() => undefined);
    repo.write('a.env', `A=both\n${leak()}`);
    await repo.git('add', '-A');
    const first = await attempt(repo, 'commit', '-q', '--no-edit');
    refused(first, 'a.env');
    expect(first.output).not.toContain('old.env');
    repo.write('a.env', 'A=both\n');
    await repo.git('add', '-A');
    madeInSilence(await attempt(repo, 'commit', '-q', '--no-edit'));
  });

  it('git merge without conflicts, through pre-merge-commit', async () => {
    const repo = await withHook('pre-merge-commit');
    await repo.commitFiles('start', { 'a.env': 'A=0\n' });
    await repo.git('checkout', '-q', '-b', 'side');
    await repo.commitFiles('side', { 'b.env': 'B=1\n' });
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'c.env': 'C=1\n' });
    madeInSilence(await attempt(repo, 'merge', '-q', '--no-edit', 'side'));
  });

  it('core.hooksPath', async () => {
    const repo = await makeRepository();
    repositories.push(repo);
    writeHook(repo, join(repo.dir, '.githooks/pre-commit'));
    await repo.git('config', 'core.hooksPath', '.githooks');
    repo.write('a.env', leak());
    await repo.git('add', 'a.env');
    refused(await attempt(repo, 'commit', '-q', '-m', 'first'), 'a.env');
    repo.write('a.env', 'A=1\n');
    await repo.git('add', '-A');
    madeInSilence(await attempt(repo, 'commit', '-q', '-m', 'first'));
  });

  it('a configuration given with git -c', async () => {
    const repo = await withHook();
    repo.write('a.env', leak());
    await repo.git('add', 'a.env');
    const settings = ['-c', 'color.ui=always', '-c', 'diff.noprefix=true', '-c', 'core.quotePath=true'];
    refused(await attempt(repo, ...settings, 'commit', '-q', '-m', 'first'), 'a.env');
    repo.write('a.env', 'A=1\n');
    await repo.git('add', 'a.env');
    madeInSilence(await attempt(repo, ...settings, 'commit', '-q', '-m', 'first'));
  });
});
