import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepository, type Repository } from '../../../src/sources/git/repository.ts';
// Cuts this process, whose environment the code under test inherits, off from the user's git.
import '../../support/git.ts';

/** A real repository in a temporary directory that is removed when the test ends. */
export interface Scratch {
  readonly dir: string;
  /** Runs git there and returns its standard output without the last line break. */
  git(...args: string[]): string;
  /** As `git`, with more in the environment. */
  gitWith(env: NodeJS.ProcessEnv, ...args: string[]): string;
  /** Writes a file; `path` may be bytes that are not UTF-8. */
  write(path: string | Buffer, content: string | Buffer): void;
  link(target: string, path: string): void;
  script(path: string, content: string): void;
  /** Stages everything and commits it; returns the commit's id. */
  commit(message?: string): string;
  /** Concludes a merge or makes one with the work tree as it is; returns the commit's id. */
  merge(parents: readonly string[], edit?: () => void): string;
  open(): Promise<Repository>;
  /** The same operations in another directory, such as a linked worktree. */
  at(dir: string): Scratch;
}

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'An Author',
  GIT_AUTHOR_EMAIL: 'author@example.com',
  GIT_COMMITTER_NAME: 'A Committer',
  GIT_COMMITTER_EMAIL: 'committer@example.com',
};

export function scratchDirectory(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'leakgate-test-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function scratch(...initOptions: string[]): Scratch {
  const made = at(join(scratchDirectory(), 'repository'));
  mkdirSync(made.dir);
  made.git('init', '-q', '-b', 'main', ...initOptions);
  return made;
}

function at(dir: string): Scratch {
  const gitWith = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    execFileSync('git', args, { cwd: dir, env: { ...ENVIRONMENT, ...env }, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
  const git = (...args: string[]) => gitWith({}, ...args);
  const head = () => git('rev-parse', 'HEAD');
  const place = (path: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    return join(dir, path);
  };
  return {
    dir,
    git,
    gitWith,
    write(path, content) {
      writeFileSync(typeof path === 'string' ? place(path) : Buffer.concat([Buffer.from(`${dir}/`), path]), content);
    },
    link: (target, path) => symlinkSync(target, place(path)),
    script(path, content) {
      writeFileSync(place(path), content);
      chmodSync(join(dir, path), 0o755);
    },
    commit(message = 'a commit') {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return head();
    },
    merge(parents, edit) {
      git('merge', '-q', '--no-ff', '--no-commit', ...parents);
      edit?.();
      git('add', '-A');
      git('commit', '-q', '-m', 'a merge');
      return head();
    },
    async open() {
      const repo = await openRepository(dir);
      if (repo === undefined) throw new Error(`no repository at ${dir}`);
      return repo;
    },
    at,
  };
}
