import { SourceError } from '../../errors.ts';
import { pathFromBytes } from '../path-bytes.ts';
import { cutCommits, type Range, type RangeOptions } from './range.ts';
import type { RangeBlob } from './range-items.ts';
import { treeBlobs } from './refs.ts';
import type { Repository } from './repository.ts';
import { git, gitLines } from './run.ts';

/**
 * A ref that a push moves: what it was at the receiving side, and what it becomes. Ids, or names that git resolves here;
 * undefined for none.
 */
export interface PushedRef {
  readonly ref: string;
  readonly old: string | undefined;
  readonly new: string | undefined;
}

/**
 * What the receiving side has, beside what the refs were: the remote-tracking refs of a remote (its name, or its address
 * when it was called by that), or all refs of this repository, when it is the one that receives.
 */
export type Receiver = { readonly remote: string } | 'this repository';

export interface Pushed extends Range {
  /** What tags of blobs and of trees bring along without any commit. */
  readonly loose: readonly RangeBlob[];
}

type Repo = Pick<Repository, 'dir' | 'commonDir' | 'shallow'>;

interface Tip {
  readonly ref: string;
  readonly oid: string;
  readonly type: string;
  readonly peeled: string;
  readonly peeledType: string;
}

/**
 * What a push brings to the receiving side: the commits that it does not have (of new and of moved refs, forced or
 * not), the annotated tags, and what tags of blobs or trees name. Deleted refs bring nothing.
 *
 * What the receiver has is known from the old ids that exist here and from `receiver`. Where that is not all, more
 * commits are listed, never fewer. Throws SourceError when an object of the push is missing.
 */
export async function pushedRange(
  repo: Repo,
  refs: readonly PushedRef[],
  receiver: Receiver,
  options: RangeOptions = {},
): Promise<Pushed> {
  const wanted = refs.flatMap((ref) => (ref.new === undefined ? [] : [{ ref: ref.ref, oid: ref.new }]));
  if (wanted.length === 0) return { base: undefined, head: '', commits: [], tags: [], skipped: [], loose: [] };
  const [tips, olds, known] = await Promise.all([
    readTips(repo, wanted, options),
    existing(repo, refs, options),
    knownIds(repo, receiver, options),
  ]);
  const limits = new Set([...olds, ...known]);
  const heads = tips.filter(({ peeledType }) => peeledType === 'commit').map(({ peeled }) => peeled);
  const commits = await newCommits(repo, heads, limits, options);
  return {
    base: olds[0],
    head: heads[0] ?? '',
    commits,
    tags: await newTags(repo, tips, limits, options),
    skipped: repo.shallow ? await cutCommits(repo, commits) : [],
    loose: await looseBlobs(repo, tips, limits, options),
  };
}

async function readTips(
  repo: Repo,
  wanted: readonly { readonly ref: string; readonly oid: string }[],
  options: RangeOptions,
): Promise<Tip[]> {
  const answers = await ask(
    repo,
    wanted.flatMap(({ oid }) => [oid, `${oid}^{}`]),
    options,
  );
  return wanted.map(({ ref, oid: name }, at) => {
    const [oid = '', type = ''] = answers[2 * at]?.split(' ') ?? [];
    const [peeled = '', peeledType = ''] = answers[2 * at + 1]?.split(' ') ?? [];
    if (!/^(?:commit|tag|blob|tree)$/.test(type) || !/^(?:commit|blob|tree)$/.test(peeledType)) {
      throw new SourceError(`what ${ref} is to become (${name}) can't be read`);
    }
    return { ref, oid, type, peeled, peeledType };
  });
}

/** The old ids that exist here: a forced push may replace what was never fetched. */
async function existing(repo: Repo, refs: readonly PushedRef[], options: RangeOptions): Promise<string[]> {
  const olds = [...new Set(refs.flatMap(({ old }) => old ?? []))];
  if (olds.length === 0) return [];
  const answers = await ask(repo, olds, options);
  return answers.flatMap((answer) => /^([0-9a-f]+) (?:commit|tag|tree|blob)$/.exec(answer)?.[1] ?? []);
}

function ask(repo: Repo, names: readonly string[], options: RangeOptions): Promise<string[]> {
  const input = `${names.join('\n')}\n`;
  return gitLines(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { cwd: repo.dir, input, ...options });
}

