import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SourceError, UsageError } from '../../../src/errors.ts';
import { type StagedItems, stagedItems } from '../../../src/sources/git/staged.ts';
import { pathFromBytes } from '../../../src/sources/path-bytes.ts';
import { type Scratch, scratch, scratchDirectory } from './scratch.ts';

describe('stagedItems', () => {
  afterEach(() => {
    delete process.env.GIT_INDEX_FILE;
  });

  it('lists what is staged, with the version at HEAD, and not what is on disk', async () => {
    const at = committed();
    at.write('file', text('staged'));
    at.write('new', 'new\n');
    at.write('left alone', 'not staged\n');
    at.git('add', 'file', 'new');
    at.write('file', text('on disk'));
    rmSync(join(at.dir, 'new'));
    expect(await staged(at)).toEqual({
      introduced: [
        { oid: at.git('rev-parse', ':file'), path: 'file', olds: [at.git('rev-parse', 'HEAD:file')], mode: '100644' },
        { oid: at.git('rev-parse', ':new'), path: 'new', olds: [undefined], mode: '100644' },
      ],
      skipped: [],
    });
    expect(at.git('show', ':file')).toContain('staged');
  });

  it('lists nothing when nothing is staged, or only a deletion, a mode or a plain rename', async () => {
    const at = committed();
    at.write('file', text('on disk'));
    expect(await staged(at)).toEqual({ introduced: [], skipped: [] });
    at.git('rm', '-q', '--cached', 'other');
    at.git('update-index', '--chmod=+x', 'script');
    at.git('checkout', 'file');
    at.git('mv', 'file', 'moved');
    expect(await staged(at)).toEqual({ introduced: [], skipped: [] });
    expect(at.git('status', '--short')).toContain('R  file -> moved');
  });

  it('compares an edited rename with the file it was', async () => {
    const at = committed();
    at.git('mv', 'file', 'moved');
    at.write('moved', text('edited'));
    at.git('add', 'moved');
    expect((await staged(at)).introduced).toMatchObject([{ path: 'moved', olds: [at.git('rev-parse', 'HEAD:file')] }]);
  });

  it.each(['sha1', 'sha256'])('lists the whole index before the first commit (%s)', async (format) => {
    const at = scratch(`--object-format=${format}`);
    at.write('a', 'one\n');
    at.write('dir/b', 'two\n');
    at.git('add', '.');
    expect((await staged(at)).introduced).toEqual([
      { oid: at.git('rev-parse', ':a'), path: 'a', olds: [undefined], mode: '100644' },
      { oid: at.git('rev-parse', ':dir/b'), path: 'dir/b', olds: [undefined], mode: '100644' },
    ]);
  });

  it('follows files that become symlinks and back', async () => {
    const at = committed();
    at.git('rm', '-q', 'file');
    at.link('/etc/target', 'file');
    at.git('add', 'file');
    const old = at.git('rev-parse', 'HEAD:file');
    expect((await staged(at)).introduced).toMatchObject([{ path: 'file', mode: '120000', olds: [old] }]);
    at.git('commit', '-q', '-m', 'link');
    at.git('rm', '-q', 'file');
    at.write('file', 'a file again\n');
    at.git('add', 'file');
    expect((await staged(at)).introduced).toMatchObject([{ path: 'file', mode: '100644' }]);
  });

  it('lists submodules as skipped, whatever is configured', async () => {
    const at = committed();
    const commit = at.git('rev-parse', 'HEAD');
    at.git('config', 'diff.ignoreSubmodules', 'all');
    at.git('update-index', '--add', '--cacheinfo', `160000,${commit},module`);
    expect(await staged(at)).toEqual({
      introduced: [],
      skipped: [{ reason: 'submodule', where: 'module', incomplete: false, detail: `commit ${commit}` }],
    });
  });

  it('leaves out what is only intended to be added', async () => {
    const at = committed();
    at.write('later', 'later\n');
    at.git('add', '--intent-to-add', 'later');
    expect(await staged(at)).toEqual({ introduced: [], skipped: [] });
  });

  it('sees staged changes outside a sparse checkout and in a sparse index', async () => {
    const at = scratch();
    for (const dir of ['in', 'out', 'far']) at.write(`${dir}/file`, text(dir));
    at.commit();
    at.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
    expect(at.git('ls-files', '--sparse')).toContain('far/\n');
    at.write('in/file', text('changed'));
    at.git('add', 'in/file');
    expect((await staged(at)).introduced.map(({ path }) => path)).toEqual(['in/file']);
    at.write('scratch', text('changed outside'));
    const oid = at.git('hash-object', '-w', 'scratch');
    at.git('update-index', '--add', '--cacheinfo', `100644,${oid},out/file`);
    at.git('update-index', '--skip-worktree', 'out/file');
    expect((await staged(at)).introduced).toMatchObject([{ path: 'in/file' }, { path: 'out/file', oid }]);
  });

  it('reads file names of any bytes', async () => {
    const at = committed();
    const names = ['line\nbreak', '"quoted"', '-rf', ':100644 colons', '0'.repeat(40)];
    for (const name of names) at.write(name, `in ${name.length}\n`);
    const raw = Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x80]);
    at.write(raw, 'not UTF-8\n');
    at.git('add', '-A');
    expect((await staged(at)).introduced.map(({ path }) => path).sort()).toEqual([...names, pathFromBytes(raw)].sort());
  });

  it('is not led astray by attributes, configuration or files called HEAD', async () => {
    const at = committed();
    at.write('.gitattributes', '* binary -diff\n');
    at.write('HEAD', 'a file\n');
    at.git('mv', 'file', 'moved');
    at.write('moved', text('edited'));
    at.git('add', '-A');
    const plain = await staged(at);
    expect(plain.introduced.map(({ path }) => path)).toEqual(['.gitattributes', 'HEAD', 'moved']);
    for (const [key, value] of [
      ['color.ui', 'always'],
      ['diff.noprefix', 'true'],
      ['diff.renames', 'false'],
      ['diff.external', '/bin/false'],
      ['diff.relative', 'true'],
      ['core.quotePath', 'true'],
      ['core.abbrev', '5'],
      ['core.fsmonitor', '/bin/false'],
      ['core.worktree', join(at.dir)],
    ]) {
      at.git('config', key!, value!);
    }
    expect(await staged(at)).toEqual(plain);
  });

  it('reads the index that GIT_INDEX_FILE names', async () => {
    const at = committed();
    const index = join(at.dir, 'another-index');
    at.write('only there', 'x\n');
    at.gitWith({ GIT_INDEX_FILE: index }, 'read-tree', 'HEAD');
    at.gitWith({ GIT_INDEX_FILE: index }, 'add', 'only there');
    expect((await staged(at)).introduced).toEqual([]);
    process.env.GIT_INDEX_FILE = index;
    expect((await staged(at)).introduced).toMatchObject([{ path: 'only there' }]);
  });

  it('reads the index of a linked worktree', async () => {
    const at = committed();
    const worktree = at.at(join(scratchDirectory(), 'worktree'));
    at.git('worktree', 'add', '-q', worktree.dir);
    worktree.write('there', 'x\n');
    worktree.git('add', 'there');
    expect((await staged(worktree)).introduced).toMatchObject([{ path: 'there' }]);
    expect((await staged(at)).introduced).toEqual([]);
  });

  it('refuses a bare repository', async () => {
    const at = scratch('--bare');
    await expect(staged(at)).rejects.toThrow(UsageError);
  });

  it('fails on a damaged index', async () => {
    const at = committed();
    at.write('.git/index', 'not an index');
    await expect(staged(at)).rejects.toThrow(SourceError);
  });
});

