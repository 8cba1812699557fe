import { statSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { GIT_BACKENDS, type Target } from '../scan/options.ts';
import { openRepository } from '../sources/git/repository.ts';
import { statGiven } from '../sources/tree/given.ts';
import { isSet, type OptionSpec, textOf, type Values } from './settings.ts';

export const GIT_OPTIONS = {
  range: { type: 'string', placeholder: 'A..B', describe: 'Only what the commits of a range introduce' },
  'git-backend': {
    type: 'string',
    choices: GIT_BACKENDS,
    describe: 'How history is read: packs directly, or through git (default: auto)',
  },
  staged: { type: 'boolean', describe: 'Only what is staged: what the next commit would introduce' },
} as const satisfies Record<string, OptionSpec>;

export const DIR_OPTIONS = {
  ignored: { type: 'boolean', describe: 'Also files that git ignores' },
} as const satisfies Record<string, OptionSpec>;

export const STDIN_OPTIONS = {
  name: { type: 'string', placeholder: 'PATH', describe: 'The name the input is reported by (default: stdin)' },
} as const satisfies Record<string, OptionSpec>;

/** What `leakgate git` scans. */
export const gitTarget = (repo: string | undefined, values: Values): Target => {
  const dir = repo ?? '.';
  const range = textOf(values, 'range');
  if (range !== undefined && isSet(values, 'staged')) throw new UsageError('--range and --staged exclude each other');
  if (range !== undefined) return { mode: 'range', dir, range };
  return isSet(values, 'staged') ? { mode: 'staged', dir } : { mode: 'history', dir };
};

export const dirTarget = (paths: readonly string[], values: Values): Target => ({
  mode: 'dir',
  paths: paths.length > 0 ? paths : ['.'],
  ignored: isSet(values, 'ignored'),
});

export const stdinTarget = (values: Values): Target => ({
  mode: 'stdin',
  name: textOf(values, 'name') ?? 'stdin',
  input: process.stdin,
});

/** What `leakgate PATH` scans: the top of a repository with its history, anything else as files. */
export const pathTarget = async (path: string, values: Values): Promise<Target> => {
  const stats = statGiven(path);
  if (!stats) throw new UsageError(`${path}: no such file or folder`);
  const repo = stats.isDirectory() ? await openRepository(path) : undefined;
  const isTop = repo && (repo.workTree === undefined || samePlace(repo.workTree, path));
  if (isTop) return { mode: 'repository', dir: path, ignored: isSet(values, 'ignored') };
  return dirTarget([path], values);
};

const samePlace = (a: string, b: string): boolean => {
  const [first, second] = [statSync(a), statSync(b)];
  return first.ino === second.ino && first.dev === second.dev;
};
