import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listTree } from '../../../src/sources/tree/list.ts';
import { openForScan } from '../../../src/sources/tree/open.ts';
import { canBeDenied, denied, initRepository, makeRepository, makeTree, run, skips, write } from './helpers.ts';

const RULES = { '.gitignore': 'dist/\n*.log\n/keep/*\n!/keep/this\n' };

function setVariable(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

describe('listTree in a repository', () => {
  it('lists tracked files, ignored or not, and untracked ones that are not ignored', async () => {
    const root = makeRepository({ ...RULES, 'src/a': '', 'dist/tracked': '', 'b.log': '' });
    write(root, { 'dist/built': '', 'c.log': '', 'src/new': '', 'keep/this': '', 'keep/that': '' });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['.gitignore', 'b.log', 'dist/tracked', 'keep/this', 'src/a', 'src/new']);
    expect(skips(listing)).toEqual([
      'ignored by git: c.log',
      'ignored by git: dist/built',
      'ignored by git: keep/that',
    ]);
  });

  it('adds what is ignored on demand, but never .git', async () => {
    const root = makeRepository({ ...RULES, 'src/a': '' });
    write(root, { 'dist/built': '', 'c.log': '' });
    const listing = await listTree(root, { ignored: true });
    expect(listing.paths).toEqual(['.gitignore', 'c.log', 'dist/built', 'src/a']);
    expect(skips(listing)).toEqual(['git directory: .git']);
  });

  it('names files from the root it is given, be that the top or below it', async () => {
    const root = makeRepository({ ...RULES, 'src/in/a': '', 'src/b': '', c: '' });
    write(root, { 'src/in/x.log': '', 'src/in/new': '' });
    expect((await listTree(root, { paths: ['src/in'] })).paths).toEqual(['src/in/a', 'src/in/new']);
    const below = await listTree(join(root, 'src'));
    expect(below.paths).toEqual(['b', 'in/a', 'in/new']);
    expect(skips(below)).toEqual(['ignored by git: in/x.log']);
    expect((await listTree(join(root, 'src'), { paths: ['..'] })).paths).toContain(`${root}/c`);
  });

  it('lists what was asked for by name even if git ignores it', async () => {
    const root = makeRepository(RULES);
    write(root, { 'dist/deep/built': '', 'c.log': '' });
    expect((await listTree(root, { paths: ['dist', 'c.log'] })).paths).toEqual(['c.log', 'dist/deep/built']);
    expect((await listTree(root, { paths: ['dist/deep'] })).paths).toEqual(['dist/deep/built']);
    expect((await listTree(root, { paths: ['.git/HEAD'] })).paths).toEqual(['.git/HEAD']);
    expect((await listTree(root, { paths: ['.git'] })).paths).toContain('.git/config');
  });

  it('works before the first commit and on names that git would take for patterns or options', async () => {
    const root = makeTree({ ':(top)x/a': '', '*/b': '', '-z/c': '', 'd\ne/f': '' });
    run(root, 'init', '-q');
    for (const [path, name] of [
      [':(top)x', ':(top)x/a'],
      ['*', '*/b'],
      ['-z', '-z/c'],
      ['d\ne', 'd\ne/f'],
    ] as const) {
      expect((await listTree(root, { paths: [path] })).paths).toEqual([name]);
    }
  });

  it('lists a file in conflict once, and finds a deleted one gone when it is opened', async () => {
    const root = makeRepository({ a: 'base', gone: '', 'dir/gone': '' });
    run(root, 'checkout', '-q', '-b', 'side');
    writeFileSync(join(root, 'a'), 'side');
    run(root, 'commit', '-qam', 'side');
    run(root, 'checkout', '-q', '-');
    writeFileSync(join(root, 'a'), 'main');
    run(root, 'commit', '-qam', 'main');
    expect(() => run(root, 'merge', 'side')).toThrow();
    rmSync(join(root, 'gone'));
    rmSync(join(root, 'dir'), { recursive: true });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['a', 'gone']);
    expect(skips(listing)).toEqual(['not on disk: dir/gone']);
    expect(openForScan(join(root, 'gone'), 'gone')).toMatchObject({ reason: 'not on disk', incomplete: false });
  });

  it('does not follow links: tracked, untracked, or in the place of a tracked directory', async () => {
    const outside = makeTree({ file: '' });
    const root = makeRepository({ 'a/file': '', 'b/file': '' });
    symlinkSync('a/file', join(root, 'tracked'));
    run(root, 'add', '.');
    symlinkSync(join(outside, 'file'), join(root, 'untracked'));
    rmSync(join(root, 'a'), { recursive: true });
    symlinkSync(outside, join(root, 'a'));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['b/file']);
    expect(skips(listing)).toEqual([
      'not on disk: a/file',
      'symlink out of the tree: a',
      'symlink out of the tree: tracked',
      'symlink out of the tree: untracked',
    ]);
  });

  it('reads a tracked link that was checked out as a file, as on Windows', async () => {
    const root = makeRepository();
    symlinkSync('somewhere', join(root, 'link'));
    run(root, 'add', 'link');
    rmSync(join(root, 'link'));
    write(root, { link: 'somewhere' });
    expect((await listTree(root)).paths).toEqual(['link']);
  });

  it('leaves out what globs match, tracked or not', async () => {
    const root = makeRepository({ 'vendor/a': '', 'src/b': '' });
    write(root, { 'vendor/new': '' });
    const listing = await listTree(root, { exclude: ['vendor/**'] });
    expect(listing.paths).toEqual(['src/b']);
    expect(skips(listing)).toEqual(['excluded: vendor/a', 'excluded: vendor/new']);
  });

  it('enters nested repositories and linked work trees by their own rules', async () => {
    const root = makeRepository({ ...RULES, a: '' });
    write(root, { 'new/nested/.gitignore': 'own\n', 'new/nested/x': '' });
    initRepository(join(root, 'new/nested'));
    write(root, { 'new/nested/own': '', 'new/nested/y.log': '' });
    run(root, 'worktree', 'add', '-q', 'linked');
    const listing = await listTree(root);
    expect(listing.paths).toEqual([
      '.gitignore',
      'a',
      'linked/.gitignore',
      'linked/a',
      'new/nested/.gitignore',
      'new/nested/x',
      'new/nested/y.log',
    ]);
    expect(skips(listing)).toEqual(['ignored by git: new/nested/own']);
  });

  it.skipIf(!canBeDenied)('reports an untracked directory that git can not read as a gap', async () => {
    const root = makeRepository({ a: '' });
    write(root, { "new/it's 'locked'/x": '', 'new/b': '' });
    chmodSync(join(root, "new/it's 'locked'"), 0);
    const listing = await denied(root, () => listTree(root));
    expect(listing.paths).toEqual(['a', 'new/b']);
    expect(listing.skipped).toEqual([
      { reason: 'unreadable directory', where: "new/it's 'locked'", incomplete: true, detail: 'permission denied' },
    ]);
  });

  it.skipIf(process.platform !== 'linux')('lists names that are not UTF-8', async () => {
    const root = makeRepository({ a: '' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), '');
    expect((await listTree(root)).paths).toEqual(['a', 'caf\udce9']);
  });
});

