import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { prepareDetector } from '../../src/policy/rules.ts';
import type { GitBackend } from '../../src/scan/options.ts';
import { scan } from '../../src/scan/scan.ts';
import { material, snippet } from '../detect/versions/material.ts';
import { randomSteps } from '../support/delta.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { between, pick, type Random, seeded } from '../support/random.ts';
import { githubToken, password } from '../support/tokens.ts';

const made: TestRepository[] = [];
const make = async () => {
  const repo = await makeRepository();
  made.push(repo);
  return repo;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
});

const scanWith = async (dir: string, gitBackend: GitBackend) => {
  const { findings, receipt, droppedMatches } = await scan(
    { mode: 'history', dir },
    {
      detector: await prepareDetector({ folders: [], only: [], enable: [], disable: [] }),
      failOn: 'low',
      minConfidence: 'low',
      exitZero: false,
      allowIncomplete: [],
      allow: [],
      exclude: [],
      jobs: 1,
      explain: true,
      gitBackend,
      signal: new AbortController().signal,
    },
  );
  const { durationMs: _, ...facts } = receipt;
  const dropped = (droppedMatches ?? []).map((one) => JSON.stringify(one)).sort();
  return { findings, receipt: facts, dropped };
};

/** Both ways to read a history say the same: findings with their commits, counts, and each refused match. */
const expectSame = async (repo: TestRepository) => {
  const direct = await scanWith(repo.dir, 'auto');
  expect(direct).toEqual(await scanWith(repo.dir, 'cat-file'));
  return direct;
};

const NAMES = ['a.txt', 'b.env', 'dir/c.yaml', 'dir/sub/d.ts', 'e.md'];

/** Random edits, renames, copies, removals, mode changes, branches and merges. */
const makeHistory = async (repo: TestRepository, random: Random, commits: number): Promise<void> => {
  const files = new Map<string, Buffer>();
  const branches = ['main'];
  const edit = async (number: number) => {
    const name = pick(random, NAMES);
    const old = files.get(name);
    const kind = between(random, 0, 9);
    if (kind === 0 && old) {
      const to = `moved${number}/${name.split('/').at(-1)}`;
      files.delete(name);
      files.set(to, old);
      repo.write(to, old);
      rmSync(join(repo.dir, name), { force: true });
    } else if (kind === 1 && old) await repo.git('update-index', '--add', '--chmod=+x', name).catch(() => '');
    else if (old) {
      const steps = randomSteps(random, old, () => snippet(random));
      const parts = steps.map((step) =>
        'bytes' in step ? step.bytes : old.subarray(step.from, step.from + step.size),
      );
      files.set(name, Buffer.concat(parts));
    } else files.set(name, material(random, between(random, 3, 10)));
    const bytes = files.get(name);
    if (bytes) repo.write(name, bytes);
  };
  for (let number = 0; number < commits; number++) {
    const kind = between(random, 0, 11);
    if (kind === 0 && number > 1) {
      branches.push(`b${number}`);
      await repo.git('checkout', '-q', '-b', `b${number}`);
    } else if (kind === 1 && branches.length > 1) {
      await repo
        .git('merge', '-q', '-X', 'ours', '--no-edit', pick(random, branches))
        .catch(() => repo.git('merge', '--abort'));
      continue;
    }
    for (let edits = between(random, 1, 2); edits > 0; edits--) await edit(number);
    await repo.commit(`commit ${number}${number % 5 === 0 ? ` password=${password(random)}` : ''}`);
  }
};

