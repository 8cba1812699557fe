import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  attributeBlobs,
  attributeCommits,
  type BlobHistory,
  commitInfos,
} from '../../../src/sources/git/attribution.ts';
import { openRepository } from '../../../src/sources/git/repository.ts';
import { pathToBytes } from '../../../src/sources/path-bytes.ts';
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../support/git.ts';

const made: TestRepository[] = [];
const make = async (options?: RepositoryOptions) => {
  const repo = await makeRepository(options);
  made.push(repo);
  return repo;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

const store = async (repo: TestRepository, text: string) =>
  (await repo.feed(text, 'hash-object', '-w', '--stdin')).toString().trim();

const blobHistory = async (repo: { dir: string }, oid: string): Promise<BlobHistory> => {
  const opened = await openRepository(repo.dir);
  return (await attributeBlobs(opened!, new Set([oid]))).get(oid)!;
};

/** The parts most tests look at. */
const place = async (repo: { dir: string }, oid: string) => {
  const { first, path, reach, note } = await blobHistory(repo, oid);
  return { first: first?.oid, path, reach, ...(note === undefined ? {} : { note }) };
};

describe('attributeBlobs', () => {
  it('names the root commit, its author, date and subject', async () => {
    const repo = await make();
    const first = await repo.commitFiles('Add settings\ncontinued\n\nbody', { 'a.txt': 'one\n' });
    await repo.commitFiles('other', { 'b.txt': 'other\n' });
    expect(await blobHistory(repo, await repo.id('HEAD:a.txt'))).toEqual({
      first: {
        oid: first,
        authorName: 'Ada Author',
        authorEmail: 'ada@example.com',
        authorDate: '2024-01-01T00:00:00+00:00',
        subject: 'Add settings continued',
      },
      path: 'a.txt',
      paths: ['a.txt'],
      reach: 'at HEAD',
    });
  });

  it('finds what was removed again in history only', async () => {
    const repo = await make();
    const first = await repo.commitFiles('one', { 'dir/a.txt': 'one\n' });
    const oid = await repo.id('HEAD:dir/a.txt');
    await repo.commitFiles('two', { 'dir/a.txt': 'two\n' });
    expect(await place(repo, oid)).toEqual({ first, path: 'dir/a.txt', reach: 'history only' });
  });

  it('names the first of several commits and all paths, those of HEAD first', async () => {
    const repo = await make();
    const first = await repo.commitFiles('one', { 'z.txt': 'same\n' });
    await repo.git('mv', 'z.txt', 'm.txt');
    await repo.commit('rename');
    await repo.commitFiles('copy', { 'b.txt': 'same\n' });
    await repo.git('rm', '-q', 'm.txt');
    await repo.commit('remove');
    const { first: info, ...rest } = await blobHistory(repo, await repo.id('HEAD:b.txt'));
    expect(info?.oid).toBe(first);
    expect(rest).toEqual({ path: 'b.txt', paths: ['b.txt', 'z.txt', 'm.txt'], reach: 'at HEAD' });
  });

  it('keeps at most 100 paths', async () => {
    const repo = await make();
    await repo.commitFiles('many', Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`f${at}`, 'same\n'])));
    expect((await blobHistory(repo, await repo.id('HEAD:f0'))).paths).toHaveLength(100);
  });

  it('puts parents before children even when their dates say otherwise', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    const first = await repo.commitFiles('first', { 'b.txt': 'same\n' });
    await repo.git('rm', '-q', 'b.txt');
    const removed = await repo.commit('removed');
    const tree = (await repo.feed(`100644 blob ${await repo.id(`${first}:b.txt`)}\tc.txt\n`, 'mktree'))
      .toString()
      .trim();
    const raw = `tree ${tree}\nparent ${removed}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nback in 1970\n`;
    const late = (await repo.feed(raw, 'hash-object', '-w', '-t', 'commit', '--stdin')).toString().trim();
    await repo.git('update-ref', 'refs/heads/main', late);
    expect((await blobHistory(repo, await repo.id(`${first}:b.txt`))).first?.oid).toBe(first);
  });

  it('finds the commit of the side branch, not the merge', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    await repo.git('checkout', '-q', '-b', 'side');
    const first = await repo.commitFiles('side', { 'b.txt': 'b\n' });
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'c.txt': 'c\n' });
    await repo.git('merge', '-q', '--no-edit', 'side');
    expect(await place(repo, await repo.id('HEAD:b.txt'))).toEqual({ first, path: 'b.txt', reach: 'at HEAD' });
  });

  it('finds what only a merge brought in: a resolution, and a file of neither parent', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    await repo.git('checkout', '-q', '-b', 'side');
    await repo.commitFiles('side', { 'a.txt': 'side\n' });
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'a.txt': 'main\n' });
    await repo.git('merge', '-q', 'side').catch(() => undefined);
    const merge = await repo.commitFiles('evil', { 'a.txt': 'resolved\n', 'evil.txt': 'evil\n' });
    expect(await repo.git('rev-list', '--count', '--merges', 'HEAD')).toBe('1');
    await repo.git('rm', '-q', 'evil.txt');
    await repo.commit('clean');
    expect(await place(repo, await repo.id('HEAD:a.txt'))).toEqual({ first: merge, path: 'a.txt', reach: 'at HEAD' });
    expect(await place(repo, await repo.id(`${merge}:evil.txt`))).toEqual({
      first: merge,
      path: 'evil.txt',
      reach: 'history only',
    });
  });

  it('finds blobs of stashes', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    for (const text of ['older\n', 'newer\n']) {
      repo.write('a.txt', text);
      await repo.git('stash', '-q');
    }
    const newer = await place(repo, await repo.id('stash@{0}:a.txt'));
    expect(newer).toMatchObject({ path: 'a.txt', reach: 'history only', note: 'only the stash leads to it' });
    const older = await place(repo, await repo.id('stash@{1}:a.txt'));
    expect(older).toMatchObject({ path: 'a.txt', reach: 'unreachable', note: 'only a reflog still leads to it' });
  });

  it('finds commits that only a reflog leads to, and those nothing leads to', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    const first = await repo.commitFiles('oops', { 'secret.txt': 'lost\n' });
    const oid = await repo.id('HEAD:secret.txt');
    await repo.commitFiles('more', { 'secret.txt': 'lost 2\n' });
    await repo.git('reset', '-q', '--hard', 'HEAD~2');
    const lost = { first, path: 'secret.txt', reach: 'unreachable' };
    expect(await place(repo, oid)).toEqual({ ...lost, note: 'only a reflog still leads to it' });
    await repo.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    expect(await place(repo, oid)).toEqual({ ...lost, note: 'in a commit that no ref or reflog leads to' });
  });

  it('finds staged blobs, and says when nothing names a blob', async () => {
    const repo = await make();
    const dangling = await store(repo, 'dangling\n');
    repo.write('dir/new.txt', 'staged\n');
    await repo.git('add', '-A');
    const staged = await repo.id(':dir/new.txt');
    const expected = { path: 'dir/new.txt', reach: 'unreachable', note: 'staged in the index, in no commit' };
    expect(await place(repo, staged)).toMatchObject(expected);
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    await repo.git('rm', '-q', '--cached', 'dir/new.txt');
    await repo.git('commit', '-q', '--amend', '-m', 'root');
    repo.write('dir/other.txt', 'staged 2\n');
    await repo.git('add', 'dir/other.txt');
    expect(await place(repo, await repo.id(':dir/other.txt'))).toMatchObject({ ...expected, path: 'dir/other.txt' });
    expect(await place(repo, dangling)).toEqual({
      first: undefined,
      path: undefined,
      reach: 'unreachable',
      note: 'no commit or index names it',
    });
  });

  it('finds blobs of orphan branches, notes and detached HEADs of linked worktrees', async () => {
    const repo = await make();
    const root = await repo.commitFiles('root', { 'a.txt': 'a\n' });
    await repo.git('notes', 'add', '-m', 'a note', root);
    const note = await place(repo, (await repo.git('notes', 'list', root)).trim());
    expect(note).toMatchObject({ path: root, reach: 'history only' });
    await repo.git('worktree', 'add', '-q', '--detach', repo.beside('linked'));
    const linked = repo.at(repo.beside('linked'));
    const detached = await linked.commitFiles('detached', { 'd.txt': 'd\n' });
    expect(await place(repo, await linked.id('HEAD:d.txt'))).toMatchObject({ first: detached, reach: 'history only' });
    await repo.git('checkout', '-q', '--orphan', 'orphan');
    await repo.git('rm', '-rqf', '.');
    const orphan = await repo.commitFiles('orphan', { 'o.txt': 'o\n' });
    const oid = await repo.id('HEAD:o.txt');
    await repo.git('checkout', '-q', 'main');
    expect(await place(repo, oid)).toEqual({ first: orphan, path: 'o.txt', reach: 'history only' });
  });

  it('finds blobs that tags name directly, alone or in a tree, through tags of tags', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'a\n' });
    const oid = await store(repo, 'public key\n');
    await repo.git('tag', '-a', '-m', 'inner', 'inner', oid);
    await repo.git('tag', '-a', '-m', 'outer', 'outer', 'inner');
    await repo.git('tag', '-d', 'inner');
    const direct = {
      first: undefined,
      path: undefined,
      reach: 'history only',
      note: 'refs/tags/outer names it directly',
    };
    expect(await place(repo, oid)).toEqual(direct);
    const inTree = await store(repo, 'in a tree\n');
    const tree = (await repo.feed(`100644 blob ${inTree}\tt.txt\n`, 'mktree')).toString().trim();
    await repo.git('tag', 'tree', tree);
    expect(await place(repo, inTree)).toMatchObject({ path: 't.txt', reach: 'history only' });
  });

  it('keeps paths with line breaks, quotes and bytes that are not UTF-8', async () => {
    const repo = await make();
    const names = ['line\nbreak', 'quote"tab\t', 'ümläut', 'byte\udcff'];
    for (const [at, name] of names.entries()) repo.write(pathToBytes(name), `${at}\n`);
    await repo.commit('names');
    for (const [at, name] of names.entries()) {
      const oid = await store(repo, `${at}\n`);
      expect((await blobHistory(repo, oid)).paths).toEqual([name]);
    }
    await repo.git('rm', '-rq', '.');
    await repo.commit('gone');
    for (const [at, name] of names.entries()) {
      expect((await blobHistory(repo, await store(repo, `${at}\n`))).paths).toEqual([name]);
    }
  });

  it('passes over submodules', async () => {
    const repo = await make();
    const inner = await make();
    const commit = await inner.commitFiles('inner', { 'i.txt': 'i\n' });
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    await repo.git('commit', '-q', '-m', 'submodule');
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},other`);
    const oid = await store(repo, 'elsewhere\n');
    expect(await place(repo, oid)).toMatchObject({ path: undefined, reach: 'unreachable' });
  });

  it('works in SHA-256, bare and empty repositories', async () => {
    const sha256 = await make({ objectFormat: 'sha256' });
    const first = await sha256.commitFiles('one', { 'a.txt': 'a\n' });
    expect(await place(sha256, await sha256.id('HEAD:a.txt'))).toEqual({ first, path: 'a.txt', reach: 'at HEAD' });
    await sha256.git('clone', '-q', '--bare', sha256.dir, sha256.beside('bare'));
    const bare = { dir: sha256.beside('bare') };
    expect(await place(bare, await sha256.id('HEAD:a.txt'))).toEqual({ first, path: 'a.txt', reach: 'at HEAD' });
    const empty = await make();
    const oid = await store(empty, 'x\n');
    expect(await place(empty, oid)).toMatchObject({ first: undefined, reach: 'unreachable' });
    expect(await attributeBlobs((await openRepository(empty.dir))!, new Set())).toEqual(new Map());
  });

  it('says at the border of a shallow clone that an older commit may be the first', async () => {
    const repo = await make();
    await repo.commitFiles('one', { 'a.txt': 'a\n' });
    const border = await repo.commitFiles('two', { 'b.txt': 'b\n' });
    await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, repo.beside('shallow'));
    expect(await place({ dir: repo.beside('shallow') }, await repo.id('HEAD:a.txt'))).toEqual({
      first: border,
      path: 'a.txt',
      reach: 'at HEAD',
      note: 'the clone is shallow: an older commit may have brought it in',
    });
  });

  it('attributes in partial clones without blobs or trees, and fetches nothing', async () => {
    const repo = await make();
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    const first = await repo.commitFiles('one', { 'a.txt': 'a\n' });
    await repo.commitFiles('two', { 'a.txt': 'b\n', 'c.txt': 'c\n' });
    const [a, c] = [await repo.id('HEAD~:a.txt'), await repo.id('HEAD:c.txt')];
    for (const filter of ['blob:none', 'tree:0']) {
      const dir = repo.beside(filter.replace(':', '-'));
      await repo.git('clone', '-q', `--filter=${filter}`, `file://${repo.dir}`, dir);
    }
    await rm(repo.dir, { recursive: true });
    const blobless = { dir: repo.beside('blob-none') };
    expect(await place(blobless, a)).toEqual({ first, path: 'a.txt', reach: 'history only' });
    const treeless = { dir: repo.beside('tree-0') };
    const cutOff = 'part of the history could not be read, so its first commit is unknown';
    expect(await place(treeless, c)).toEqual({ first: undefined, path: 'c.txt', reach: 'at HEAD', note: cutOff });
    expect(await place(treeless, a)).toMatchObject({ first: undefined, reach: 'unreachable', note: cutOff });
  });

  it('goes on when a ref names an object that is gone', async () => {
    const repo = await make();
    const first = await repo.commitFiles('one', { 'a.txt': 'a\n' });
    writeFileSync(join(repo.dir, '.git/refs/heads/broken'), `${'d'.repeat(40)}\n`);
    expect(await place(repo, await repo.id('HEAD:a.txt'))).toMatchObject({ first, reach: 'at HEAD' });
  });

  it('gives the same answer under hostile configuration', async () => {
    const repo = await make();
    const first = await repo.commitFiles('one', { 'dir/ä.txt': 'one\n' });
    const oid = await repo.id('HEAD:dir/ä.txt');
    const renamed = await repo.commitFiles('two', { 'dir/ä.txt': 'two\n' });
    const marker = repo.beside('ran');
    mkdirSync(repo.beside('hooks'));
    const settings: Record<string, string> = {
      'color.ui': 'always',
      'color.diff': 'always',
      'core.quotePath': 'true',
      'core.fsmonitor': `touch ${marker}`,
      'core.pager': `touch ${marker}`,
      'core.abbrev': '4',
      'diff.noprefix': 'true',
      'diff.relative': 'true',
      'diff.external': `touch ${marker}`,
      'diff.orderFile': '/no/such/file',
      'diff.renames': 'copies',
      'log.showSignature': 'true',
      'log.showRoot': 'false',
      'log.diffMerges': 'off',
      'log.date': 'relative',
      'log.mailmap': 'true',
      'format.pretty': 'oneline',
      'i18n.logOutputEncoding': 'UTF-16',
      'alias.rev-list': `!touch ${marker}`,
      'alias.log': `!touch ${marker}`,
    };
    for (const [name, value] of Object.entries(settings)) await repo.git('config', name, value);
    writeFileSync(join(repo.dir, '.gitattributes'), '* diff=evil binary\n');
    writeFileSync(join(repo.dir, '.mailmap'), 'Someone Else <else@example.com> <ada@example.com>\n');
    const opened = (await openRepository(repo.dir))!;
    const history = (await attributeBlobs(opened, new Set([oid]))).get(oid);
    expect(history).toMatchObject({ first: { oid: first, authorName: 'Ada Author' }, paths: ['dir/ä.txt'] });
    expect(history?.reach).toBe('history only');
    expect((await attributeCommits(opened, new Set([renamed]))).get(renamed)?.reach).toBe('at HEAD');
    await expect(rm(marker)).rejects.toThrow('ENOENT');
  });

  it('ignores replaced objects', async () => {
    const repo = await make();
    const first = await repo.commitFiles('one', { 'a.txt': 'one\n' });
    const oid = await repo.id('HEAD:a.txt');
    const second = await repo.commitFiles('two', { 'a.txt': 'two\n' });
    await repo.git('replace', first, second);
    expect(await place(repo, oid)).toEqual({ first, path: 'a.txt', reach: 'history only' });
  });

  it('agrees with git log for every blob of a branchy history', async () => {
    const repo = await make();
    await repo.commitFiles('root', { 'a.txt': 'root\n' });
    for (let at = 0; at < 6; at++) {
      await repo.git('checkout', '-q', '-b', `side${at}`, at % 2 === 0 ? 'main' : 'main~');
      await repo.commitFiles(`side ${at}`, { [`s${at}.txt`]: `side ${at}\n`, 'b.txt': `b ${at % 3}\n` });
      await repo.git('checkout', '-q', 'main');
      await repo.commitFiles(`main ${at}`, { 'a.txt': `main ${at % 4}\n` });
      await repo.git('merge', '-q', '-X', 'ours', '--no-edit', `side${at}`);
    }
    const objects = (await repo.git('cat-file', '--batch-all-objects', '--batch-check')).split('\n');
    const oids = objects.filter((line) => line.includes(' blob ')).map((line) => line.split(' ')[0]!);
    const histories = await attributeBlobs((await openRepository(repo.dir))!, new Set(oids));
    for (const oid of oids) {
      const log = await repo.git('log', '--all', '-m', '--root', '--date-order', '--format=%H', `--find-object=${oid}`);
      expect(histories.get(oid)?.first?.oid).toBe(log.split('\n').filter(Boolean).at(-1));
    }
  });
});