async function knownIds(repo: Repo, receiver: Receiver, options: RangeOptions): Promise<string[]> {
  const list = (...patterns: string[]) =>
    gitLines(['for-each-ref', '--format=%(objectname) %(refname)', ...patterns], { cwd: repo.dir, ...options });
  const idsOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf(' ')));
  // A repository can push to itself, by the name of '.'.
  if (receiver === 'this repository' || receiver.remote === '.') return idsOf(await list());
  const remotes = await readRemotes(repo, options);
  const called = remotes.filter(({ name, urls }) => name === receiver.remote || urls.has(receiver.remote));
  const folders = called.map(({ name }) => `refs/remotes/${name}/`).filter((folder) => !/[*?[\\]/.test(folder));
  if (folders.length === 0) return [];
  // The refs of a remote called a/b lie in the folder of one called a.
  const others = remotes.filter((remote) => !called.includes(remote)).map(({ name }) => `refs/remotes/${name}/`);
  const inner = others.filter((other) => folders.some((folder) => other.startsWith(folder)));
  const isOwn = (line: string) => !inner.some((folder) => line.slice(line.indexOf(' ') + 1).startsWith(folder));
  return idsOf((await list(...folders)).filter(isOwn));
}

interface Remote {
  readonly name: string;
  readonly urls: ReadonlySet<string>;
}

async function readRemotes(repo: Repo, options: RangeOptions): Promise<Remote[]> {
  const args = ['config', '-z', '--get-regexp', '^remote\\..*\\.(push)?url$'];
  const entries = (await git(args, { cwd: repo.dir, okCodes: [0, 1], ...options })).toString('utf8').split('\0');
  const remotes = new Map<string, Set<string>>();
  for (const entry of entries) {
    const end = entry.indexOf('\n');
    const name = /^remote\.(.+)\.[a-z]+$/s.exec(entry.slice(0, end))?.[1];
    if (name === undefined) continue;
    remotes.set(name, (remotes.get(name) ?? new Set()).add(entry.slice(end + 1)));
  }
  return [...remotes].map(([name, urls]) => ({ name, urls }));
}

function newCommits(
  repo: Repo,
  heads: readonly string[],
  limits: ReadonlySet<string>,
  options: RangeOptions,
): Promise<readonly string[]> | readonly string[] {
  if (heads.length === 0) return [];
  const input = `${[...heads, ...[...limits].map((oid) => `^${oid}`)].join('\n')}\n`;
  // Heads are known to exist; a ref to an object that is gone limits nothing.
  const args = ['rev-list', '--topo-order', '--reverse', '--ignore-missing', '--stdin'];
  return gitLines(args, { cwd: repo.dir, input, ...options });
}

/** Tag objects on the way from each tip to what it names, those that the receiver's refs name left out. */
async function newTags(
  repo: Repo,
  tips: readonly Tip[],
  limits: ReadonlySet<string>,
  options: RangeOptions,
): Promise<string[]> {
  const tags = new Set<string>();
  for (const tip of tips) {
    for (let { oid, type } = tip; type === 'tag' && !limits.has(oid) && !tags.has(oid); ) {
      tags.add(oid);
      const text = (await git(['cat-file', 'tag', oid], { cwd: repo.dir, ...options })).toString('latin1');
      const [, target, kind] = /^object ([0-9a-f]+)\ntype ([a-z]+)\n/.exec(text) ?? [];
      if (target === undefined || kind === undefined) throw new SourceError(`tag ${oid} is damaged`);
      [oid, type] = [target, kind];
    }
  }
  return [...tags];
}

async function looseBlobs(
  repo: Repo,
  tips: readonly Tip[],
  limits: ReadonlySet<string>,
  options: RangeOptions,
): Promise<RangeBlob[]> {
  const blobs: RangeBlob[] = [];
  for (const { ref, oid, peeled, peeledType } of tips) {
    if (peeledType === 'commit' || limits.has(oid)) continue;
    const add = (blob: string, path: string) => blobs.push({ oid: blob, path, olds: [], mode: '100644', commit: oid });
    if (peeledType === 'blob') add(peeled, ref);
    else await treeBlobs(repo, peeled, (blob, path) => add(blob, `${ref}/${pathFromBytes(path)}`), options);
  }
  return blobs;
}
