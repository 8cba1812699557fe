import type { Repository } from './repository.ts';
import { gitAnswer, gitLines } from './run.ts';

interface Ref {
  readonly name: string;
  readonly oid: string;
  /** What a symbolic ref such as refs/remotes/origin/HEAD names; empty for others. */
  readonly target: string;
  /** The branch checked out in this work tree. */
  readonly current: boolean;
}

/**
 * The commits that bound "what `head` has and nobody else": tips of all remote-tracking refs, but not of the branch's
 * own where that ref holds `head` already, as in a CI checkout of a branch pushed for the first time; counting it
 * would leave nothing to scan. Tags don't count: they may be pushed together with the branch.
 *
 * A ref is the branch's own when it is called refs/remotes/REMOTE/NAME, with NAME the branch that `name` (the head as
 * the user wrote it) says; for an object id the branch checked out, else any local branch, that stands at `head`. With
 * no such branch (a detached checkout) it is the only remote-tracking ref that stands at `head`, if that isn't the
 * remote's default branch.
 *
 * `head` is a commit id. Returns commit ids, each once.
 */
export async function unpublishedLimits(
  repo: Pick<Repository, 'dir'>,
  name: string,
  head: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string[]> {
  const refs = await readRefs(repo, options);
  const published = refs.filter((ref) => ref.name.startsWith('refs/remotes/') && ref.target === '');
  const isOwn = ownRefs(refs, published, name, head);
  const limits = new Set<string>();
  for (const ref of published) {
    if (!isOwn(ref) || (ref.oid !== head && (await isAncestor(repo, ref.oid, head, options)))) limits.add(ref.oid);
  }
  return [...limits];
}

async function isAncestor(
  repo: Pick<Repository, 'dir'>,
  older: string,
  newer: string,
  options: { readonly signal?: AbortSignal },
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer];
  return (await gitAnswer(args, { cwd: repo.dir, okCodes: [0, 1], ...options })).exitCode === 0;
}

function ownRefs(refs: readonly Ref[], published: readonly Ref[], name: string, head: string): (ref: Ref) => boolean {
  const isNamed = (ref: Ref) => ref.name === name || ref.name === `refs/remotes/${name}`;
  const branches = new Set(ownBranches(refs, name, head));
  if (branches.size > 0) {
    return (ref) => isNamed(ref) || branches.has(/^refs\/remotes\/[^/]+\/(.+)$/.exec(ref.name)?.[1] ?? '');
  }
  const defaults = new Set(refs.map((ref) => ref.target));
  const there = published.filter((ref) => ref.oid === head);
  const only = there.length === 1 && !defaults.has(there[0]!.name) ? there[0] : undefined;
  return (ref) => ref === only || isNamed(ref);
}

function ownBranches(refs: readonly Ref[], name: string, head: string): string[] {
  const local = refs.filter((ref) => ref.name.startsWith('refs/heads/'));
  const short = (ref: Ref) => ref.name.slice('refs/heads/'.length);
  const named = local.filter((ref) => ref.name === name || short(ref) === name);
  if (named.length > 0) return named.map(short);
  const here = local.filter((ref) => ref.oid === head);
  const current = here.filter((ref) => ref.current);
  return (current.length > 0 ? current : here).map(short);
}

async function readRefs(repo: Pick<Repository, 'dir'>, options: { readonly signal?: AbortSignal }): Promise<Ref[]> {
  const format = '--format=%(HEAD)%(objectname) %(refname) %(symref)';
  const lines = await gitLines(['for-each-ref', format, 'refs/heads', 'refs/remotes'], { cwd: repo.dir, ...options });
  return lines.map((line) => {
    const [oid = '', name = '', target = ''] = line.slice(1).split(' ');
    return { name, oid, target, current: line.startsWith('*') };
  });
}
