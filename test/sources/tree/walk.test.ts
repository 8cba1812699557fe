import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { pathFromBytes } from '../../../src/sources/path-bytes.ts';
import { fileOf, listTree } from '../../../src/sources/tree/list.ts';
import { canBeDenied, denied, initRepository, makeTree, skips, write } from './helpers.ts';

describe('listTree outside a repository', () => {
  it('lists every file of a directory by name, in the order of bytes', async () => {
    const root = makeTree({
      'b/c': '',
      'b.txt': '',
      a: '',
      'b/.hidden': '',
      'Z/ä': '',
      é: '',
      '😀': '',
      '\uffee': '',
      z: '',
    });
    mkdirSync(join(root, 'empty'));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['Z/ä', 'a', 'b.txt', 'b/.hidden', 'b/c', 'z', 'é', '\uffee', '😀']);
    expect(listing.skipped).toEqual([]);
    expect(listing.elsewhere.size).toBe(0);
  });

  it('lists nothing in an empty directory', async () => {
    expect(await listTree(makeTree())).toMatchObject({ paths: [], skipped: [] });
  });

  it('keeps names with line feeds, quotes, spaces, backslashes and leading dashes', async () => {
    const names = [
      '-rf',
      '--help',
      'a\nb',
      'it\'s "quoted"',
      ' space ',
      'back\\slash',
      '*',
      '[x]',
      '$(x)',
      ':(top)y',
    ].sort();
    const root = makeTree(Object.fromEntries(names.map((name) => [name, name])));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(names);
    for (const name of names) expect(readFileSync(fileOf(listing, name), 'utf8')).toBe(name);
  });

  it.skipIf(process.platform !== 'linux')(
    'lists names that are not UTF-8, below directories that are not either',
    async () => {
      const root = makeTree({ plain: '' });
      const dir = Buffer.concat([Buffer.from(`${root}/dir-`), Buffer.from([0xe9])]);
      mkdirSync(dir);
      writeFileSync(Buffer.concat([dir, Buffer.from('/caf'), Buffer.from([0xe9, 0x80])]), 'latin1');
      const listing = await listTree(root);
      const name = pathFromBytes(Buffer.from('6469722de92f636166e980', 'hex'));
      expect(listing.paths).toEqual([name, 'plain']);
      expect(readFileSync(fileOf(listing, name), 'utf8')).toBe('latin1');
    },
  );

  it('notes .git directories and does not enter them', async () => {
    const root = makeTree({ 'a/.git/config': '', 'a/b': '', 'c/.git': 'gitdir: nowhere' });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['a/b']);
    expect(skips(listing)).toEqual([
      'git directory: a/.git',
      'git directory: c/.git',
      'ignore rules unknown: a',
      'ignore rules unknown: c',
    ]);
  });

  it('asks a repository that it comes across for its own files', async () => {
    const root = makeTree({ top: '', 'repo/.gitignore': 'out/\n', 'repo/x': '' });
    initRepository(join(root, 'repo'));
    write(root, { 'repo/out/y': '', 'repo/new': '' });
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['repo/.gitignore', 'repo/new', 'repo/x', 'top']);
    expect(skips(listing)).toEqual(['ignored by git: repo/out']);
    expect((await listTree(root, { ignored: true })).paths).toContain('repo/out/y');
  });

  it('does not follow symbolic links, tells where they lead, and comes to an end on loops', async () => {
    const outside = makeTree({ secret: '' });
    const root = makeTree({ 'dir/file': '' });
    symlinkSync('..', join(root, 'dir/up'));
    symlinkSync('dir/file', join(root, 'inside'));
    symlinkSync(join(outside, 'secret'), join(root, 'outside'));
    symlinkSync(outside, join(root, 'outside-dir'));
    symlinkSync('missing', join(root, 'broken'));
    symlinkSync('loop2', join(root, 'loop1'));
    symlinkSync('loop1', join(root, 'loop2'));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['dir/file']);
    expect(skips(listing)).toEqual([
      'symlink out of the tree: outside',
      'symlink out of the tree: outside-dir',
      'symlink: broken',
      'symlink: dir/up',
      'symlink: inside',
      'symlink: loop1',
      'symlink: loop2',
    ]);
    const details = new Map(listing.skipped.map(({ where, detail }) => [where, detail]));
    expect(details.get('broken')).toBe('leads nowhere');
    expect(details.get('loop1')).toBe('leads in a circle');
  });

  it.skipIf(process.platform === 'win32')('skips named pipes and sockets with the reason', async () => {
    const root = makeTree({ file: '' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(root, 'socket'), done));
    onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
    const listing = await listTree(root);
    expect(listing.paths).toEqual(['file']);
    expect(listing.skipped.map(({ where, detail }) => `${where}: ${detail}`).sort()).toEqual([
      'pipe: a named pipe',
      'socket: a socket',
    ]);
  });

  it.skipIf(!canBeDenied)('reports a directory that it may not read as a gap', async () => {
    const root = makeTree({ 'open/a': '', 'locked/b': '' });
    chmodSync(join(root, 'locked'), 0);
    const listing = await denied(root, () => listTree(root));
    expect(listing.paths).toEqual(['open/a']);
    expect(listing.skipped).toEqual([
      { reason: 'unreadable directory', where: 'locked', incomplete: true, detail: 'permission denied' },
    ]);
  });
});