describe('listTree and submodules', () => {
  function makeParent(): string {
    const library = makeRepository({ 'lib.c': '', '.gitignore': 'out\n' });
    const root = makeRepository({ a: '' });
    run(root, 'submodule', '--quiet', 'add', library, 'deps/lib');
    run(root, 'commit', '-qm', 'submodule');
    return root;
  }

  it('lists a submodule that is checked out by its own index and rules', async () => {
    const root = makeParent();
    write(root, { 'deps/lib/new': '', 'deps/lib/out': '' });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['.gitmodules', 'a', 'deps/lib/.gitignore', 'deps/lib/lib.c', 'deps/lib/new']);
    expect(skips(listing)).toEqual(['ignored by git: deps/lib/out']);
    expect((await listTree(root, { paths: ['deps/lib'] })).paths).toHaveLength(3);
  });

  it('reports an absent one as a gap, unless it is excluded', async () => {
    const root = makeParent();
    run(root, 'submodule', '--quiet', 'deinit', '-f', 'deps/lib');
    expect(skips(await listTree(root))).toEqual(['absent submodule: deps/lib !']);
    expect(skips(await listTree(root, { ignored: true }))).toEqual([
      'absent submodule: deps/lib !',
      'git directory: .git',
    ]);
    rmSync(join(root, 'deps'), { recursive: true });
    expect(skips(await listTree(root))).toEqual(['absent submodule: deps/lib !']);
    expect(skips(await listTree(root, { exclude: ['deps'] }))).toEqual(['excluded: deps/lib']);
  });

  it('does not follow a link that has taken the place of one', async () => {
    const root = makeParent();
    const outside = makeRepository({ file: '' });
    rmSync(join(root, 'deps/lib'), { recursive: true });
    symlinkSync(outside, join(root, 'deps/lib'));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['.gitmodules', 'a']);
    expect(skips(listing)).toContain('absent submodule: deps/lib !');
  });

  it('lists what lies where an absent one belongs', async () => {
    const root = makeParent();
    run(root, 'submodule', '--quiet', 'deinit', '-f', 'deps/lib');
    write(root, { 'deps/lib/stray': '' });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['.gitmodules', 'a', 'deps/lib/stray']);
    expect(skips(listing)).toEqual(['absent submodule: deps/lib !']);
    const named = await listTree(root, { paths: ['deps/lib'] });
    expect(named.paths).toEqual(['deps/lib/stray']);
    expect(skips(named)).toEqual(['absent submodule: deps/lib !']);
  });
});

