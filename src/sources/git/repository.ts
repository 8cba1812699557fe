import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SourceError } from '../../errors.ts';
import { GitError, gitAnswer, gitLines } from './run.ts';

export interface Repository {
  /** Where git is started: the top of the work tree, or the repository itself when it has none here. */
  readonly dir: string;
  /** Absolute. In a linked worktree, that worktree's own directory. */
  readonly gitDir: string;
  /** Absolute; what all worktrees share. */
  readonly commonDir: string;
  /** Absolute; where new objects are written (in a hook this can be the quarantine directory). */
  readonly objectsDir: string;
  /** Top of the work tree; undefined in a bare repository or inside its git directory. */
  readonly workTree: string | undefined;
  readonly bare: boolean;
  /** History is cut off: older commits are not here. */
  readonly shallow: boolean;
  /** A partial clone: git tolerates that objects are missing. */
  readonly partial: boolean;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Commit id of HEAD; undefined before the first commit or when HEAD names a branch that does not exist. */
  readonly head: string | undefined;
  /** No HEAD commit and no refs: nothing was ever committed here. */
  readonly empty: boolean;
}

const QUESTIONS = [
  ['--show-object-format'],
  ['--is-bare-repository'],
  ['--is-inside-work-tree'],
  ['--is-shallow-repository'],
  ['--absolute-git-dir'],
  ['--git-common-dir'],
  ['--git-path', 'objects'],
  ['--show-cdup'],
] as const;

/**
 * Opens the repository that `dir` (an existing directory) lies in, as git sees it, GIT_DIR and its like included.
 * Returns undefined when there is none. Throws SourceError with git's words when there is one that git refuses.
 */
export async function openRepository(dir: string): Promise<Repository | undefined> {
  const cwd = realDirectory(dir);
  let answer: { stdout: Buffer; exitCode: number };
  try {
    answer = await gitAnswer(['rev-parse', ...QUESTIONS.flat(), '-q', '--verify', 'HEAD^{commit}'], {
      cwd,
      okCodes: [0, 1],
    });
  } catch (error) {
    if (error instanceof GitError && isNoRepository(error, cwd)) return undefined;
    throw error instanceof GitError ? refusal(error, cwd) : error;
  }
  const { facts, head } = await readAnswer(answer, cwd);
  return describe(cwd, facts, head);
}

/** One line a question, then the commit; asks one by one when a path holds a line break. */
async function readAnswer(
  answer: { stdout: Buffer; exitCode: number },
  cwd: string,
): Promise<{ facts: string[]; head: string | undefined }> {
  const lines = answer.stdout.toString('utf8').split('\n').slice(0, -1);
  const head = answer.exitCode === 0 ? lines.pop() : undefined;
  if (lines.length === QUESTIONS.length) return { facts: lines, head };
  const facts = QUESTIONS.map(async (question) => (await gitLines(['rev-parse', ...question], { cwd })).join('\n'));
  return { facts: await Promise.all(facts), head };
}

async function describe(cwd: string, facts: readonly string[], head: string | undefined): Promise<Repository> {
  const [format, bare, inside, shallow, gitDir = '', commonDir = '', objectsDir = '', up = ''] = facts;
  if (format !== 'sha1' && format !== 'sha256') throw new SourceError(`unknown object format in ${cwd}`);
  const workTree = inside === 'true' ? resolve(cwd, up) : undefined;
  const objects = resolve(cwd, objectsDir);
  requireInside(cwd, workTree, gitDir);
  return {
    dir: workTree ?? cwd,
    gitDir,
    commonDir: resolve(cwd, commonDir),
    objectsDir: objects,
    workTree,
    bare: bare === 'true',
    shallow: shallow === 'true',
    partial: hasPromisorPack(objects),
    objectFormat: format,
    head,
    empty: head === undefined && !(await hasRefs(cwd)),
  };
}

/** A GIT_DIR left over from elsewhere would answer for another repository than the one asked for. */
function requireInside(cwd: string, workTree: string | undefined, gitDir: string): void {
  if (!process.env.GIT_DIR || workTree !== undefined || isWithin(cwd, gitDir)) return;
  throw new SourceError(`GIT_DIR is set and names another repository than ${cwd}: unset it, or scan from there`);
}

function isWithin(path: string, parent: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (at === parent) return true;
    if (at === dirname(at)) return false;
  }
}

/** Packs that came from a partial clone carry a `.promisor` file: the mark git itself goes by. */
function hasPromisorPack(objectsDir: string): boolean {
  const packs = join(objectsDir, 'pack');
  return existsSync(packs) && readdirSync(packs).some((name) => name.endsWith('.promisor'));
}

async function hasRefs(cwd: string): Promise<boolean> {
  return (await gitLines(['for-each-ref', '--count=1', '--format=%(objectname)'], { cwd })).length > 0;
}

function realDirectory(dir: string): string {
  try {
    const real = realpathSync(dir);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new SourceError(`can't open ${dir}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`);
  }
  throw new SourceError(`not a directory: ${dir}`);
}

/** True when git found nothing on the way up; false when it found something it can't use. */
function isNoRepository(error: GitError, cwd: string): boolean {
  return /not a git repository \(or any/.test(error.stderr) && brokenRepository(cwd) === undefined;
}

/** The nearest `.git` with something in it: git passes over one that lacks HEAD, objects or refs. */
function brokenRepository(cwd: string): string | undefined {
  for (let at = cwd; ; at = dirname(at)) {
    const candidate = join(at, '.git');
    if (existsSync(candidate)) {
      return statSync(candidate).isDirectory() && readdirSync(candidate).length === 0 ? undefined : candidate;
    }
    if (at === dirname(at)) return undefined;
  }
}

function refusal(error: GitError, cwd: string): SourceError {
  if (/dubious ownership|unsafe repository/.test(error.stderr)) {
    return new SourceError(
      `${cwd} belongs to another user and git refuses to read it; if you trust it: git config --global --add safe.directory ${quoted(cwd)}`,
    );
  }
  const broken = /not a git repository \(or any/.test(error.stderr) ? brokenRepository(cwd) : undefined;
  return new SourceError(broken === undefined ? error.message : `${broken} is damaged: ${error.message}`);
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