describe('listTree with paths', () => {
  it('lists single files and several directories, each file once', async () => {
    const root = makeTree({ 'a/x': '', 'a/b/y': '', 'c/z': '', d: '', e: '' });
    expect((await listTree(root, { paths: ['d'] })).paths).toEqual(['d']);
    expect((await listTree(root, { paths: ['c', './a/', 'a/b', 'a/x', join(root, 'd')] })).paths).toEqual([
      'a/b/y',
      'a/x',
      'c/z',
      'd',
    ]);
  });

  it('names what lies outside the root by its absolute path', async () => {
    const other = makeTree({ 'in/file': 'other' });
    const listing = await listTree(makeTree(), { paths: [join(other, 'in')] });
    expect(listing.paths).toEqual([`${other}/in/file`]);
    expect(readFileSync(fileOf(listing, listing.paths[0]!), 'utf8')).toBe('other');
  });

  it('follows a symbolic link that it was given, and the root if it is one', async () => {
    const real = makeTree({ 'sub/file': 'followed' });
    const root = makeTree();
    symlinkSync(real, join(root, 'dir'));
    symlinkSync(join(real, 'sub/file'), join(root, 'link'));
    const listing = await listTree(root, { paths: ['dir', 'link'] });
    expect(listing.paths).toEqual(['dir/sub/file', 'link']);
    for (const name of listing.paths) expect(readFileSync(fileOf(listing, name), 'utf8')).toBe('followed');
    expect(await listTree(join(root, 'dir'))).toMatchObject({ root: real, paths: ['sub/file'], skipped: [] });
  });

  it('refuses a path that does not exist, naming it', async () => {
    const root = makeTree({ file: '' });
    const refused = listTree(root, { paths: ['file', 'no/such\u001bfile'] });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow('no/such?file: no such file or directory');
    await expect(listTree(root, { paths: ['file/below'] })).rejects.toThrow('file/below: a part of the path is not');
    await expect(listTree(root, { paths: [''] })).rejects.toThrow(UsageError);
    await expect(listTree(join(root, 'missing'))).rejects.toThrow(UsageError);
  });

  it.skipIf(process.platform === 'win32')('reports a device that it was given as a gap', async () => {
    const listing = await listTree(makeTree(), { paths: ['/dev/null'] });
    expect(listing).toMatchObject({
      paths: [],
      skipped: [{ reason: 'special file', where: '/dev/null', incomplete: true }],
    });
  });

  it.skipIf(!canBeDenied)('reports a path that it may not look at as a gap', async () => {
    const root = makeTree({ 'locked/file': '' });
    chmodSync(join(root, 'locked'), 0);
    const listing = await denied(root, () => listTree(root, { paths: ['locked/file', 'locked'] }));
    expect(skips(listing)).toEqual(['unreadable directory: locked !', 'unreadable file: locked/file !']);
  });
});

describe('listTree with excludes', () => {
  const files = { 'a.min.js': '', 'src/a.min.js': '', 'src/x.ts': '', 'vendor/deep/y': '', 'line\nfeed.min.js': '' };

  it('leaves out what a glob matches, counts it, and calls nothing incomplete', async () => {
    const listing = await listTree(makeTree(files), { exclude: ['**/*.min.js'] });
    expect(listing.paths).toEqual(['src/x.ts', 'vendor/deep/y']);
    expect(skips(listing)).toEqual(['excluded: a.min.js', 'excluded: line\nfeed.min.js', 'excluded: src/a.min.js']);
  });

  it('leaves out a directory whole, whether its glob ends with a slash or not', async () => {
    for (const glob of ['vendor', 'vendor/', 'vendor/**', './vendor']) {
      const listing = await listTree(makeTree(files), { exclude: [glob] });
      expect(listing.paths).not.toContain('vendor/deep/y');
      expect(listing.paths).toHaveLength(4);
      expect(skips(listing)).toEqual(['excluded: vendor']);
    }
  });

  it('applies to files given by name, too', async () => {
    const listing = await listTree(makeTree(files), { exclude: ['src/**'], paths: ['src/x.ts', 'a.min.js'] });
    expect(listing.paths).toEqual(['a.min.js']);
  });

  it('refuses globs that would leave out nearly all or nothing', async () => {
    for (const glob of ['!src/**', '', './', '/']) {
      await expect(listTree(makeTree(files), { exclude: [glob] })).rejects.toThrow(UsageError);
    }
    expect((await listTree(makeTree(files), { exclude: ['!(src)/**'] })).paths).toContain('src/x.ts');
  });

  it('does not depend on the order in which the system lists a directory', async () => {
    const root = makeTree(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${(i * 7919) % 300}`, ''])));
    expect((await listTree(root)).paths).toEqual(readdirSync(root).sort());
  });
});