describe('listTree and the world around a repository', () => {
  it('does not depend on inherited GIT_ variables', async () => {
    const root = makeRepository({ a: '' });
    const other = makeRepository({ b: '' });
    const expected = await listTree(root);
    setVariable('GIT_DIR', join(other, '.git'));
    setVariable('GIT_WORK_TREE', other);
    setVariable('GIT_INDEX_FILE', '.git/nothing');
    setVariable('GIT_LITERAL_PATHSPECS', '1');
    expect(await listTree(root)).toEqual(expected);
    expect((await listTree(root, { paths: ['a'] })).paths).toEqual(['a']);
  });

  it.skipIf(process.platform === 'win32')(
    'starts no program that a repository names, and reads no other place for it',
    async () => {
      const root = makeTree({ 'x/file': '' });
      const nested = join(root, 'x');
      initRepository(nested);
      write(root, { 'hook.sh': '#!/bin/sh\ntouch "$(dirname "$0")/started"\n' });
      chmodSync(join(root, 'hook.sh'), 0o755);
      run(nested, 'config', 'core.fsmonitor', join(root, 'hook.sh'));
      run(nested, 'config', 'core.worktree', makeTree({ other: '' }));
      expect((await listTree(root)).paths).toEqual(['hook.sh', 'x/file']);
      expect(existsSync(join(root, 'started'))).toBe(false);
    },
  );

  it('is not fooled by a directory that looks like a bare repository', async () => {
    const root = makeRepository({
      a: '',
      'b/HEAD': 'ref: refs/heads/x\n',
      'b/config': '[core]\n\tbare = true\n',
      'b/file': '',
    });
    mkdirSync(join(root, 'b/objects'));
    mkdirSync(join(root, 'b/refs'));
    expect((await listTree(root, { paths: ['b'] })).paths).toEqual(['b/HEAD', 'b/config', 'b/file']);
  });

  it('walks everything when git can not answer, and says so', async () => {
    const root = makeRepository({ ...RULES, 'src/a': '' });
    write(root, { 'dist/built': '' });
    renameSync(join(root, '.git/HEAD'), join(root, '.git/HEAD.lost'));
    const damaged = await listTree(root);
    expect(damaged.paths).toEqual(['.gitignore', 'dist/built', 'src/a']);
    expect(skips(damaged)).toEqual(['git directory: .git', 'ignore rules unknown: ']);
    setVariable('PATH', makeTree());
    const without = await listTree(root);
    expect(without.paths).toEqual(damaged.paths);
    expect(without.skipped[0]!.detail).toContain('git could not be started');
  });
});