describe('commitInfos', () => {
  it('decodes the encoding a commit names, odd time zones and damaged authors', async () => {
    const repo = await make();
    const tree = (await repo.feed('', 'mktree')).toString().trim();
    const put = async (head: string, message: Buffer) =>
      (
        await repo.feed(
          Buffer.concat([Buffer.from(`tree ${tree}\n${head}\n\n`, 'latin1'), message]),
          'hash-object',
          '-w',
          '-t',
          'commit',
          '--literally',
          '--stdin',
        )
      )
        .toString()
        .trim();
    const latin = await put(
      'author J\u00f6rg <j@x> 86400 -0330\ncommitter C <c@x> 1 +0000\nencoding ISO-8859-1',
      Buffer.from('gr\u00fc\u00df\n', 'latin1'),
    );
    const damaged = await put('author nobody\ncommitter C <c@x> 99999999999999999 +0000', Buffer.from('\n\nlate\n'));
    const infos = await commitInfos(repo, [latin, damaged, 'e'.repeat(40)]);
    expect(infos.get(latin)).toEqual({
      oid: latin,
      authorName: 'Jörg',
      authorEmail: 'j@x',
      authorDate: '1970-01-01T20:30:00-03:30',
      subject: 'grüß',
    });
    expect(infos.get(damaged)).toMatchObject({ authorName: '', authorDate: '', subject: 'late' });
    expect(infos.size).toBe(2);
  });
});

