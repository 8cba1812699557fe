import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SourceError } from '../../errors.ts';

export interface GitOptions {
  /** Directory git is started in; must exist. */
  readonly cwd: string;
  /** Written to git's standard input, which is then closed. */
  readonly input?: Buffer | string;
  /** Ends git; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Exit codes that are an answer, not a failure. Default: `[0]`. */
  readonly okCodes?: readonly number[];
}

export interface GitStream {
  readonly stdout: Readable;
  readonly stdin: Writable;
  /** Settles when git has ended: rejects with GitError on a bad exit code. Await it after draining stdout. */
  readonly done: Promise<void>;
  /** Ends git early, for a reader that has seen enough. `done` then resolves. */
  kill(): void;
}

/** Git ran and failed. The message names the subcommand, the exit code and git's own words, never the arguments. */
export class GitError extends SourceError {
  readonly subcommand: string;
  /** Undefined when a signal ended git. */
  readonly exitCode: number | undefined;
  /** Start of git's standard error, printable characters only. */
  readonly stderr: string;

  constructor(subcommand: string, exitCode: number | undefined, stderr: string, ending: string) {
    super(`git ${subcommand} ${ending}${stderr === '' ? '' : `: ${stderr}`}`);
    this.subcommand = subcommand;
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** Settings that could change what git prints or run something; each is put back to the value this program parses. */
const FIXED_CONFIGURATION = [
  'core.quotePath=off',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.warnAmbiguousRefs=false',
  'color.ui=never',
  'color.diff=never',
  'diff.renames=false',
  'diff.relative=false',
  'diff.orderFile=/dev/null',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  'diff.srcPrefix=a/',
  'diff.dstPrefix=b/',
  'diff.context=3',
  'diff.interHunkContext=0',
  'diff.algorithm=myers',
  'diff.submodule=short',
  'diff.ignoreSubmodules=none',
  'diff.suppressBlankEmpty=false',
  'diff.wsErrorHighlight=none',
  'diff.colorMoved=no',
  'log.showSignature=false',
  'log.showRoot=true',
  'log.follow=false',
  'log.mailmap=false',
  'log.decorate=no',
  'log.diffMerges=separate',
  'i18n.logOutputEncoding=UTF-8',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

/**
 * Inherited variables that change output, start other programs or rewrite objects. Every other GIT_* stays: inside a
 * hook GIT_INDEX_FILE, GIT_DIR and the quarantine variables say which index and objects are meant.
 */
const REMOVED_VARIABLES =
  /^GIT_(?:TRACE|REDIRECT_|DIFF_|PAGER|EXTERNAL_DIFF|(?:ICASE|GLOB|NOGLOB)_PATHSPECS|FLUSH|GRAFT_FILE|REPLACE_REF_BASE|SSH|PROXY_COMMAND|ASKPASS|ADVICE|ATTR_)/i;

/** The bytes of stderr worth keeping: enough for any message of git. */
const STDERR_KEPT = 16384;

/** Environment git is started with: the inherited one without surprises. `base` is what is inherited. */
export function gitEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(base)) {
    if (!REMOVED_VARIABLES.test(name)) env[name] = value;
  }
  // Hooks may get a relative GIT_DIR; git would resolve it from the directory it is started in, not from ours.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY']) {
    const value = env[name];
    if (value) env[name] = resolve(value);
  }
  env.LC_ALL = 'C';
  env.GIT_OPTIONAL_LOCKS = '0';
  env.GIT_TERMINAL_PROMPT = '0';
  // Into pipes git would else write each commit on its own, which costs more than finding it.
  env.GIT_FLUSH = '0';
  env.GIT_NO_REPLACE_OBJECTS = '1';
  env.GIT_LITERAL_PATHSPECS = '1';
  // Never fetch what a partial clone lacks: git >= 2.39.4 knows the first, older ones then refuse every transport.
  env.GIT_NO_LAZY_FETCH = '1';
  env.GIT_ALLOW_PROTOCOL = 'none';
  return env;
}

/**
 * Runs git and collects its standard output.
 * Revisions that come from users go after `--end-of-options` in `args`, paths after `--`.
 * Throws GitError on an exit code outside `okCodes`, SourceError when git can't be started.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<Buffer> {
  return (await gitAnswer(args, options)).stdout;
}

/** As `git`, with the exit code, for callers that give meaning to several of them. */
export async function gitAnswer(
  args: readonly string[],
  options: GitOptions,
): Promise<{ stdout: Buffer; exitCode: number }> {
  const child = start(args, options);
  const ended = watch(child, args, options);
  child.stdin.end(options.input ?? '');
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await ended;
  return { stdout: Buffer.concat(chunks), exitCode };
}

