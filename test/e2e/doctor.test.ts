import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leakgate } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { install } from '../support/hooked.ts';

const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const make = async (): Promise<TestRepository> => {
  const repo = await makeRepository();
  repositories.push(repo);
  await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
  return repo;
};

const doctor = (repo: Pick<TestRepository, 'dir'>, env: Readonly<Record<string, string>> = {}) =>
  leakgate(['doctor'], { cwd: repo.dir, env });

describe('leakgate doctor', () => {
  it('says what is there and what would be scanned, and ends with 0 when all is well', async () => {
    const repo = await make();
    await install(repo, 'pre-commit', 'pre-push');
    repo.write('c.env', 'C=1\n');
    await repo.git('add', 'c.env');
    const { code, stdout } = await doctor(repo);
    expect(stdout).toMatch(/^ok {4}git \d/m);
    expect(stdout).toMatch(/^ok {4}node \d/m);
    expect(stdout).toMatch(/rules on V8; rules of yours \(--rules\) would run on re2/);
    expect(stdout).toContain(`hook pre-commit: ${repo.dir}/.git/hooks/pre-commit`);
    expect(stdout).toContain('hook pre-push: ');
    expect(stdout).toContain('history: 1 commit on 1 ref ');
    expect(stdout).toContain('staged: 1 new or changed file ');
    expect(stdout).toContain('work tree: 3 files ');
    expect(stdout).toMatch(/All is well\.\n$/);
    expect(code).toBe(0);
  });

  it('names what would keep a gate from working, and what to do', async () => {
    const repo = await make();
    await repo.commitFiles('second', { 'a.env': 'A=2\n' });
    const shallow = repo.at(repo.beside('shallow'));
    await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, shallow.dir);
    expect(await doctor(shallow)).toMatchObject({ code: 1, stdout: expect.stringContaining('git fetch --unshallow') });
    const parent = repo.at(repo.beside('parent'));
    mkdirSync(parent.dir);
    await parent.git('init', '-q');
    await parent.git('submodule', '--quiet', 'add', repo.dir, 'lib');
    await parent.commit('with a submodule');
    expect((await doctor(parent)).stdout).toContain('submodules: 1, all checked out');
    await parent.git('submodule', '--quiet', 'deinit', '--force', 'lib');
    expect(await doctor(parent)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('absent submodule: lib: git submodule update --init'),
    });
  });

  it('fails for a hook that is there and does not run', async () => {
    const repo = await make();
    await install(repo);
    chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o644);
    expect(await doctor(repo)).toMatchObject({ code: 1, stdout: expect.stringContaining('chmod +x') });
    chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
    const global = repo.beside('gitconfig');
    writeFileSync(global, `[core]\n\thooksPath = /elsewhere\n`);
    expect(await doctor(repo, { GIT_CONFIG_GLOBAL: global })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('core.hooksPath = /elsewhere'),
    });
  });

  it('works in a bare and in an empty repository, and fails outside of any', async () => {
    const bare = await makeRepository({ bare: true });
    repositories.push(bare);
    expect(await doctor(bare)).toMatchObject({ code: 0, stdout: expect.stringContaining('0 commits on 0 refs') });
    expect(await doctor({ dir: bare.beside('.') })).toMatchObject({ code: 1 });
    expect(await doctor(bare, { PATH: '/nowhere' })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('install git'),
    });
  });
});
