import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { leakgate, MAIN } from '../support/cli.ts';
import { makeFolder } from '../support/folder.ts';
import { makeRepository, type RepositoryOptions, type TestRepository } from '../support/git.ts';
import { attempt, doneInSilence, install, refused } from '../support/hooked.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_003);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const leak = () => `TOKEN=${githubToken(random)}\n`;
const CLEAN = 'TOKEN=\n';
const COMMIT = ['commit', '-q', '-m', 'a change'];

const bin = makeFolder({ leakgate: `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n` });
chmodSync(bin.path('leakgate'), 0o755);
afterAll(() => bin.remove());

/** The folder of hooks as the first installation made it: the files are the same for every repository. */
let installed: string | undefined;

const hooked = async (options: RepositoryOptions = {}): Promise<TestRepository> => {
  const repo = await makeRepository(options);
  repositories.push(repo);
  const hooks = join(repo.dir, '.git/hooks');
  if (installed) cpSync(installed, hooks, { recursive: true });
  else {
    await install(repo, 'pre-commit', 'pre-merge-commit');
    cpSync(hooks, (installed = bin.path('hooks')), { recursive: true });
  }
  return repo;
};

/** A situation that a commit is made in. `text` is what the commit is to bring in. */
interface Row {
  readonly situation: string;
  /** Gets as far as the commit; returns the repository it is made in, if that is another one. */
  readonly prepare: (repo: TestRepository, text: string) => Promise<TestRepository | undefined>;
  readonly commit?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the secret is reported; a.env when left out. */
  readonly place?: string;
  readonly repository?: RepositoryOptions;
}

/** Commits what is needed before, writes the text and stages it. */
const staged =
  (path: string, before: Readonly<Record<string, string>> = { 'other.txt': 'x\n' }) =>
  async (repo: TestRepository, text: string): Promise<undefined> => {
    await repo.commitFiles('start', before);
    repo.write(path, text);
    await repo.git('--literal-pathspecs', 'add', '--', path);
  };