describe('stagedItems in a merge', () => {
  it('lists only what differs from both parents', async () => {
    const at = merging();
    expect(await staged(at)).toMatchObject({
      introduced: [{ path: 'file', olds: [at.git('rev-parse', 'HEAD:file'), at.git('rev-parse', 'MERGE_HEAD:file')] }],
      skipped: [],
    });
    at.write('evil', 'in no parent\n');
    at.git('add', 'evil');
    expect((await staged(at)).introduced.map(({ path, olds }) => [path, olds.length])).toEqual([
      ['evil', 2],
      ['file', 2],
    ]);
  });

  it('reads every parent of an octopus and the merge of a linked worktree', async () => {
    const at = committed();
    for (const branch of ['b1', 'b2']) {
      at.git('checkout', '-q', '-b', branch, 'main');
      at.write(branch, `${branch}\n`);
      at.commit();
    }
    const worktree = at.at(join(scratchDirectory(), 'worktree'));
    at.git('worktree', 'add', '-q', '--detach', worktree.dir, 'main');
    worktree.git('merge', '-q', '--no-ff', '--no-commit', 'b1', 'b2');
    worktree.write('evil', 'x\n');
    worktree.git('add', 'evil');
    expect((await staged(worktree)).introduced).toMatchObject([
      { path: 'evil', olds: [undefined, undefined, undefined] },
    ]);
  });

  it('takes all that a squashed merge or a cherry-pick brings for new', async () => {
    const at = merging();
    at.git('merge', '--abort');
    at.git('merge', '--squash', 'topic');
    expect((await staged(at)).introduced.map(({ path, olds }) => [path, olds.length])).toEqual([
      ['file', 1],
      ['theirs', 1],
    ]);
    at.git('reset', '-q', '--hard');
    at.git('cherry-pick', '--no-commit', 'topic');
    expect((await staged(at)).introduced.map(({ path }) => path)).toEqual(['file', 'theirs']);
  });

  it('lists unmerged paths as incomplete', async () => {
    const at = merging(false);
    expect(await staged(at)).toEqual({
      introduced: [],
      skipped: [
        { reason: 'unmerged path', where: 'file', incomplete: true, detail: 'resolve the conflict and stage the file' },
      ],
    });
  });
});

