/** Asks git which files of a work tree are tracked, untracked and ignored. */
import { isUtf8 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { SourceError } from '../../errors.ts';
import { gitEnvironment, splitNul } from '../git/run.ts';
import { pathFromBytes } from '../path-bytes.ts';

/** A file or submodule of the index. */
export interface Tracked {
  /** Relative to the top of the work tree, '/' as separator. */
  readonly name: string;
  readonly type: 'file' | 'symlink' | 'submodule';
}

/** Untracked files that git does not ignore. */
export interface Untracked {
  /** Relative to the top of the work tree; a repository inside it ends with '/'. */
  readonly names: readonly string[];
  /** Directories that git could not read, and why in git's words. */
  readonly unread: readonly { readonly name: string; readonly detail: string }[];
}

/**
 * The inherited variables that tie git to one repository: a listing visits several. GIT_CONFIG_* stays, since CI systems
 * set safe.directory by it. As `git rev-parse --local-env-vars` prints them.
 */
const LOCAL_VARIABLES =
  /^GIT_(?:DIR|WORK_TREE|IMPLICIT_WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|NAMESPACE)$/i;

/** Settings by which a repository that is merely looked at could start a program or point elsewhere. */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--work-tree=.'];

/**
 * Lists the index of a work tree.
 *
 * @param top absolute path of the directory that holds `.git`
 * @param within directory below `top` to list, '' for all
 * @throws SourceError when git can't be started or refuses, with git's words
 */
export async function listTracked(top: string, within: string): Promise<Tracked[]> {
  const { stdout } = await run(top, ['ls-files', '-z', '--cached', '--stage', ...pathspec(within)]);
  return fields(stdout).map((field) => {
    // "<mode> <object id> <stage>\t<name>": git-ls-files(1)
    const name = field.slice(field.indexOf('\t') + 1);
    return { name, type: field.startsWith('12') ? 'symlink' : field.startsWith('16') ? 'submodule' : 'file' };
  });
}

/** Lists what is neither in the index nor ignored. Parameters and errors as for listTracked. */
export async function listUntracked(top: string, within: string): Promise<Untracked> {
  const args = ['ls-files', '-z', '--others', '--exclude-standard', ...pathspec(within)];
  const { stdout, stderr } = await run(top, args);
  // Exit code 0 all the same: dir.c only warns.
  const warnings = stderr.matchAll(/could not open directory '(.*?)\/?': (.*)/g);
  const unread = Array.from(warnings, ([, name, words]) => ({ name: name!, detail: words!.toLowerCase() }));
  return { names: fields(stdout), unread };
}

/** Lists what is ignored and not in the index, whole directories as one name. Parameters and errors as for listTracked. */
export async function listIgnored(top: string, within: string): Promise<string[]> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory', ...pathspec(within)];
  const names = fields((await run(top, args)).stdout);
  // Git names a directory of ignored files and then the files too.
  let last = '\0';
  return names.filter((name) => {
    if (name.startsWith(last)) return false;
    if (name.endsWith('/')) last = name;
    return true;
  });
}

/** Tells whether a directory of a work tree is ignored itself. Parameters and errors as for listTracked. */
export async function isIgnored(top: string, within: string): Promise<boolean> {
  // check-ignore takes names literally, and './' keeps one that begins with ':' from being more than that.
  return (await run(top, ['check-ignore', '-q', '--', `./${within}`], [0, 1])).exitCode === 0;
}

function pathspec(within: string): string[] {
  return within === '' ? [] : ['--', `:(literal)${within}`];
}

function fields(output: Buffer): string[] {
  if (!isUtf8(output)) return splitNul(output).map((field) => pathFromBytes(field));
  const names = output.toString('utf8').split('\0');
  names.pop();
  return names;
}

interface Answer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number;
}

function run(top: string, args: readonly string[], okCodes: readonly number[] = [0]): Promise<Answer> {
  const env = gitEnvironment(
    Object.fromEntries(Object.entries(process.env).filter(([name]) => !LOCAL_VARIABLES.test(name))),
  );
  // check-ignore refuses to start with it; ls-files is given ':(literal)' instead.
  env.GIT_LITERAL_PATHSPECS = '0';
  // A damaged `.git` must not make git take the repository around it for this one.
  env.GIT_CEILING_DIRECTORIES = dirname(top);
  const child = spawn('git', [...SAFE, ...args], {
    cwd: top,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(new SourceError(`git could not be started: ${error.code}`)),
    );
    child.on('close', (exitCode, signal) => {
      const words = Buffer.concat(stderr).toString('utf8');
      if (exitCode !== null && okCodes.includes(exitCode))
        resolve({ stdout: Buffer.concat(stdout), stderr: words, exitCode });
      else reject(new SourceError(`git ${args[0]}: ${lastWords(words) || `ended with ${exitCode ?? signal}`}`));
    });
  });
}

/** The line that git died with, without anything that could drive a terminal. */
function lastWords(words: string): string {
  const line = words.split('\n').find((one) => /^(?:fatal|error):/.test(one)) ?? words;
  return line
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 300);
}
