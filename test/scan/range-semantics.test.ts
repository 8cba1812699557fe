import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { prepareDetector } from '../../src/policy/rules.ts';
import type { Target } from '../../src/scan/options.ts';
import { scan } from '../../src/scan/scan.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { importStream, planHistory } from '../support/histories.ts';
import { between, seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const made: TestRepository[] = [];
const removeAll = async () => {
  await Promise.all(made.splice(0).map((repo) => repo.remove()));
};
afterEach(removeAll);
afterAll(removeAll);

const detector = await prepareDetector({ folders: [], only: ['github-classic-pat'], enable: [], disable: [] });

/** The secrets that block. */
const blockingIn = async (target: Target): Promise<string[]> => {
  const { findings, receipt } = await scan(target, {
    detector,
    failOn: 'low',
    minConfidence: 'low',
    exitZero: false,
    allowIncomplete: [],
    allow: [],
    exclude: [],
    jobs: 1,
    explain: false,
    signal: new AbortController().signal,
  });
  const unread = receipt.skipped.filter(({ incomplete, reason }) => incomplete && reason !== 'empty range');
  expect(unread).toEqual([]);
  return findings.flatMap(({ status, secret }) => (status === 'active' ? [secret] : [])).sort();
};

/** Lines that one side of a diff has more often than the other: moved ones cancel out. */
type Gained = ReadonlyMap<string, number>;

/** By path, what `git diff` between a parent and a commit adds, less what it takes away from the same file. */
const gainedFrom = async (repo: TestRepository, parent: string, commit: string): Promise<Map<string, Gained>> => {
  const options = ['--no-color', '--no-ext-diff', '--unified=0', '--find-renames=50%', '-l1000', '--text'];
  const output = await repo.git('diff', ...options, '--src-prefix=a/', '--dst-prefix=b/', parent, commit);
  const files = new Map<string, Map<string, number>>();
  for (const part of output.split(/^diff --git /m).slice(1)) {
    const path = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1];
    if (path === undefined) continue;
    const gained = new Map<string, number>();
    const hunks = part.split('\n');
    for (const line of hunks.slice(hunks.findIndex((text) => text.startsWith('@@')))) {
      const step = line.startsWith('+') ? 1 : line.startsWith('-') ? -1 : 0;
      if (step !== 0) gained.set(line.slice(1), (gained.get(line.slice(1)) ?? 0) + step);
    }
    files.set(path, gained);
  }
  return files;
};

/** Lines of a commit that it has more often than any of its parents has them in the file that this one comes from. */
const introducedBy = async (repo: TestRepository, commit: string, emptyTree: string): Promise<Set<string>> => {
  const [, ...parents] = (await repo.git('rev-list', '--parents', '-n', '1', commit)).split(' ');
  const sides: Map<string, Gained>[] = [];
  for (const parent of parents.length > 0 ? parents : [emptyTree]) sides.push(await gainedFrom(repo, parent, commit));
  const [first, ...others] = sides;
  return new Set(
    [...first!].flatMap(([path, gained]) =>
      [...gained]
        .filter(([line, count]) => count > 0 && others.every((side) => (side.get(path)?.get(line) ?? 0) > 0))
        .map(([line]) => line),
    ),
  );
};

/** What the commits introduce that `rev-list` lists, by a diff of each with each of its parents. */
const slowly = async (repo: TestRepository, tokens: readonly string[], revisions: readonly string[]) => {
  const emptyTree = (await repo.feed('', 'hash-object', '-t', 'tree', '-w', '--stdin')).toString().trim();
  const lines = new Set<string>();
  for (const commit of (await repo.git('rev-list', ...revisions)).split('\n').filter(Boolean)) {
    for (const line of await introducedBy(repo, commit, emptyTree)) lines.add(line);
  }
  return tokens.filter((token) => [...lines].some((line) => line.includes(token))).sort();
};

const generate = async (seed: number) => {
  const random = seeded(seed);
  const tokens = Array.from({ length: 5 }, () => githubToken(random));
  const plan = planHistory(
    random,
    between(random, 4, 14),
    tokens.map((token, at) => `KEY_${at}=${token}`),
  );
  const repo = await makeRepository();
  made.push(repo);
  await repo.feed(importStream(plan), 'fast-import', '--quiet');
  const any = () => between(random, 0, plan.length - 1);
  return { repo, tokens, any, id: (number: number) => repo.id(`refs/heads/c${number}`) };
};

describe('what blocks is exactly what the commits introduce on their lines', () => {
  it('in a range of any two commits, one before the other or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
        const { repo, tokens, any } = await generate(seed);
        for (const dots of ['..', '...']) {
          const [from, to] = [`c${any()}`, `c${any()}`];
          const expected = await slowly(repo, tokens, [to, `^${from}`]);
          const range = `${from}${dots}${to}`;
          expect(await blockingIn({ mode: 'range', dir: repo.dir, range }), range).toEqual(expected);
        }
        await removeAll();
      }),
      { numRuns: 25 },
    );
  });

  it('in a push of several refs, new, moved and forced', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
        const { repo, tokens, any, id } = await generate(seed);
        const [news, olds] = [[any(), any()], [any()]];
        await repo.git('update-ref', 'refs/remotes/origin/other', await id(any()));
        const refs = [
          { ref: 'refs/heads/one', old: await id(olds[0]!), new: await id(news[0]!) },
          { ref: 'refs/heads/two', old: undefined, new: await id(news[1]!) },
          { ref: 'refs/heads/gone', old: await id(any()), new: undefined },
        ];
        const limits = [...refs.flatMap(({ old }) => old ?? []), 'refs/remotes/origin/other'].map((name) => `^${name}`);
        const expected = await slowly(repo, tokens, [...news.map((number) => `c${number}`), ...limits]);
        const target: Target = { mode: 'push', dir: repo.dir, refs, receiver: { remote: 'origin' } };
        await repo.git('config', 'remote.origin.url', 'https://example.com/x.git');
        expect(await blockingIn(target)).toEqual(expected);
        await removeAll();
      }),
      { numRuns: 15 },
    );
  });
});