const script = (repo: TestRepository, name: string, text: string): string => {
  const file = repo.beside(name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
};

/** Two branches that changed the same line, in the middle of being merged; `side` also brings a leak that is there already. */
const conflict = async (repo: TestRepository): Promise<void> => {
  await repo.commitFiles('start', { 'a.env': 'A=0\n' });
  await repo.git('checkout', '-q', '-b', 'side');
  repo.write('old.env', leak());
  await repo.git('add', '-A');
  await repo.git('commit', '-q', '--no-verify', '-m', 'side, with a leak of its own');
  repo.write('a.env', 'A=side\n');
  await repo.commit('side');
  await repo.git('checkout', '-q', 'main');
  await repo.commitFiles('main', { 'a.env': 'A=main\n' });
  await repo.git('merge', '-q', 'side').catch(() => undefined);
};

const ROWS: readonly Row[] = [
  {
    situation: 'the first commit',
    prepare: async (repo, text) => {
      repo.write('a.env', text);
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  { situation: 'a new file', prepare: staged('a.env') },
  { situation: 'a changed file', prepare: staged('a.env', { 'a.env': 'A=1\n' }) },
  {
    situation: 'a commit from a folder below the top',
    prepare: staged('a.env', { 'deep/er/x': '1' }),
    commit: ['-C', 'deep/er', ...COMMIT],
  },
  {
    situation: 'git commit -a',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n' });
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, '-a'],
  },
  {
    situation: 'git commit FILE',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, 'a.env'],
  },
  {
    situation: 'git commit --only beside staged files',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
      repo.write('b.env', leak());
      await repo.git('add', 'b.env');
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, '-o', 'a.env'],
  },
  {
    situation: 'git commit --include',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
      repo.write('b.env', 'B=2\n');
      await repo.git('add', 'b.env');
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, '-i', 'a.env'],
  },
  {
    situation: 'git commit --amend',
    prepare: staged('a.env', { 'a.env': 'A=1\n' }),
    commit: ['commit', '-q', '--amend', '--no-edit'],
  },
  {
    situation: 'a linked worktree',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n' });
      await repo.git('worktree', 'add', '-q', '-b', 'linked', repo.beside('linked'));
      const linked = repo.at(repo.beside('linked'));
      linked.write('a.env', text);
      return linked;
    },
    commit: [...COMMIT, '-a'],
  },
  {
    situation: 'a submodule',
    prepare: async (repo, text) => {
      const library = repo.at(repo.beside('library'));
      mkdirSync(library.dir);
      await library.git('init', '-q', '-b', 'main');
      await library.commitFiles('library', { 'a.env': 'L=1\n' });
      await repo.git('submodule', '--quiet', 'add', library.dir, 'lib');
      await repo.commit('with library');
      const inside = repo.at(join(repo.dir, 'lib'));
      await install(inside);
      inside.write('a.env', text);
      return inside;
    },
    commit: [...COMMIT, '-a'],
  },
  {
    situation: 'the resolution of a conflict, and not for what is merged',
    prepare: async (repo, text) => {
      await conflict(repo);
      repo.write('a.env', `A=both\n${text}`);
      await repo.git('add', '-A');
      return undefined;
    },
    commit: ['commit', '-q', '--no-edit'],
  },
  {
    situation: 'a renamed file that is changed too',
    prepare: async (repo, text) => {
      const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
      await repo.commitFiles('start', { 'before.env': `${lines}\n` });
      await repo.git('mv', 'before.env', 'a.env');
      repo.write('a.env', `${lines}\n${text}`);
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'a file that becomes a symbolic link',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n' });
      rmSync(join(repo.dir, 'a.env'));
      symlinkSync(text.trim(), join(repo.dir, 'a.env'));
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'a symbolic link that becomes a file',
    prepare: async (repo, text) => {
      symlinkSync('nowhere', join(repo.dir, 'a.env'));
      await repo.commit('start');
      rmSync(join(repo.dir, 'a.env'));
      repo.write('a.env', text);
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'a file added with --intent-to-add, by commit -a',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'other.txt': 'x\n' });
      repo.write('a.env', text);
      await repo.git('add', '--intent-to-add', 'a.env');
      return undefined;
    },
    commit: [...COMMIT, '-a'],
  },
  {
    situation: 'a file staged and then mended on disk alone',
    prepare: async (repo, text) => {
      await staged('a.env')(repo, text);
      repo.write('a.env', 'mended\n');
      return undefined;
    },
  },
  {
    situation: 'a file staged and then removed from disk',
    prepare: async (repo, text) => {
      await staged('a.env')(repo, text);
      rmSync(join(repo.dir, 'a.env'));
      return undefined;
    },
  },
  ...[false, true].map(
    (sparseIndex): Row => ({
      situation: `a sparse checkout${sparseIndex ? ' with a sparse index' : ''}`,
      prepare: async (repo, text) => {
        await repo.commitFiles('start', { 'in/x.txt': 'x\n', 'out/deep/y.txt': 'y\n', 'top.txt': 't\n' });
        await repo.git('sparse-checkout', 'init', '--cone', sparseIndex ? '--sparse-index' : '--no-sparse-index');
        await repo.git('sparse-checkout', 'set', 'in');
        expect(existsSync(join(repo.dir, 'out'))).toBe(false);
        repo.write('in/a.env', text);
        await repo.git('add', 'in/a.env');
        return undefined;
      },
      place: 'in/a.env',
    }),
  ),
  { situation: 'a SHA-256 repository', prepare: staged('a.env'), repository: { objectFormat: 'sha256' } },
  ...(
    [
      ['letters beyond ASCII', 'größe/日本.env', 'größe/日本.env'],
      ['a line break', 'two\nlines.env', 'two\\x0alines.env'],
      ['a dash in front', '-rf.env', './-rf.env'],
      ['quotes and a dollar', `it's "$HOME".env`, `it's "$HOME".env`],
      ['an escape sequence of terminals', '\u001b[31mred.env', '\\x1b[31mred.env'],
      ['the magic of pathspecs', ':(exclude)*.env', ':(exclude)*.env'],
      ['a blank at either end', ' a.env ', ' a.env '],
    ] as const
  ).map(([what, name, place]): Row => ({ situation: `a file with ${what} in its name`, prepare: staged(name), place })),
  {
    situation: 'a split index with untracked cache and fsmonitor',
    prepare: async (repo, text) => {
      const query = script(repo, 'fsmonitor', `printf 'token\\0/\\0'`);
      await repo.commitFiles('start', { 'other.txt': 'x\n' });
      await repo.git('config', 'core.fsmonitor', query);
      await repo.git('update-index', '--split-index', '--untracked-cache', '--fsmonitor');
      repo.write('a.env', text);
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'core.autocrlf and CRLF line ends',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'other.txt': 'x\n' });
      await repo.git('config', 'core.autocrlf', 'true');
      repo.write('a.env', `one\r\n${text.trim()}\r\nthree\r\n`);
      await repo.git('-c', 'core.autocrlf=true', 'add', 'a.env').catch(() => undefined);
      return undefined;
    },
  },
  {
    situation: 'what a clean filter makes of a file',
    prepare: async (repo, text) => {
      writeFileSync(repo.beside('filtered'), text);
      await repo.git('config', 'filter.swap.clean', `cat '${repo.beside('filtered')}'`);
      await repo.commitFiles('start', { '.gitattributes': 'a.env filter=swap\n' });
      repo.write('a.env', 'on disk\n');
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'a blob that a replace ref hides',
    prepare: async (repo, text) => {
      await staged('a.env')(repo, text);
      repo.write('harmless', 'harmless\n');
      const harmless = await repo.git('hash-object', '-w', 'harmless');
      await repo.git('replace', await repo.git('rev-parse', ':a.env'), harmless);
      rmSync(join(repo.dir, 'harmless'));
      return undefined;
    },
  },
  {
    situation: 'a commit that is signed',
    prepare: async (repo, text) => {
      const sign = `cat >/dev/null; echo signature; echo '[GNUPG:] SIG_CREATED ' >&2`;
      await repo.git('config', 'gpg.program', script(repo, 'sign', sign));
      await repo.git('config', 'commit.gpgSign', 'true');
      return staged('a.env')(repo, text);
    },
    commit: ['commit', '-q', '-S', '-m', 'signed'],
  },
  {
    situation: 'a file that attributes call binary and without a diff',
    prepare: staged('a.env', { '.gitattributes': '* binary -diff export-ignore\n' }),
  },
  {
    situation: 'a configuration given with git -c',
    prepare: staged('a.env'),
    commit: ['-c', 'color.ui=always', '-c', 'diff.noprefix=true', '-c', 'core.quotePath=true', ...COMMIT],
  },
  {
    situation: 'a detached HEAD',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n' });
      await repo.git('checkout', '-q', '--detach');
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, '-a'],
  },
  {
    situation: 'an orphan branch',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'other.txt': 'x\n' });
      await repo.git('checkout', '-q', '--orphan', 'fresh');
      repo.write('a.env', text);
      await repo.git('add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'an index of its own',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n' });
      copyFileSync(join(repo.dir, '.git/index'), join(repo.dir, '.git/other-index'));
      repo.write('a.env', text);
      return undefined;
    },
    commit: [...COMMIT, '-a'],
    env: { GIT_INDEX_FILE: '.git/other-index' },
  },
  {
    situation: 'a repository whose folder is called with blanks, quotes and a dollar',
    prepare: async (repo, text) => {
      const odd = repo.at(repo.beside(`it's a "repo" $(x)`));
      mkdirSync(odd.dir);
      await odd.git('init', '-q', '-b', 'main');
      await install(odd);
      await staged('a.env')(odd, text);
      return odd;
    },
  },
  {
    situation: 'a git directory that is elsewhere',
    prepare: async (repo, text) => {
      const apart = repo.at(repo.beside('apart'));
      await repo.git('init', '-q', '-b', 'main', `--separate-git-dir=${repo.beside('git dir')}`, apart.dir);
      await install(apart);
      await staged('a.env')(apart, text);
      return apart;
    },
  },
  {
    situation: 'a git directory behind a symbolic link',
    prepare: async (repo, text) => {
      renameSync(join(repo.dir, '.git'), repo.beside('moved'));
      symlinkSync(repo.beside('moved'), join(repo.dir, '.git'));
      return staged('a.env')(repo, text);
    },
  },
  {
    situation: 'hooks in a folder that core.hooksPath names',
    prepare: async (repo, text) => {
      rmSync(join(repo.dir, '.git/hooks'), { recursive: true });
      await repo.git('config', 'core.hooksPath', '.githooks');
      await install(repo);
      repo.write('a.env', text);
      await repo.git('add', '-A');
      return undefined;
    },
    // A file that is shared with others does not say where leakgate is on this machine.
    env: { PATH: `${bin.dir}:${process.env.PATH}` },
  },
];

