import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { type HistoryLimits, limitedObjects } from '../../../src/sources/git/limits.ts';
import { makeRepository, type TestRepository } from '../../support/git.ts';

const made: TestRepository[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

const NONE: HistoryLimits = { refs: [], paths: [] };

/** Three commits on main, one on a branch; every minute one. */
const make = async () => {
  const repo = await makeRepository();
  made.push(repo);
  await repo.commitFiles('one', { 'a.txt': 'one\n', 'lib/b.txt': 'b\n' });
  await repo.commitFiles('two', { 'a.txt': 'two\n' });
  await repo.git('branch', 'side');
  await repo.commitFiles('three', { 'lib/c.txt': 'three\n' });
  await repo.git('checkout', '-q', 'side');
  await repo.commitFiles('four', { 'side.txt': 'four\n' });
  return repo;
};

/** Contents of the blobs and subjects of the commits that are within the limits, sorted. */
const within = async (repo: TestRepository, limits: Partial<HistoryLimits>): Promise<string[]> => {
  const { objects, complete } = await limitedObjects(repo, { ...NONE, ...limits });
  expect(complete).toBe(true);
  const oids = Array.from({ length: objects.size }, (_, i) =>
    Buffer.from(objects.bytes.subarray(i * 20, i * 20 + 20)).toString('hex'),
  );
  const texts = await Promise.all(oids.map((oid) => repo.git('cat-file', '-p', oid)));
  return texts.map((text) => (text.startsWith('tree ') ? `commit ${text.split('\n').at(-1)}` : text.trim())).sort();
};

describe('limits of a history', () => {
  it('choose the newest commits', async () => {
    expect(await within(await make(), { maxCommits: 2 })).toEqual(['commit four', 'commit three', 'four', 'three']);
  });

  it('choose the commits since a date', async () => {
    const repo = await make();
    expect(await within(repo, { since: '2024-01-01T00:02:00Z' })).toEqual([
      'commit four',
      'commit three',
      'four',
      'three',
    ]);
  });

  it('choose branches, tags and other revisions', async () => {
    const repo = await make();
    const all = ['b', 'commit four', 'commit one', 'commit two', 'four', 'one', 'two'];
    expect(await within(repo, { refs: ['side'] })).toEqual(all);
    expect(await within(repo, { refs: ['main~1', 'side'] })).toEqual(all);
  });

  it('choose paths, and the commits that bring something in there', async () => {
    const repo = await make();
    expect(await within(repo, { paths: ['lib'] })).toEqual(['b', 'commit one', 'commit three', 'three']);
    expect(await within(repo, { paths: ['a.txt'], maxCommits: 3 })).toEqual(['commit two', 'two']);
  });

  it('refuse a revision that is not there, also one that looks like an option', async () => {
    const repo = await make();
    for (const ref of ['nowhere', '--all', '']) {
      await expect(limitedObjects(repo, { ...NONE, refs: [ref] })).rejects.toThrow(UsageError);
    }
  });
});
