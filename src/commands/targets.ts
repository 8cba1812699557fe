import { statSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { GIT_BACKENDS, type Target } from '../scan/options.ts';
import { type HistoryLimits, isUnlimited } from '../sources/git/limits.ts';
import { openRepository } from '../sources/git/repository.ts';
import { statGiven } from '../sources/tree/given.ts';
import { isSet, type OptionSpec, textOf, texts, type Values } from './settings.ts';

/** How histories are read, whichever command asks for one. */
const HISTORY_OPTIONS = {
  'git-backend': {
    type: 'string',
    choices: GIT_BACKENDS,
    describe: 'How history is read: packs directly, or through git (default: auto)',
  },
  cache: { type: 'boolean', describe: 'Remember which objects held nothing; --no-cache reads all again' },
} as const satisfies Record<string, OptionSpec>;

export const GIT_OPTIONS = {
  ...HISTORY_OPTIONS,
  range: { type: 'string', placeholder: 'A..B', describe: 'Only what the commits of a range introduce' },
  since: { type: 'string', placeholder: 'DATE', describe: 'Only what commits since then bring in' },
  branch: {
    type: 'string',
    array: true,
    placeholder: 'NAME',
    describe: 'Only what commits of this branch, tag or revision bring in; repeatable',
  },
  ref: { type: 'string', array: true, placeholder: 'REV', describe: 'The same as --branch' },
  'max-commits': { type: 'number', placeholder: 'N', describe: 'Only what the newest N commits bring in' },
  path: {
    type: 'string',
    array: true,
    placeholder: 'PATH',
    describe: 'Only what commits bring in at or below this path of the repository; repeatable',
  },
  staged: { type: 'boolean', describe: 'Only what is staged: what the next commit would introduce' },
} as const satisfies Record<string, OptionSpec>;

export const DIR_OPTIONS = {
  ignored: { type: 'boolean', describe: 'Also files that git ignores' },
} as const satisfies Record<string, OptionSpec>;

/** Of `leakgate PATH`, which may be a repository. */
export const PATH_OPTIONS = { ...DIR_OPTIONS, ...HISTORY_OPTIONS } as const satisfies Record<string, OptionSpec>;

export const STDIN_OPTIONS = {
  name: { type: 'string', placeholder: 'PATH', describe: 'The name the input is reported by (default: stdin)' },
} as const satisfies Record<string, OptionSpec>;

/** What `leakgate git` scans. */
export const gitTarget = (repo: string | undefined, values: Values): Target => {
  const dir = repo ?? '.';
  const range = textOf(values, 'range');
  if (range !== undefined && isSet(values, 'staged')) throw new UsageError('--range and --staged exclude each other');
  const limits = limitsOf(values);
  const isWhole = range === undefined && !isSet(values, 'staged');
  if (!isWhole && !isUnlimited(limits)) {
    throw new UsageError('--since, --branch, --ref, --max-commits and --path limit a history, not --range or --staged');
  }
  if (range !== undefined) return { mode: 'range', dir, range };
  return isSet(values, 'staged') ? { mode: 'staged', dir } : { mode: 'history', dir, limits };
};

const limitsOf = (values: Values): HistoryLimits => {
  const since = textOf(values, 'since');
  const maxCommits = values['max-commits'] === undefined ? undefined : Number(values['max-commits']);
  if (maxCommits !== undefined && (!Number.isInteger(maxCommits) || maxCommits < 1)) {
    throw new UsageError(`--max-commits is a whole number from 1 on, not "${values['max-commits']}"`);
  }
  return {
    ...(since === undefined ? {} : { since }),
    refs: [...texts(values, 'branch'), ...texts(values, 'ref')],
    ...(maxCommits === undefined ? {} : { maxCommits }),
    paths: texts(values, 'path'),
  };
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