describe('a hook that was installed refuses a secret, and is silent without one, in', () => {
  it.each(ROWS)('$situation', async ({ prepare, commit = COMMIT, env, place = 'a.env', repository }) => {
    const bad = await hooked(repository);
    refused(await attempt((await prepare(bad, leak())) ?? bad, commit, env), place);
    const good = await hooked(repository);
    doneInSilence(await attempt((await prepare(good, CLEAN)) ?? good, commit, env));
  });
});

/** Situations in which there is a secret that the commit does not bring in. */
const SILENT: readonly Row[] = [
  {
    situation: 'a secret in the part of a file that is not staged',
    prepare: async (repo, text) => {
      await staged('a.env', { 'a.env': 'A=1\n' })(repo, 'A=2\n');
      repo.write('a.env', `A=2\n${text}`);
      return undefined;
    },
  },
  {
    situation: 'a secret in a file added with --intent-to-add alone',
    prepare: async (repo, text) => {
      await staged('b.env')(repo, 'B=1\n');
      repo.write('a.env', text);
      await repo.git('add', '--intent-to-add', 'a.env');
      return undefined;
    },
  },
  {
    situation: 'a secret in another file than the one that is committed',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
      repo.write('a.env', text);
      await repo.git('add', 'a.env');
      repo.write('b.env', 'B=2\n');
      return undefined;
    },
    commit: [...COMMIT, '--only', 'b.env'],
  },
  ...(
    [
      [
        'moves within its file',
        (text: string) => ({ 'a.env': `${text}A=1\nB=2\n` }),
        (text: string) => `B=2\nA=1\n${text}`,
      ],
      ['stays where it was', (text: string) => ({ 'a.env': text }), (text: string) => `${text}more\n`],
    ] as const
  ).map(
    ([what, before, after]): Row => ({
      situation: `a secret that ${what}`,
      prepare: async (repo, text) => {
        for (const [path, bytes] of Object.entries(before(text))) repo.write(path, bytes);
        await repo.git('add', '-A');
        await repo.git('commit', '-q', '--no-verify', '-m', 'there before');
        repo.write('a.env', after(text));
        await repo.git('add', '-A');
        return undefined;
      },
    }),
  ),
  ...(
    [
      ['is renamed', ['mv', 'a.env', 'b.env']],
      ['is removed', ['rm', '-q', 'a.env']],
      ['gets another mode', ['update-index', '--chmod=+x', 'a.env']],
    ] as const
  ).map(
    ([what, change]): Row => ({
      situation: `a secret whose file ${what}`,
      prepare: async (repo, text) => {
        repo.write('a.env', text);
        await repo.git('add', '-A');
        await repo.git('commit', '-q', '--no-verify', '-m', 'there before');
        await repo.git(...change);
        return undefined;
      },
    }),
  ),
  {
    situation: 'a secret that a filter replaces by the pointer of Git LFS',
    prepare: async (repo, text) => {
      const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
      writeFileSync(repo.beside('pointer'), pointer);
      await repo.git('config', 'filter.lfs.clean', `cat '${repo.beside('pointer')}'`);
      return staged('a.env', { '.gitattributes': '*.env filter=lfs diff=lfs merge=lfs -text\n' })(repo, text);
    },
  },
  {
    situation: 'a secret that comes from a merged branch',
    prepare: async (repo) => {
      await conflict(repo);
      repo.write('a.env', 'A=both\n');
      await repo.git('add', '-A');
      return undefined;
    },
    commit: ['commit', '-q', '--no-edit'],
  },
  {
    situation: 'a secret that comes with a merge without conflicts',
    prepare: async (repo, text) => {
      await repo.commitFiles('start', { 'a.env': 'A=0\n' });
      await repo.git('checkout', '-q', '-b', 'side');
      repo.write('b.env', text);
      await repo.git('add', '-A');
      await repo.git('commit', '-q', '--no-verify', '-m', 'side');
      await repo.git('checkout', '-q', 'main');
      await repo.commitFiles('main', { 'c.env': 'C=1\n' });
      return undefined;
    },
    commit: ['merge', '-q', '--no-edit', 'side'],
  },
  {
    situation: 'a secret in a submodule that moves on',
    prepare: async (repo, text) => {
      const library = repo.at(repo.beside('library'));
      mkdirSync(library.dir);
      await library.git('init', '-q', '-b', 'main');
      await library.commitFiles('library', { 'lib.env': 'L=1\n' });
      await repo.git('submodule', '--quiet', 'add', library.dir, 'lib');
      await repo.commit('with library');
      const inside = repo.at(join(repo.dir, 'lib'));
      await inside.commitFiles('leak', { 'lib.env': text });
      return undefined;
    },
    commit: [...COMMIT, '-a'],
  },
];

