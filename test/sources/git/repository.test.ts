import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/errors.ts';
import { openRepository } from '../../../src/sources/git/repository.ts';
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../support/git.ts';

const made: TestRepository[] = [];
const make = async (options?: RepositoryOptions) => {
  const repo = await makeRepository(options);
  made.push(repo);
  return repo;
};
const inherited = { ...process.env };
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in inherited)) delete process.env[name];
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

describe('openRepository', () => {
  it('describes a repository with commits', async () => {
    const repo = await make();
    const head = await repo.commitFiles('one', { 'sub/a.txt': 'a' });
    const expected = {
      dir: repo.dir,
      gitDir: join(repo.dir, '.git'),
      commonDir: join(repo.dir, '.git'),
      objectsDir: join(repo.dir, '.git/objects'),
      workTree: repo.dir,
      bare: false,
      shallow: false,
      partial: false,
      objectFormat: 'sha1',
      head,
      empty: false,
    };
    expect(await openRepository(repo.dir)).toEqual(expected);
    expect(await openRepository(join(repo.dir, 'sub'))).toEqual(expected);
  });

  it('finds the work tree through a symbolic link into it', async () => {
    const repo = await make();
    await repo.commitFiles('one', { 'sub/a.txt': 'a' });
    symlinkSync(join(repo.dir, 'sub'), repo.beside('link'));
    expect(await openRepository(repo.beside('link'))).toMatchObject({ workTree: repo.dir });
  });

  it('finds none outside of a repository', async () => {
    const repo = await make();
    expect(await openRepository(repo.beside('home'))).toBeUndefined();
  });

  it('tells an empty repository from one on a branch without commits', async () => {
    const repo = await make();
    expect(await openRepository(repo.dir)).toMatchObject({ head: undefined, empty: true });
    await repo.commitFiles('one', { 'a.txt': 'a' });
    await repo.git('checkout', '-q', '--orphan', 'fresh');
    expect(await openRepository(repo.dir)).toMatchObject({ head: undefined, empty: false });
  });

  it('describes a bare repository', async () => {
    const repo = await make({ bare: true });
    expect(await openRepository(repo.dir)).toMatchObject({
      dir: repo.dir,
      gitDir: repo.dir,
      bare: true,
      workTree: undefined,
      objectsDir: join(repo.dir, 'objects'),
    });
  });

  it('describes a SHA-256 repository', async () => {
    const repo = await make({ objectFormat: 'sha256' });
    const head = await repo.commitFiles('one', { 'a.txt': 'a' });
    expect(head).toHaveLength(64);
    expect(await openRepository(repo.dir)).toMatchObject({ objectFormat: 'sha256', head });
  });

  it('describes a linked worktree', async () => {
    const repo = await make();
    const head = await repo.commitFiles('one', { 'a.txt': 'a' });
    await repo.git('worktree', 'add', '-q', '--detach', repo.beside('linked'));
    expect(await openRepository(repo.beside('linked'))).toMatchObject({
      workTree: repo.beside('linked'),
      gitDir: join(repo.dir, '.git/worktrees/linked'),
      commonDir: join(repo.dir, '.git'),
      objectsDir: join(repo.dir, '.git/objects'),
      head,
    });
  });

  it('knows shallow and partial clones', async () => {
    const repo = await make();
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    await repo.commitFiles('one', { 'a.txt': 'a' });
    await repo.commitFiles('two', { 'a.txt': 'b' });
    const url = `file://${repo.dir}`;
    await repo.git('clone', '-q', '--depth=1', url, repo.beside('shallow'));
    await repo.git('clone', '-q', '--filter=blob:none', url, repo.beside('partial'));
    expect(await openRepository(repo.beside('shallow'))).toMatchObject({ shallow: true, partial: false });
    expect(await openRepository(repo.beside('partial'))).toMatchObject({ shallow: false, partial: true });
  });

  it('copes with line breaks and other characters in the path', async () => {
    const repo = await make();
    const dir = repo.beside("it's a\nné repo");
    mkdirSync(dir);
    await repo.at(dir).git('init', '-q', '-b', 'main');
    expect(await openRepository(dir)).toMatchObject({ workTree: dir, gitDir: join(dir, '.git') });
    const head = await repo.at(dir).commitFiles('one', { a: 'a' });
    expect(await openRepository(dir)).toMatchObject({ workTree: dir, gitDir: join(dir, '.git'), head });
  });

  it('follows GIT_DIR and GIT_WORK_TREE', async () => {
    const repo = await make();
    await repo.commitFiles('one', { 'sub/a.txt': 'a' });
    process.env.GIT_DIR = join(repo.dir, '.git');
    process.env.GIT_WORK_TREE = repo.dir;
    expect(await openRepository(join(repo.dir, 'sub'))).toMatchObject({ workTree: repo.dir });
  });

  it('refuses to answer for another repository when GIT_DIR is left over', async () => {
    const repo = await make();
    const other = await make();
    process.env.GIT_DIR = join(other.dir, '.git');
    process.env.GIT_WORK_TREE = other.dir;
    await expect(openRepository(repo.dir)).rejects.toThrow(/GIT_DIR is set/);
  });

  it('fails with git’s words on a damaged repository', async () => {
    const repo = await make();
    writeFileSync(join(repo.dir, '.git/config'), '[core\n');
    await expect(openRepository(repo.dir)).rejects.toThrow(/bad config/);
    rmSync(join(repo.dir, '.git/HEAD'));
    await expect(openRepository(repo.dir)).rejects.toThrow(SourceError);
  });

  it('does not take a repository without HEAD, or a broken link to one, for no repository', async () => {
    const repo = await make();
    rmSync(join(repo.dir, '.git/HEAD'));
    await expect(openRepository(repo.dir)).rejects.toThrow(/\.git is damaged/);
    mkdirSync(repo.beside('linked'));
    writeFileSync(join(repo.beside('linked'), '.git'), `gitdir: ${repo.beside('gone')}\n`);
    await expect(openRepository(repo.beside('linked'))).rejects.toThrow(/not a git repository/);
  });

  it('tells how to trust a repository of another user', async () => {
    const repo = await make();
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    await expect(openRepository(repo.dir)).rejects.toThrow(`git config --global --add safe.directory ${repo.dir}`);
  });

  it('fails on a directory that does not exist', async () => {
    await expect(openRepository('/no/such/directory')).rejects.toThrow(SourceError);
  });
});