describe('a history that is read from packs', () => {
  it('has the findings that one read through git has, whatever was done in it', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        const random = seeded(seed);
        const repo = await make();
        await makeHistory(repo, random, between(random, 4, 16));
        const half = between(random, 0, 2);
        if (half > 0) await repo.git('repack', '-adfq', '--depth=50', '--window=50');
        if (half === 2) await makeHistory(repo, random, 3);
        found += (await expectSame(repo)).findings.length;
      }),
      { numRuns: Number(process.env.RUNS ?? 12) },
    );
    expect(found).toBeGreaterThan(20);
  }, 180_000);

  it('has those of texts in other encodings, of very long ones, and of what was made from them', async () => {
    const repo = await make();
    const random = seeded(5);
    const line = () => `token=${githubToken(random)}\n`;
    const long = 'a line of some length that says nothing at all\n'.repeat(100_000);
    for (let version = 0; version < 3; version++) {
      await repo.commitFiles(`version ${version}`, {
        'wide.txt': Buffer.from(`\ufeff${line()}${'text '.repeat(400)}${line()}`, 'utf16le'),
        'long.txt': `${long}${line()}`,
        'narrow.txt': `${line()}${'text '.repeat(400)}`,
      });
    }
    await repo.git('repack', '-adfq', '--depth=50');
    const { findings } = await expectSame(repo);
    expect(findings.length).toBeGreaterThanOrEqual(9);
  });

  it('names the commits of a secret in nested folders, in two places, brought in by a merge, and taken out again', async () => {
    const repo = await make();
    const random = seeded(6);
    const [first, second, third] = [githubToken(random), githubToken(random), githubToken(random)];
    await repo.commitFiles('start', { 'a/b/c/d/e.txt': `t=${first}\n`, 'x.txt': 'nothing\n' });
    await repo.commitFiles('copy', { 'copy/of/it.txt': `t=${first}\n` });
    await repo.git('checkout', '-q', '-b', 'side');
    await repo.commitFiles('side', { 'side.txt': `t=${second}\n` });
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'main.txt': 'main\n' });
    await repo.git('merge', '-q', '--no-commit', 'side');
    repo.write('evil.txt', `t=${third}\n`);
    await repo.commit('a merge that brings something in');
    await repo.git('rm', '-rq', 'a', 'copy', 'side.txt');
    await repo.commit('clean up');
    await repo.git('repack', '-adfq');
    const { findings } = await expectSame(repo);
    expect(
      findings.flatMap(({ occurrences }) => occurrences.map(({ path, commit }) => `${path} ${commit?.subject}`)).sort(),
    ).toEqual(['a/b/c/d/e.txt start', 'evil.txt a merge that brings something in', 'side.txt side']);
  });

  it.each([
    ['a file', 'HEAD~1:a.txt', 'missing object'],
    ['a folder', 'HEAD~1:dir', 'missing object'],
    ['what a tag of a file names', 'HEAD:tagged.txt', 'damaged history'],
    ['the tree of a commit', 'HEAD~1^{tree}', 'missing object'],
    ['a commit', 'HEAD~2', 'damaged history'],
  ])('names %s that is in no pack, though something leads to it', async (_, revision, reason) => {
    const repo = await make();
    const random = seeded(11);
    await repo.commitFiles('zero', { 'z.txt': 'z\n' });
    await repo.commitFiles('one', { 'a.txt': `token=${githubToken(random)}\n`, 'dir/b.txt': 'b\n', 'z.txt': 'y\n' });
    await repo.commitFiles('two', { 'a.txt': 'a\n', 'dir/b.txt': 'c\n', 'tagged.txt': 'tagged\n' });
    await repo.git('tag', '-a', '-m', 'a file', 'file', 'HEAD:tagged.txt');
    if (revision.includes('tagged')) {
      // Only the tag leads to it.
      await repo.git('rm', '-q', 'tagged.txt');
      await repo.git('commit', '-q', '--amend', '-m', 'two');
    }
    const lost = await repo.id(revision.includes('tagged') ? 'file^{}' : revision);
    await repo.git('reflog', 'expire', '--expire=all', '--all');
    const objects = (await repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)')).split('\n');
    const kept = objects.filter((oid) => oid !== lost);
    await repo.feed(`${kept.join('\n')}\n`, 'pack-objects', '-q', '.git/objects/pack/pack');
    for (const oid of objects) rmSync(join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true });
    const { receipt } = await expectSame(repo);
    expect(receipt.complete).toBe(false);
    expect(Object.keys(receipt.skippedCounts)).toContain(reason);
    if (reason === 'missing object') expect(receipt.skipped.map(({ where }) => where)).toContain(lost);
  });

  it('names an object that is damaged, and reads the others', async () => {
    const repo = await make();
    const random = seeded(7);
    const line = () => `token=${githubToken(random)}\n`;
    await repo.commitFiles('start', { 'a.txt': line(), 'b.txt': line(), 'c.txt': 'nothing\n'.repeat(50) });
    await repo.git('repack', '-adfq', '--depth=0');
    const lost = await repo.id('HEAD:b.txt');
    const pack = await repo.git('rev-parse', '--git-path', 'objects/pack');
    const folder = join(repo.dir, pack);
    const name = readdirSync(folder).find((file) => file.endsWith('.pack'))!;
    const listed = (await repo.git('verify-pack', '-v', join(folder, name))).split('\n');
    const [, , , , offset] = listed.find((entry) => entry.startsWith(lost))!.split(/ +/);
    const bytes = readFileSync(join(folder, name));
    bytes[Number(offset) + 12]! ^= 4;
    chmodSync(join(folder, name), 0o644);
    writeFileSync(join(folder, name), bytes);
    const { findings, receipt } = await expectSame(repo);
    expect(findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path))).toEqual(['a.txt']);
    expect(receipt).toMatchObject({ complete: false, skippedCounts: { 'damaged object': 1 } });
    expect(receipt.skipped[0]?.where).toBe(lost);
  });
});
