import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// Importing this file cuts the test process off from the user's git: from variables of a hook that the tests may run
// in, and from the user's and the system's configuration. Code under test inherits this environment.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
process.env.GIT_CONFIG_NOSYSTEM = '1';
process.env.GIT_CONFIG_GLOBAL = '/dev/null';

/** Date of the first commit, in seconds since 1970: 2024-01-01T00:00:00Z. Each commit is a minute after the one before. */
export const FIRST_COMMIT = 1_704_067_200;

export interface TestRepository {
  /** The work tree, or the repository itself when bare. */
  readonly dir: string;
  /** A path in the temporary directory beside the repository, removed together with it. */
  beside(name: string): string;
  /** The same helper for another repository or work tree of the same temporary directory. */
  at(dir: string): TestRepository;
  /** Runs git, throws when it fails, returns its output without the last line end. */
  git(...args: string[]): Promise<string>;
  /** As `git`, with bytes on standard input; returns the bytes it prints. */
  feed(input: Buffer | string, ...args: string[]): Promise<Buffer>;
  /** Writes a file of the work tree; `path` may be bytes that are not UTF-8. */
  write(path: string | Buffer, bytes: Buffer | string): void;
  /** Stages everything and commits, even without changes. Returns the commit id. */
  commit(message: string): Promise<string>;
  /** Writes the files given, then commits. */
  commitFiles(message: string, files: Readonly<Record<string, Buffer | string>>): Promise<string>;
  /** Object id of a revision, such as `HEAD:path`. */
  id(revision: string): Promise<string>;
  remove(): Promise<void>;
}

export interface RepositoryOptions {
  readonly bare?: boolean;
  readonly objectFormat?: 'sha1' | 'sha256';
}

/** Makes an empty repository with the branch `main` in a temporary directory. Names and dates are always the same. */
export async function makeRepository(options: RepositoryOptions = {}): Promise<TestRepository> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'leakgate-git-')));
  mkdirSync(join(root, 'home'));
  const dir = join(root, 'repo');
  mkdirSync(dir);
  const repository = handle(root, dir, { seconds: FIRST_COMMIT });
  const format = options.objectFormat === 'sha256' ? ['--object-format=sha256'] : [];
  await repository.git('init', '-q', '-b', 'main', ...(options.bare ? ['--bare'] : []), ...format);
  return repository;
}

function handle(root: string, dir: string, clock: { seconds: number }): TestRepository {
  const feed = (input: Buffer | string, ...args: string[]) =>
    runGit(dir, environment(root, clock.seconds), args, input);
  const git = async (...args: string[]) => (await feed('', ...args)).toString('utf8').replace(/\n$/, '');
  const write = (path: string | Buffer, bytes: Buffer | string) => {
    const full = Buffer.concat([Buffer.from(`${dir}/`), typeof path === 'string' ? Buffer.from(path) : path]);
    // Buffers go to the file system as they are.
    if (typeof path === 'string') mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(full, bytes);
  };
  const commit = async (message: string) => {
    await git('add', '-A');
    await git('commit', '-q', '--allow-empty', '--allow-empty-message', '-m', message);
    clock.seconds += 60;
    return git('rev-parse', 'HEAD');
  };
  return {
    dir,
    beside: (name) => join(root, name),
    at: (other) => handle(root, other, clock),
    git,
    feed,
    write,
    commit,
    commitFiles: (message, files) => {
      for (const [path, bytes] of Object.entries(files)) write(path, bytes);
      return commit(message);
    },
    id: (revision) => git('rev-parse', '--verify', revision),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function environment(root: string, seconds: number): NodeJS.ProcessEnv {
  const date = `${seconds} +0000`;
  return {
    ...process.env,
    HOME: join(root, 'home'),
    XDG_CONFIG_HOME: join(root, 'home'),
    GIT_AUTHOR_NAME: 'Ada Author',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Carl Committer',
    GIT_COMMITTER_EMAIL: 'carl@example.com',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_EDITOR: 'true',
    LC_ALL: 'C',
  };
}

function runGit(cwd: string, env: NodeJS.ProcessEnv, args: string[], input: Buffer | string): Promise<Buffer> {
  const fixed = ['-c', 'gc.auto=0', '-c', 'commit.gpgSign=false', '-c', 'core.autocrlf=false'];
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...fixed, '-c', 'protocol.file.allow=always', ...args], { cwd, env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(stdout));
      else reject(new Error(`git ${args.join(' ')} failed with ${code}: ${Buffer.concat(stderr).toString('utf8')}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
