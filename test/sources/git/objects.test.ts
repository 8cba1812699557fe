import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/errors.ts';
import { type ReadObject, readObjects } from '../../../src/sources/git/cat-file.ts';
import { listObjects, type ObjectEntry } from '../../../src/sources/git/objects.ts';
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../support/git.ts';

const made: TestRepository[] = [];
const make = async (options?: RepositoryOptions) => {
  const repo = await makeRepository(options);
  made.push(repo);
  return repo;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

const list = async (repo: { dir: string }) => {
  const entries: ObjectEntry[] = [];
  for await (const batch of listObjects(repo)) entries.push(...batch);
  return entries;
};

/** Answers with large objects joined; `large` tells which they were. */
const read = async (repo: { dir: string }, oids: Iterable<string> | AsyncIterable<string>, maxBytes = 1 << 20) => {
  const answers: { oid: string; bytes?: Buffer; large?: boolean; answer: ReadObject }[] = [];
  for await (const answer of readObjects(repo, oids, { maxBytes })) {
    if ('missing' in answer) answers.push({ oid: answer.oid, answer });
    else if ('bytes' in answer) answers.push({ oid: answer.oid, bytes: Buffer.from(answer.bytes), answer });
    else {
      const chunks: Buffer[] = [];
      for await (const chunk of answer.chunks) chunks.push(Buffer.from(chunk));
      answers.push({ oid: answer.oid, bytes: Buffer.concat(chunks), large: true, answer });
    }
  }
  return answers;
};

/** Many objects with sizes around the borders of pipes and buffers. */
const fill = async (repo: TestRepository, count: number): Promise<Map<string, Buffer>> => {
  const contents = new Map<string, Buffer>();
  let stream = '';
  for (let at = 0; at < count; at++) {
    const size = at % 50 === 0 ? 65_000 + at : at % 7 === 0 ? 0 : (at * 37) % 3000;
    const bytes = Buffer.from(`${at}:${'x\n\0y'.repeat(size)}`.slice(0, size));
    const header = Buffer.from(`blob ${bytes.length}\0`);
    contents.set(createHash('sha1').update(header).update(bytes).digest('hex'), bytes);
    stream += `blob\ndata ${bytes.length}\n${bytes.toString('latin1')}\n`;
  }
  await repo.feed(stream, 'fast-import', '--quiet');
  return contents;
};

const looseFile = (repo: TestRepository, oid: string) => join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));

describe('listObjects', () => {
  it('lists every object once, reachable or not, packed and loose', async () => {
    const repo = await make();
    await repo.commitFiles('one', { 'a.txt': 'one\n', 'b.txt': 'two\n' });
    await repo.git('tag', '-a', '-m', 'release', 'v1');
    await repo.git('repack', '-q', '-a');
    const lost = (await repo.feed('lost\n', 'hash-object', '-w', '--stdin')).toString().trim();
    const entries = await list(repo);
    expect(entries.map(({ type }) => type).sort()).toEqual(['blob', 'blob', 'blob', 'commit', 'tag', 'tree']);
    expect(new Set(entries.map(({ oid }) => oid)).size).toBe(entries.length);
    expect(entries).toContainEqual({ oid: lost, type: 'blob', size: 5 });
  });

  it('lists thousands of objects with their sizes', async () => {
    const repo = await make();
    const contents = await fill(repo, 3000);
    const sizes = new Map((await list(repo)).map(({ oid, size }) => [oid, size]));
    expect(sizes).toEqual(new Map([...contents].map(([oid, bytes]) => [oid, bytes.length])));
  });

  it('lists nothing in an empty repository', async () => {
    expect(await list(await make())).toEqual([]);
  });

  it('lists an object with an unreadable header as missing', async () => {
    const repo = await make();
    const oid = (await repo.feed('text\n', 'hash-object', '-w', '--stdin')).toString().trim();
    chmodSync(looseFile(repo, oid), 0o644);
    writeFileSync(looseFile(repo, oid), 'not zlib');
    expect(await list(repo)).toEqual([{ oid, type: 'missing', size: 0 }]);
  });

  it('fails outside of a repository', async () => {
    const repo = await make();
    await expect(list({ dir: repo.beside('home') })).rejects.toBeInstanceOf(SourceError);
  });
});

