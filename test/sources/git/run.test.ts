import { once } from 'node:events';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/errors.ts';
import {
  GitError,
  git,
  gitEnvironment,
  gitLines,
  gitStream,
  splitNul,
  streamFields,
} from '../../../src/sources/git/run.ts';
import { makeRepository, type TestRepository } from '../../support/git.ts';

let repo: TestRepository;
beforeAll(async () => {
  repo = await makeRepository();
  await repo.commitFiles('one', { 'a.txt': 'one\n', 'ä\n.txt': 'two\n' });
});
afterAll(() => repo.remove());

describe('git', () => {
  it('returns what git prints', async () => {
    expect((await git(['cat-file', 'blob', 'HEAD:a.txt'], { cwd: repo.dir })).toString()).toBe('one\n');
    expect(await gitLines(['rev-parse', 'HEAD', 'HEAD'], { cwd: repo.dir })).toHaveLength(2);
  });

  it('gives input to git', async () => {
    const answer = await git(['cat-file', '--batch-check=%(objecttype)'], { cwd: repo.dir, input: 'HEAD\n' });
    expect(answer.toString()).toBe('commit\n');
  });

  it('fails with the subcommand, the exit code and git’s words, not with the arguments', async () => {
    const failing = git(['-c', 'a.b=c', 'cat-file', 'blob', 'no\u001b[31msuch'], { cwd: repo.dir });
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GitError);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ subcommand: 'cat-file', exitCode: 128 });
    expect((error as Error).message).toMatch(/^git cat-file failed with exit code 128: fatal: /);
    expect((error as Error).message).not.toContain('\u001b');
  });

  it('accepts the exit codes it is told to', async () => {
    const args = ['rev-parse', '-q', '--verify', 'refs/heads/none'];
    await expect(git(args, { cwd: repo.dir })).rejects.toBeInstanceOf(GitError);
    expect(await git(args, { cwd: repo.dir, okCodes: [0, 1] })).toHaveLength(0);
  });

  it('says when the directory does not exist', async () => {
    await expect(git(['version'], { cwd: repo.beside('gone') })).rejects.toThrow(/no such directory/);
  });

  it('takes nothing behind --end-of-options for an option', async () => {
    const args = ['rev-list', '--end-of-options', '--output=stolen'];
    await expect(git(args, { cwd: repo.dir })).rejects.toBeInstanceOf(GitError);
  });

  it('ends with the reason of an abort', async () => {
    const abort = new AbortController();
    const stream = gitStream(['cat-file', '--batch'], { cwd: repo.dir, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(stream.done).rejects.toThrow('enough');
    await expect(git(['version'], { cwd: repo.dir, signal: abort.signal })).rejects.toThrow('enough');
  });
});

describe('git without git', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  it('says that git is not installed', async () => {
    process.env.PATH = repo.beside('empty');
    await expect(git(['version'], { cwd: repo.dir })).rejects.toThrow(/git was not found/);
  });
});

describe('a stream of git', () => {
  it('can be left early', async () => {
    const stream = gitStream(['cat-file', '--batch'], { cwd: repo.dir });
    stream.stdin.write('HEAD\n');
    await once(stream.stdout, 'data');
    stream.kill();
    await expect(stream.done).resolves.toBeUndefined();
  });

  it('reports the failure of git and no broken pipe', async () => {
    const stream = gitStream(['cat-file', '--no-such-option'], { cwd: repo.dir });
    stream.stdin.write(Buffer.alloc(1 << 20));
    stream.stdout.resume();
    await expect(stream.done).rejects.toBeInstanceOf(GitError);
  });
});

describe('the environment of git', () => {
  it('keeps what a hook says about index, objects and repository', () => {
    const given = {
      GIT_INDEX_FILE: '.git/index.lock',
      GIT_DIR: '/somewhere/.git',
      GIT_OBJECT_DIRECTORY: '/somewhere/.git/objects/tmp_objdir-incoming-x',
      GIT_ALTERNATE_OBJECT_DIRECTORIES: '/somewhere/.git/objects',
      GIT_QUARANTINE_PATH: '/somewhere/.git/objects/tmp_objdir-incoming-x',
      GIT_CONFIG_PARAMETERS: "'a.b=c'",
      HOME: '/home/someone',
    };
    expect(gitEnvironment(given)).toMatchObject(given);
  });

  it('drops what changes output or starts programs', () => {
    const env = gitEnvironment({
      GIT_TRACE: '1',
      GIT_TRACE2_EVENT: '1',
      GIT_EXTERNAL_DIFF: 'x',
      GIT_GLOB_PATHSPECS: '1',
    });
    expect(Object.keys(env).filter((name) => /TRACE|EXTERNAL|GLOB/.test(name))).toEqual([]);
    expect(env).toMatchObject({ LC_ALL: 'C', GIT_LITERAL_PATHSPECS: '1', GIT_NO_REPLACE_OBJECTS: '1' });
  });
});

describe('fields', () => {
  it('are cut at each NUL', () => {
    expect(splitNul(Buffer.from('a\0\0b\0')).map(String)).toEqual(['a', '', 'b']);
    expect(splitNul(Buffer.from('a\0b')).map(String)).toEqual(['a', 'b']);
    expect(splitNul(Buffer.alloc(0))).toEqual([]);
  });

  it('are the same however the stream is cut', async () => {
    const cuts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\0') }));
    await fc.assert(
      fc.asyncProperty(cuts, async (pieces) => {
        const fields: string[] = [];
        const chunks = pieces.filter((piece) => piece !== '').map((piece) => Buffer.from(piece));
        for await (const batch of streamFields(Readable.from(chunks))) fields.push(...batch.map(String));
        expect(fields).toEqual(splitNul(Buffer.from(pieces.join(''))).map(String));
      }),
    );
  });
});
