import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SourceError, UsageError } from '../errors.ts';
import { type HookCaller, isHookType, NOUN, SKIP } from '../hooks/types.ts';
import type { Target } from '../scan/options.ts';
import { runScan } from './run-scan.ts';
import { COMMON_OPTIONS, readQuickly, texts, type Values } from './settings.ts';

/**
 * `leakgate hook run TYPE [OPTIONS] [-- ARGUMENTS OF GIT]`, read without yargs.
 * @returns the exit code; undefined when the command line is unusual, which yargs then explains
 */
export const runHookPlain = async (args: readonly string[], signal: AbortSignal): Promise<number | undefined> => {
  const quick = readQuickly(args, COMMON_OPTIONS);
  const [type, ...rest] = quick?.positionals ?? [];
  return quick && type !== undefined ? runHook(type, rest, quick.values, signal) : undefined;
};

/**
 * Does what a hook of git is to do: silent and 0 when nothing blocks, else what blocks and what to do about it.
 * @param args what git gives the hook (githooks(5)); of the pre-commit framework, what that gives
 * @returns the exit code; whatever can't be read ends with 3, so that the hook refuses
 */
export const runHook = async (
  type: string,
  args: readonly string[],
  values: Values,
  signal: AbortSignal,
): Promise<number> => {
  if (type !== 'framework' && !isHookType(type)) {
    throw new UsageError(`"${type}" is no hook that leakgate knows`, `known are ${Object.keys(NOUN).join(', ')}`);
  }
  try {
    const target = await targetOf(type, args);
    if (!target) return 0;
    const accepted = [...texts(values, 'allow-incomplete'), ...(target.mode === 'range' ? NOTHING_THERE : [])];
    return await runScan(target, { ...values, 'allow-incomplete': accepted, hook: type, quiet: true }, signal);
  } catch (error) {
    if (!(error instanceof SourceError) || signal.aborted) throw error;
    throw new SourceError(`${error.message}; so this ${NOUN[type]} is refused. ${SKIP[type]}`);
  }
};

/** Undefined when there is nothing to look at. */
const targetOf = async (type: HookCaller, args: readonly string[]): Promise<Target | undefined> => {
  switch (type) {
    case 'pre-commit':
    case 'pre-merge-commit':
      return { mode: 'staged', dir: '.' };
    case 'commit-msg':
      return messageTarget(args[0]);
    case 'pre-push':
      return pushTarget(args[0]);
    case 'pre-receive':
      return receiveTarget();
    case 'framework':
      return frameworkTarget(args);
  }
};

const pushTarget = async (remote: string | undefined): Promise<Target | undefined> => {
  // Git names the remote always: a manager of hooks that leaves it out is likely to leave out the refs too.
  if (!remote) throw new UsageError('pre-push needs the arguments of git', 'leakgate hook run pre-push -- "$@"');
  const { parsePrePush } = await import('../hooks/updates.ts');
  const refs = parsePrePush(await readInput('pre-push'));
  return refs.some((ref) => ref.new) ? { mode: 'push', dir: '.', refs, receiver: { remote } } : undefined;
};

const receiveTarget = async (): Promise<Target | undefined> => {
  const { parsePreReceive } = await import('../hooks/updates.ts');
  const refs = parsePreReceive(await readInput('pre-receive'));
  if (refs.length === 0) throw new SourceError('pre-receive was given no refs on standard input');
  return refs.some((ref) => ref.new) ? { mode: 'push', dir: '.', refs, receiver: 'this repository' } : undefined;
};

const readInput = async (hook: string): Promise<string> => {
  if (process.stdin.isTTY) throw new UsageError(`${hook} reads refs from standard input, as git writes them`);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const messageTarget = async (file: string | undefined): Promise<Target> => {
  if (!file) throw new UsageError('commit-msg needs the file of the message', 'leakgate hook run commit-msg -- "$1"');
  const { readCleanup } = await import('../sources/git/message-cleanup.ts');
  const { committedPart } = await import('../hooks/message.ts');
  const cleanup = await readCleanup(process.cwd());
  const text = committedPart(readMessage(file), cleanup);
  // As git gives it: .git/COMMIT_EDITMSG, in a linked worktree or a submodule an absolute path.
  return {
    mode: 'message',
    name: path.isAbsolute(file) ? path.basename(file) : file,
    text: Buffer.from(text, 'latin1'),
  };
};

const readMessage = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw new SourceError(
      `the message file can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
};

/**
 * The pre-commit framework calls one hook in all stages, and tells by the environment which it is. File names are what
 * it is given, in portions, so within a commit they don't count: the index is read. By hand (`run --all-files`,
 * `run --files`) the named files are read whole.
 */
const frameworkTarget = (files: readonly string[]): Target => {
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to, PRE_COMMIT_REMOTE_NAME: remote } = process.env;
  // Of a first push it names no commits, only the branch.
  const pushed = to || process.env.PRE_COMMIT_LOCAL_BRANCH;
  if (remote && pushed) {
    const ref = process.env.PRE_COMMIT_REMOTE_BRANCH ?? pushed;
    return { mode: 'push', dir: '.', refs: [{ ref, old: from || undefined, new: pushed }], receiver: { remote } };
  }
  if (from && to) return { mode: 'range', dir: '.', range: `${from}..${to}` };
  if (process.env.GIT_INDEX_FILE || files.length === 0) return { mode: 'staged', dir: '.' };
  return { mode: 'dir', paths: files, ignored: false };
};

/** The framework asks also about refs between which nothing lies. */
const NOTHING_THERE = ['empty range', 'nothing scanned'];