describe('attributeCommits', () => {
  it('tells commits at HEAD, on other branches and unreachable ones apart', async () => {
    const repo = await make();
    const root = await repo.commit('root');
    await repo.git('checkout', '-q', '-b', 'side');
    const side = await repo.commit('side');
    const lost = await repo.commit('lost');
    await repo.git('reset', '-q', '--hard', 'HEAD~');
    await repo.git('checkout', '-q', 'main');
    const opened = (await openRepository(repo.dir))!;
    const histories = await attributeCommits(opened, new Set([root, side, lost]));
    expect([root, side, lost].map((oid) => histories.get(oid)?.reach)).toEqual([
      'at HEAD',
      'history only',
      'unreachable',
    ]);
    expect(histories.get(lost)).toMatchObject({ type: 'commit', info: { oid: lost, subject: 'lost' } });
  });

  it('names tags, their taggers and the refs that lead to them', async () => {
    const repo = await make();
    await repo.commit('root');
    for (const name of ['inner', 'gone']) await repo.git('tag', '-a', '-m', `about ${name}`, name);
    await repo.git('tag', '-a', '-m', 'about outer', 'outer', 'inner');
    const [inner, outer, gone] = await Promise.all(['inner', 'outer', 'gone'].map(repo.id));
    await repo.git('tag', '-d', 'inner', 'gone');
    const opened = (await openRepository(repo.dir))!;
    const histories = await attributeCommits(opened, new Set([inner!, outer!, gone!]));
    expect(histories.get(outer!)).toMatchObject({ type: 'tag', tagName: 'outer', ref: 'refs/tags/outer' });
    expect(histories.get(inner!)).toMatchObject({
      tagName: 'inner',
      ref: 'refs/tags/outer',
      reach: 'history only',
      info: { oid: inner, authorName: 'Carl Committer', subject: 'about inner' },
    });
    expect(histories.get(gone!)).toMatchObject({ tagName: 'gone', reach: 'unreachable' });
  });
});