describe('readObjects', () => {
  it('gives back every object whole, in the order asked', async () => {
    const repo = await make();
    const contents = await fill(repo, 3000);
    const answers = await read(repo, contents.keys());
    expect(answers.map(({ oid }) => oid)).toEqual([...contents.keys()]);
    expect(answers.every(({ oid, bytes }) => bytes?.equals(contents.get(oid)!))).toBe(true);
  });

  it('gives objects above the limit in chunks and goes on behind them', async () => {
    const repo = await make();
    const contents = await fill(repo, 300);
    const answers = await read(repo, contents.keys(), 1000);
    expect(answers.every(({ oid, bytes }) => bytes?.equals(contents.get(oid)!))).toBe(true);
    const large = answers.filter((answer) => answer.large).map(({ oid }) => oid);
    expect(large).toEqual([...contents].filter(([, bytes]) => bytes.length > 1000).map(([oid]) => oid));
  });

  it('throws away what was not taken of a large object', async () => {
    const repo = await make();
    const contents = await fill(repo, 200);
    const types: string[] = [];
    for await (const answer of readObjects(repo, contents.keys(), { maxBytes: 10 })) {
      types.push('chunks' in answer ? 'large' : 'bytes' in answer ? 'whole' : 'missing');
    }
    expect(types).toHaveLength(contents.size);
    expect(types).not.toContain('missing');
  });

  it('takes ids from an async source, more than fit a pipe, and names missing ones', async () => {
    const repo = await make();
    const contents = await fill(repo, 100);
    const absent = 'f'.repeat(40);
    const ids = [...contents.keys(), absent];
    async function* source() {
      for (let round = 0; round < 60; round++) yield* ids;
    }
    const answers = await read(repo, source());
    expect(answers.map(({ oid }) => oid)).toEqual(Array.from({ length: 60 }, () => ids).flat());
    expect(answers.filter(({ bytes }) => bytes === undefined)).toHaveLength(60);
    expect(answers.at(-1)?.answer).toEqual({ oid: absent, missing: true });
  });

  it('reads nothing when nothing is asked', async () => {
    expect(await read(await make(), [])).toEqual([]);
  });

  it('reads commits, trees, tags and SHA-256 objects', async () => {
    const repo = await make({ objectFormat: 'sha256' });
    const commit = await repo.commitFiles('one', { 'a.txt': 'one\n' });
    await repo.git('tag', '-a', '-m', 'release', 'v1');
    const ids = [commit, await repo.id('HEAD^{tree}'), await repo.id('v1'), await repo.id('HEAD:a.txt')];
    const answers = await read(repo, ids);
    expect(answers.map(({ answer }) => 'type' in answer && answer.type)).toEqual(['commit', 'tree', 'tag', 'blob']);
    expect(answers[3]?.bytes?.toString()).toBe('one\n');
  });

  it('reports a damaged object and reads those behind it', async () => {
    const repo = await make();
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) {
      const text = `${at} ${'some text '.repeat(2000)}${at}`;
      ids.push((await repo.feed(text, 'hash-object', '-w', '--stdin')).toString().trim());
    }
    for (const [oid, keep] of [
      [ids[1]!, 60],
      [ids[3]!, 0],
    ] as const) {
      const bytes = readFileSync(looseFile(repo, oid));
      chmodSync(looseFile(repo, oid), 0o644);
      writeFileSync(looseFile(repo, oid), bytes.subarray(0, keep));
    }
    const answers = await read(repo, ids);
    expect(answers.map(({ oid }) => oid)).toEqual(ids);
    expect(answers.map(({ bytes }) => bytes !== undefined)).toEqual([true, false, true, false, true]);
    const { answer } = answers[1]!;
    expect('damaged' in answer && answer.damaged).toMatch(/fatal|error/);
  });

  it('fails when git can’t run there, naming how far it got', async () => {
    const repo = await make();
    rmSync(join(repo.dir, '.git'), { recursive: true });
    const many = Array.from({ length: 300 }, (_, at) => at.toString(16).padStart(40, '0'));
    await expect(read(repo, many)).rejects.toThrow(/after \d+ objects/);
  });

  it('fails with the error of the source of the ids', async () => {
    const repo = await make();
    const oid = await repo.commit('one');
    async function* source() {
      yield oid;
      throw new Error('the list broke off');
    }
    await expect(read(repo, source())).rejects.toThrow('the list broke off');
  });

  it('can be left early and ends the source of the ids', async () => {
    const repo = await make();
    const oid = await repo.commit('one');
    let closed = false;
    async function* source() {
      try {
        for (;;) yield oid;
      } finally {
        closed = true;
      }
    }
    for await (const answer of readObjects(repo, source(), { maxBytes: 1000 })) {
      expect(answer.oid).toBe(oid);
      break;
    }
    expect(closed).toBe(true);
  });

  it('ends with the reason of an abort', async () => {
    const repo = await make();
    const contents = await fill(repo, 500);
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of readObjects(repo, contents.keys(), { maxBytes: 1000, signal: abort.signal })) {
        abort.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
  });
});