describe('stagedItems in a real pre-commit hook', () => {
  let program = '';

  beforeAll(async () => {
    const made = await build({
      stdin: {
        contents: `
          import { writeFileSync } from 'node:fs';
          import { openRepository } from './repository.ts';
          import { stagedItems } from './staged.ts';
          const { introduced } = await stagedItems(await openRepository(process.cwd()));
          writeFileSync(process.argv[2], JSON.stringify(introduced));`,
        resolveDir: fileURLToPath(new URL('../../../src/sources/git', import.meta.url)),
      },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
    });
    program = made.outputFiles[0]!.text;
  });

  it('sees git add and git commit', async () => {
    const { at, seen } = hooked();
    at.write('file', text('one'));
    at.git('add', 'file');
    at.git('commit', '-q', '-m', 'm');
    expect(seen()).toEqual([`file ${at.git('rev-parse', 'HEAD:file')}`]);
  });

  it('sees git commit -a', async () => {
    const { at, seen } = hooked();
    at.write('file', text('one'));
    at.write('other', text('two'));
    at.git('commit', '-q', '-a', '-m', 'm');
    expect(seen()).toEqual(['file', 'other'].map((path) => `${path} ${at.git('rev-parse', `HEAD:${path}`)}`));
  });

  it('sees git commit PATH: that path and nothing else that is staged', async () => {
    const { at, seen } = hooked();
    at.write('file', text('one'));
    at.write('other', text('two'));
    at.git('add', 'other');
    at.git('commit', '-q', '-m', 'm', 'file');
    expect(seen()).toEqual([`file ${at.git('rev-parse', 'HEAD:file')}`]);
    at.write('file', text('three'));
    at.git('commit', '-q', '-m', 'm', '--include', 'file');
    expect(seen()).toEqual(['file', 'other'].map((path) => `${path} ${at.git('rev-parse', `HEAD:${path}`)}`));
  });

  it('sees a commit made from a subdirectory', async () => {
    const { at, seen } = hooked();
    mkdirSync(join(at.dir, 'sub'));
    at.write('sub/new', 'x\n');
    at.git('add', '.');
    at.write('file', text('one'));
    at.at(join(at.dir, 'sub')).git('commit', '-q', '-a', '-m', 'm');
    expect(seen().map((line) => line.split(' ')[0])).toEqual(['file', 'sub/new']);
  });

  it('sees git commit -a in a linked worktree', async () => {
    const { at, seen } = hooked();
    const worktree = at.at(join(scratchDirectory(), 'worktree'));
    at.git('worktree', 'add', '-q', worktree.dir);
    worktree.write('file', text('one'));
    worktree.git('commit', '-q', '-a', '-m', 'm');
    expect(seen()).toEqual([`file ${worktree.git('rev-parse', 'HEAD:file')}`]);
  });

  it('sees git commit -a with --git-dir and --work-tree elsewhere', async () => {
    const { at, seen } = hooked();
    at.write('file', text('one'));
    const outside = at.at(scratchDirectory());
    outside.git(`--git-dir=${at.dir}/.git`, `--work-tree=${at.dir}`, 'commit', '-q', '-a', '-m', 'm');
    expect(seen()).toEqual([`file ${at.git('rev-parse', 'HEAD:file')}`]);
  });

  it('sees the first commit', async () => {
    const { at, seen } = hooked(scratch());
    at.write('file', 'one\n');
    at.git('add', '.');
    at.git('commit', '-q', '-m', 'm');
    expect(seen()).toEqual([`file ${at.git('rev-parse', 'HEAD:file')}`]);
  });

  it('sees in an amended commit what is new since the commit it replaces', async () => {
    const { at, seen } = hooked();
    at.write('first', 'one\n');
    at.git('add', '.');
    at.git('commit', '-q', '-m', 'm');
    at.write('second', 'two\n');
    at.git('add', '.');
    at.git('commit', '-q', '--amend', '--no-edit');
    expect(seen()).toEqual([`second ${at.git('rev-parse', 'HEAD:second')}`]);
  });

  it('sees the commit that concludes a merge', async () => {
    const { at, seen } = hooked(merging());
    at.write('evil', 'x\n');
    at.git('add', 'evil');
    at.git('commit', '-q', '-m', 'merge');
    expect(seen().map((line) => line.split(' ')[0])).toEqual(['evil', 'file']);
  });

  it('sees in pre-merge-commit, where there is no MERGE_HEAD yet, what differs from both parents', async () => {
    const { at, seen } = hooked(merging());
    at.git('merge', '--abort');
    renameSync(join(at.dir, '.git/hooks/pre-commit'), join(at.dir, '.git/hooks/pre-merge-commit'));
    at.git('merge', '-q', 'topic');
    expect(seen()).toEqual([`file ${at.git('rev-parse', 'HEAD:file')}`]);
  });

  /** A repository whose pre-commit hook writes down what stagedItems sees there, as `path oid`. */
  function hooked(at: Scratch = committed()): { at: Scratch; seen: () => string[] } {
    const dump = join(at.dir, '.git', 'dump.json');
    at.write('.git/program.mjs', program);
    at.script(
      '.git/hooks/pre-commit',
      `#!/bin/sh\nexec '${process.execPath}' '${at.dir}/.git/program.mjs' '${dump}'\n`,
    );
    const seen = () => {
      const items: { path: string; oid: string }[] = JSON.parse(readFileSync(dump, 'utf8'));
      return items.map(({ path, oid }) => `${path} ${oid}`);
    };
    return { at, seen };
  }
});

function text(last: string): string {
  return `${Array.from({ length: 20 }, (_, at) => `common text ${at}\n`).join('')}${last}\n`;
}

function committed(): Scratch {
  const at = scratch();
  at.write('file', text('before'));
  at.write('other', 'other\n');
  at.write('script', 'true\n');
  at.commit();
  return at;
}

/** In the middle of a merge of topic into main: `file` is changed by both, `theirs` by topic, `ours` by main. */
function merging(clean = true): Scratch {
  const at = committed();
  at.git('checkout', '-q', '-b', 'topic');
  at.write('file', `${text('before')}theirs\n`);
  at.write('theirs', 'theirs\n');
  at.commit();
  at.git('checkout', '-q', 'main');
  at.write('file', clean ? `ours\n${text('before')}` : `${text('before')}ours\n`);
  at.write('ours', 'ours\n');
  at.commit();
  try {
    at.git('merge', '-q', '--no-commit', 'topic');
  } catch (error) {
    if (clean) throw error;
  }
  return at;
}

async function staged(at: Scratch): Promise<StagedItems> {
  return stagedItems(await at.open());
}