describe('a hook that was installed lets pass', () => {
  it.each(SILENT)('$situation', async ({ prepare, commit = COMMIT }) => {
    const repo = await hooked();
    doneInSilence(await attempt((await prepare(repo, leak())) ?? repo, commit));
  });
});

describe('beside the commit itself', () => {
  it('an index.lock of someone else does not keep the hook from reading, and stays', async () => {
    const repo = await hooked();
    await staged('a.env')(repo, leak());
    writeFileSync(join(repo.dir, '.git/index.lock'), '');
    const { code, stdout } = await leakgate(['hook', 'run', 'pre-commit'], { cwd: repo.dir });
    expect(stdout).toContain('a.env:1:7');
    expect(code).toBe(1);
    expect(existsSync(join(repo.dir, '.git/index.lock'))).toBe(true);
  });

  it('a bare repository has a history and ranges, and nothing staged', async () => {
    const repo = await makeRepository({ bare: true });
    repositories.push(repo);
    const tree = async (text: string) => {
      const blob = (await repo.feed(text, 'hash-object', '-w', '--stdin')).toString().trim();
      return (await repo.feed(`100644 blob ${blob}\ta.env\n`, 'mktree')).toString().trim();
    };
    const first = await repo.git('commit-tree', '-m', 'first', await tree(CLEAN));
    const second = await repo.git('commit-tree', '-m', 'second', '-p', first, await tree(leak()));
    await repo.git('update-ref', 'refs/heads/main', second);
    const codes = [['git'], ['git', '--range', `${first}..${second}`], ['git', '--range', `${second}..${first}`]].map(
      async (args) => (await leakgate(args, { cwd: repo.dir })).code,
    );
    expect(await Promise.all(codes)).toEqual([1, 1, 3]);
    const staging = await leakgate(['hook', 'run', 'pre-commit'], { cwd: repo.dir });
    expect(staging).toMatchObject({ code: 2, stderr: expect.stringContaining('bare') });
  });

  it('paths that are not merged yet are refused', async () => {
    const repo = await hooked();
    await conflict(repo);
    const { code, stdout } = await leakgate(['hook', 'run', 'pre-commit'], { cwd: repo.dir });
    expect(stdout).toContain('unmerged path');
    expect(code).toBe(3);
  });
});
