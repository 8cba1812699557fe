import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError, UsageError } from '../../errors.ts';
import type { Skipped } from '../../types.ts';
import type { Repository } from './repository.ts';
import { git, gitLines } from './run.ts';
import { unpublishedLimits } from './unpublished.ts';

/** A resolved range. */
export interface Range {
  /** Commit whose configuration and baseline count; undefined for a null base and for unrelated histories. */
  readonly base: string | undefined;
  readonly head: string;
  /** Ids of the commits in the range, parents before children. */
  readonly commits: readonly string[];
  /** Annotated tag objects that the head side names, outermost first. */
  readonly tags: readonly string[];
  readonly skipped: readonly Skipped[];
}

export interface RangeOptions {
  readonly signal?: AbortSignal;
}

type Repo = Pick<Repository, 'dir' | 'commonDir' | 'shallow'>;

/** One side of the range as git knows it. `object` is the tag for an annotated tag, else the commit. */
interface Side {
  readonly commit: string;
  readonly object: string;
}

const NULL_ID = /^(?:0{40}|0{64})$/;
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Resolves what a user or a CI variable calls a range (gitrevisions(7)):
 * - `A..B`: the commits of B that A does not have; `A..` and `A` alone are `A..HEAD`; an empty A is refused;
 * - `A...B`: the same commits, with the (first) merge base as base, as a pull request is compared;
 * - a null id (40 or 64 zeros) for A: the commits of B that no other remote-tracking ref has, as for a branch pushed
 *   for the first time (see unpublished.ts for "other"); for B, a deleted branch: no commits.
 *
 * In a shallow clone the commits may reach the cut: then `skipped` says that the range is incomplete.
 * Throws UsageError, naming the side, for what isn't a commit here; SourceError for missing history.
 */
export async function resolveRange(repo: Repo, spec: string, options: RangeOptions = {}): Promise<Range> {
  const { from, to, dots } = splitSpec(spec);
  if (NULL_ID.test(to)) return { base: undefined, head: to, commits: [], tags: [], skipped: [] };
  const [base, head] = await resolveSides(repo, NULL_ID.test(from) ? undefined : from, to, options);
  const limits = base === undefined ? await unpublishedLimits(repo, to, head.commit, options) : [base.commit];
  const [commits, mergeBase, tags] = await Promise.all([
    listCommits(repo, head.commit, limits, options),
    base !== undefined && dots === '...' ? findMergeBase(repo, base.commit, head.commit, options) : base?.commit,
    readTags(repo, head, options),
  ]);
  const skipped = repo.shallow ? await cutCommits(repo, commits) : [];
  return { base: mergeBase, head: head.commit, commits, tags, skipped };
}

function splitSpec(spec: string): { from: string; to: string; dots: string } {
  const [, from = spec, dots = '..', right = ''] = /^(.*?)(\.{2,3})(.*)$/s.exec(spec) ?? [];
  const to = right === '' ? 'HEAD' : right;
  // Git reads it as HEAD; here it is rather a CI variable that is not set, and HEAD..HEAD would always pass.
  if (from === '') throw new UsageError('the base of the range is empty', 'write HEAD..REF if HEAD is meant');
  requireName('base', from);
  requireName('head', to);
  return { from, to, dots };
}

function requireName(side: string, name: string): void {
  if (name.startsWith('-')) throw new UsageError(`the ${side} of the range starts with '-', which no ref can`);
  if (/\p{Cc}/u.test(name)) throw new UsageError(`the ${side} of the range has control characters, which no ref can`);
}

/** Asks one git for both sides. Names travel on standard input, so that none can be taken for an option. */
async function resolveSides(
  repo: Repo,
  from: string | undefined,
  to: string,
  options: RangeOptions,
): Promise<[Side | undefined, Side]> {
  const names = from === undefined ? [to] : [to, from];
  const input = names.map((name) => `${name}^{commit}\n${name}\n`).join('');
  const answers = await gitLines(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    cwd: repo.dir,
    input,
    ...options,
  });
  const head = readSide(repo, 'head', to, answers[0], answers[1]);
  const base = from === undefined ? undefined : readSide(repo, 'base', from, answers[2], answers[3]);
  return [base, head];
}

function readSide(repo: Repo, side: string, name: string, commit = '', object = ''): Side {
  const [oid = '', type] = commit.split(' ');
  if (OBJECT_ID.test(oid) && type === 'commit') return { commit: oid, object: object.split(' ')[0]! };
  if (commit.endsWith(' ambiguous')) {
    throw new UsageError(`the ${side} of the range is ambiguous: more than one object id begins with ${name}`);
  }
  const hint = repo.shallow
    ? 'this clone is shallow: fetch the whole history (actions/checkout: fetch-depth: 0)'
    : 'give a branch, a tag or a commit that this clone has';
  throw new UsageError(`the ${side} of the range is not a commit here: ${name}`, hint);
}

function listCommits(
  repo: Repo,
  head: string,
  limits: readonly string[],
  options: RangeOptions,
): Promise<readonly string[]> {
  const input = `${[head, ...limits.map((oid) => `^${oid}`)].join('\n')}\n`;
  return gitLines(['rev-list', '--topo-order', '--reverse', '--stdin'], { cwd: repo.dir, input, ...options });
}

/** Undefined for unrelated histories. Of several merge bases git's first; the commits don't depend on the choice. */
async function findMergeBase(repo: Repo, a: string, b: string, options: RangeOptions): Promise<string | undefined> {
  const found = await gitLines(['merge-base', a, b], { cwd: repo.dir, okCodes: [0, 1], ...options });
  return found[0];
}

async function readTags(repo: Repo, head: Side, options: RangeOptions): Promise<readonly string[]> {
  const tags: string[] = [];
  for (let oid = head.object; oid !== head.commit; ) {
    tags.push(oid);
    const text = (await git(['cat-file', 'tag', oid], { cwd: repo.dir, ...options })).toString('latin1');
    const target = /^object ([0-9a-f]+)\n/.exec(text)?.[1];
    if (target === undefined) throw new SourceError(`tag ${oid} is damaged`);
    oid = target;
  }
  return tags;
}

/**
 * The commits of the range whose parents the shallow clone lacks: what lies before them can't be told from what the
 * range adds. A cut elsewhere takes no commit from the range.
 */
export async function cutCommits(repo: Repo, commits: readonly string[]): Promise<Skipped[]> {
  const cut = new Set((await readFile(join(repo.commonDir, 'shallow'), 'latin1')).split('\n'));
  return commits
    .filter((oid) => cut.has(oid))
    .map((oid) => ({
      reason: 'shallow clone',
      where: oid,
      incomplete: true,
      detail: 'the history before this commit is not here: fetch it (actions/checkout: fetch-depth: 0)',
    }));
}

export { type RangeBlob, type RangeItems, rangeItems } from './range-items.ts';
