import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../../../src/sources/git/pack/snapshot.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../../support/git.ts';
import { between, prose, seeded } from '../../../support/random.ts';
import { packFiles, readPacks, readWithGit, snapshotOf } from './packs.ts';

const made: TestRepository[] = [];
const make = async (options?: RepositoryOptions) => {
  const repo = await makeRepository(options);
  made.push(repo);
  return repo;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

/** Commits versions of a few files, so that a repack makes chains of deltas. */
const fill = async (repo: TestRepository, seed: number, versions = 12): Promise<void> => {
  const random = seeded(seed);
  const texts = Array.from({ length: 4 }, (_, i) => `${seed} file ${i}\n${prose(random, 3000)}`);
  for (let version = 0; version < versions; version++) {
    const i = version % texts.length;
    const at = between(random, 0, texts[i]!.length);
    texts[i] = `${texts[i]!.slice(0, at)}version ${version}\n${texts[i]!.slice(at)}`;
    await repo.commitFiles(`commit ${version}`, Object.fromEntries(texts.map((text, k) => [`dir/file${k}`, text])));
  }
  await repo.git('tag', '-a', '-m', 'a tag', `v${seed}`);
};
const repack = (repo: TestRepository, ...args: string[]) => repo.git('repack', '-adfq', '--depth=50', ...args);

const expectSame = (read: ReadonlyMap<string, Buffer>, expected: ReadonlyMap<string, Buffer>) => {
  expect([...read.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [oid, bytes] of expected) expect(read.get(oid)!.equals(bytes), oid).toBe(true);
};

/** Deltas that name their base by id: git writes them for transport, and keeps them when it completes the pack. */
const withIdDeltas = async (repo: TestRepository): Promise<void> => {
  const pack = await repo.feed(
    '',
    'pack-objects',
    '--revs',
    '--all',
    '--stdout',
    '--no-reuse-delta',
    '--depth=30',
    '-q',
  );
  for (const file of [...packFiles(repo, '.pack'), ...packFiles(repo, '.idx')]) rmSync(file, { force: true });
  await repo.feed(pack, 'index-pack', '--stdin');
  await repo.git('prune-packed');
};

describe('a pack that is read directly', () => {
  it('gives every blob, commit and tag as git prints it', async () => {
    const repo = await make();
    await fill(repo, 1);
    await repack(repo);
    const { contents, unread, others } = readPacks(repo.dir);
    expectSame(contents, await readWithGit(repo));
    expect([unread, others]).toEqual([[], []]);
  });

  it('may hold deltas that name their base by id', async () => {
    const repo = await make();
    await fill(repo, 2);
    await withIdDeltas(repo);
    const { contents, unread } = readPacks(repo.dir);
    expectSame(contents, await readWithGit(repo));
    expect(unread).toEqual([]);
  });

  it('may have been thin and completed by git', async () => {
    const repo = await make();
    await fill(repo, 3, 6);
    await repack(repo);
    const old = await repo.id('HEAD');
    await fill(repo, 4, 6);
    const thin = await repo.feed(`HEAD\n^${old}\n`, 'pack-objects', '--revs', '--thin', '--stdout', '-q');
    await repo.feed(thin, 'index-pack', '--fix-thin', '--stdin');
    await repo.git('prune-packed');
    const { contents, items } = readPacks(repo.dir);
    const expected = await readWithGit(repo);
    expect(packFiles(repo, '.pack')).toHaveLength(2);
    for (const [oid, bytes] of contents) expect(expected.get(oid)!.equals(bytes)).toBe(true);
    // What the completed pack has from the first one is read once.
    expect(items).toBe(contents.size);
  });

  it('may be one of several, with a common index or not, objects in more than one read once', async () => {
    const repo = await make();
    await fill(repo, 5, 6);
    await repo.git('repack', '-dq');
    await fill(repo, 6, 6);
    await repo.git('repack', '-dq');
    await repo.feed(`${await repo.id('HEAD')}\n`, 'pack-objects', '--revs', '-q', '.git/objects/pack/pack');
    await repo.git('multi-pack-index', 'write');
    expect(packFiles(repo, '.pack')).toHaveLength(3);
    const { contents, others } = readPacks(repo.dir);
    expectSame(contents, await readWithGit(repo));
    expect(others).toEqual([]);
  });

  it('may lie in a repository that this one borrows from, in a circle or not', async () => {
    const lender = await make();
    await fill(lender, 7, 4);
    await repack(lender);
    const repo = await make();
    await fill(repo, 8, 4);
    await repack(repo);
    mkdirSync(join(lender.dir, '.git/objects/info'), { recursive: true });
    writeFileSync(join(repo.dir, '.git/objects/info/alternates'), `# borrowed\n${join(lender.dir, '.git/objects')}\n`);
    writeFileSync(join(lender.dir, '.git/objects/info/alternates'), `${join(repo.dir, '.git/objects')}\n`);
    const { contents } = readPacks(repo.dir);
    expectSame(contents, await readWithGit(repo));
  });

  it('leaves loose objects to git, each once', async () => {
    const repo = await make();
    await fill(repo, 9, 4);
    await repack(repo);
    const blob = (await repo.feed('loose', 'hash-object', '-w', '--stdin')).toString().trim();
    const { others } = readPacks(repo.dir);
    expect(others).toEqual([blob]);
  });
});

describe('a pack that is damaged', () => {
  const damage = (file: string, at: number, bit = 0x40) => {
    const bytes = readFileSync(file);
    bytes[at]! ^= bit;
    chmodSync(file, 0o644);
    writeFileSync(file, bytes);
  };

  it('gives what is whole, and names the rest, wherever a bit has flipped', async () => {
    const repo = await make();
    await fill(repo, 10);
    await repack(repo);
    const expected = await readWithGit(repo);
    const [file = ''] = packFiles(repo, '.pack');
    const whole = readFileSync(file);
    const random = seeded(10);
    let lost = 0;
    for (let round = 0; round < 40; round++) {
      damage(file, between(random, 12, whole.length - 21), 1 << between(random, 0, 7));
      const { contents, unread, others } = readPacks(repo.dir);
      for (const [oid, bytes] of contents) expect(expected.get(oid)?.equals(bytes), oid).toBe(true);
      const named = new Set([...contents.keys(), ...unread, ...others]);
      expect([...expected.keys()].filter((oid) => !named.has(oid))).toEqual([]);
      lost += unread.length + others.length;
      writeFileSync(file, whole);
    }
    expect(lost).toBeGreaterThan(40);
  });

  it('does not hide an object whose type has become that of a tree', async () => {
    const repo = await make();
    const oid = (await repo.feed('a blob by itself', 'hash-object', '-w', '--stdin')).toString().trim();
    await repo.feed(`${oid}\n`, 'pack-objects', '-q', '.git/objects/pack/pack');
    await repo.git('prune-packed');
    damage(packFiles(repo, '.pack')[0]!, 12, 0x10);
    expect(readPacks(repo.dir)).toMatchObject({ items: 0, others: [oid] });
  });

  it('is left to git when it was cut, with all that its index lists', async () => {
    const repo = await make();
    await fill(repo, 11);
    await repack(repo);
    const expected = await readWithGit(repo);
    const [file = ''] = packFiles(repo, '.pack');
    chmodSync(file, 0o644);
    truncateSync(file, readFileSync(file).length >> 1);
    const { contents, others, closed } = readPacks(repo.dir);
    expect(contents.size).toBe(0);
    expect(closed).toMatchObject([{ reason: expect.stringContaining('cut') }]);
    expect([...expected.keys()].every((oid) => others.includes(oid))).toBe(true);
  });

  it('is listed by git when its index is damaged or of another version', async () => {
    const repo = await make();
    await fill(repo, 12, 3);
    await repack(repo);
    const [index = ''] = packFiles(repo, '.idx');
    damage(index, 1100);
    expect(readPacks(repo.dir)).toMatchObject({
      isListed: false,
      closed: [{ reason: expect.stringContaining('checksum') }],
    });
    await repo.git('-c', 'pack.indexVersion=1', 'index-pack', packFiles(repo, '.pack')[0]!);
    expect(readPacks(repo.dir)).toMatchObject({
      isListed: false,
      closed: [{ reason: 'not an index of version 2' }],
    });
  });

  it('is told by an index that has bytes too many', async () => {
    const repo = await make();
    await fill(repo, 13, 3);
    await repack(repo);
    const [index = ''] = packFiles(repo, '.idx');
    chmodSync(index, 0o644);
    appendFileSync(index, 'more');
    expect(readPacks(repo.dir)).toMatchObject({ closed: [{ reason: expect.stringContaining('length') }] });
  });
});

describe('a snapshot', () => {
  it('can be read after git has replaced its packs', async () => {
    const repo = await make();
    await fill(repo, 14);
    await repack(repo);
    const expected = await readWithGit(repo);
    const snapshot = snapshotOf(repo.dir);
    const [before] = packFiles(repo, '.pack');
    await fill(repo, 15, 3);
    await repo.git('repack', '-adfq', '--depth=2');
    await repo.git('prune-packed');
    expect(packFiles(repo, '.pack')).not.toContain(before);
    expectSame(readPacks(repo.dir, snapshot).contents, expected);
    expectSame(readPacks(repo.dir).contents, await readWithGit(repo));
  });

  it('is not taken of a repository with SHA-256 ids', async () => {
    const repo = await make({ objectFormat: 'sha256' });
    await fill(repo, 16, 2);
    await repack(repo);
    expect(takeSnapshot((await openRepository(repo.dir))!)).toBeUndefined();
  });
});