/**
 * Runs git and hands over its streams. Without `input` the caller ends stdin. Broken pipes on stdin are not reported
 * there: the exit status in `done` tells what happened.
 */
export function gitStream(args: readonly string[], options: GitOptions): GitStream {
  const child = start(args, options);
  let killed = false;
  const done = watch(child, args, options).then(
    () => undefined,
    (error: unknown) => {
      if (!killed) throw error;
    },
  );
  // A reader that fails first never awaits `done`; that must not end the process.
  done.catch(() => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);
  return {
    stdout: child.stdout,
    stdin: child.stdin,
    done,
    kill() {
      killed = true;
      child.kill();
      child.stdout.destroy();
      child.stdin.destroy();
    },
  };
}

/** Runs git and returns the lines of its output, decoded as UTF-8, without the line ends. */
export async function gitLines(args: readonly string[], options: GitOptions): Promise<string[]> {
  const text = (await git(args, options)).toString('utf8');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Cuts `-z` output into its fields (views, no copies). Bytes after the last NUL count as a field. */
export function splitNul(bytes: Buffer): Buffer[] {
  return splitAt(bytes, 0);
}

/**
 * Cuts a stream into fields that end with `separator` (default NUL), as they arrive: one array a chunk. Views into the
 * chunks where possible; use them before asking for the next array or copy them. An unended last field is yielded too.
 */
export async function* streamFields(stdout: AsyncIterable<Buffer>, separator = 0): AsyncIterable<Buffer[]> {
  let carried: Buffer[] = [];
  for await (const chunk of stdout) {
    if (chunk.indexOf(separator) < 0) {
      carried.push(chunk);
      continue;
    }
    const whole = carried.length === 0 ? chunk : Buffer.concat([...carried, chunk]);
    const end = whole.lastIndexOf(separator) + 1;
    carried = end < whole.length ? [whole.subarray(end)] : [];
    yield splitAt(whole.subarray(0, end), separator);
  }
  if (carried.length > 0) yield [Buffer.concat(carried)];
}

function splitAt(bytes: Buffer, separator: number): Buffer[] {
  const fields: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
    fields.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) fields.push(bytes.subarray(start));
  return fields;
}

function start(args: readonly string[], options: GitOptions): ChildProcessWithoutNullStreams {
  options.signal?.throwIfAborted();
  const child = spawn('git', [...FIXED_CONFIGURATION, ...args], {
    cwd: options.cwd,
    env: gitEnvironment(),
    windowsHide: true,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  child.stdin.on('error', () => undefined);
  return child;
}

/** Settles when git has ended and its output is read; resolves with the exit code. */
function watch(child: ChildProcessWithoutNullStreams, args: readonly string[], options: GitOptions): Promise<number> {
  const stderr: Buffer[] = [];
  let kept = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (kept < STDERR_KEPT) stderr.push(chunk.subarray(0, STDERR_KEPT - kept));
    kept += chunk.length;
  });
  return new Promise((resolveEnd, rejectEnd) => {
    child.on('error', (error: NodeJS.ErrnoException) => rejectEnd(startFailure(error, options)));
    child.on('close', (code, signal) => {
      if (code !== null && (options.okCodes ?? [0]).includes(code)) resolveEnd(code);
      else rejectEnd(failure(args, code, signal, Buffer.concat(stderr).toString('utf8')));
    });
  });
}

function startFailure(error: NodeJS.ErrnoException, options: GitOptions): unknown {
  if (options.signal?.aborted) return options.signal.reason;
  if (error.code !== 'ENOENT') return new SourceError(`git could not be started: ${error.code ?? error.message}`);
  if (!existsSync(options.cwd)) return new SourceError(`no such directory: ${printable(options.cwd)}`);
  return new SourceError('git was not found in PATH: install git 2.25 or newer');
}

function failure(args: readonly string[], code: number | null, signal: string | null, stderr: string): GitError {
  const ending = code === null ? `was ended by ${signal}` : `failed with exit code ${code}`;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(0, 3).map(printable).join(' / ').slice(0, 600);
  return new GitError(subcommand(args), code ?? undefined, shown, ending);
}

/** The first argument that is not an option; `-c` takes a value. */
function subcommand(args: readonly string[]): string {
  return args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c') ?? '';
}

/** Text without control characters, so that nothing git echoes from a repository drives a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
}
