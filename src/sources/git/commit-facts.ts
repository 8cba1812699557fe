import type { Repository } from './repository.ts';
import { git } from './run.ts';

type Options = { readonly signal?: AbortSignal };

/** Commits and what each builds on. Kept small: histories have hundreds of thousands. */
export interface CommitHistory {
  /** Ids, parents before children, then by commit date. */
  readonly oids: readonly string[];
  /** Place of a commit among `oids`; undefined when it is not there. */
  placeOf(oid: string): number | undefined;
  /** The 20 bytes of its tree's id. */
  treeOf(place: number): Buffer;
  /** Places of its parents; undefined when one of them is not among the commits. */
  parentsOf(place: number): readonly number[] | undefined;
  parentCount(place: number): number;
}

const FORMAT = ['--parents', '--format=%T'] as const;
const OID = 40;
const COMMIT = 'commit '.length;
const TREE = 20;
const NOT_THERE = -1;

/** Numbers that grow in number. */
const withRoom = (values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> => {
  if (length < values.length) return values;
  const larger = new Int32Array(length * 2);
  larger.set(values);
  return larger;
};

/** Visits lines `commit ID PARENT…` and the tree's id, in turn: where the parents begin and end, and where the tree does. */
const eachCommit = (output: Buffer, visit: (oid: string, from: number, end: number, treeEnd: number) => void): void => {
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const treeEnd = output.indexOf(10, end + 1);
    if (end < 0 || treeEnd < 0) return;
    visit(output.toString('latin1', at + COMMIT, at + COMMIT + OID), at + COMMIT + OID + 1, end, treeEnd);
    at = treeEnd + 1;
  }
};

const parseHistory = (output: Buffer): CommitHistory => {
  const oids: string[] = [];
  const places = new Map<string, number>();
  eachCommit(output, (oid) => {
    places.set(oid, oids.length);
    oids.push(oid);
  });
  const trees = Buffer.alloc(oids.length * TREE);
  const starts = new Int32Array(oids.length + 1);
  let parents = new Int32Array(1024);
  let place = 0;
  let count = 0;
  eachCommit(output, (_, from, end, treeEnd) => {
    for (let at = from; at < end; at += OID + 1) {
      parents = withRoom(parents, count);
      parents[count++] = places.get(output.toString('latin1', at, at + OID)) ?? NOT_THERE;
    }
    trees.write(output.toString('latin1', end + 1, treeEnd), place * TREE, 'hex');
    starts[++place] = count;
  });
  return {
    oids,
    placeOf: (oid) => places.get(oid),
    treeOf: (at) => trees.subarray(at * TREE, at * TREE + TREE),
    parentCount: (at) => starts[at + 1]! - starts[at]!,
    parentsOf: (at) => {
      const own = parents.subarray(starts[at]!, starts[at + 1]!);
      return own.includes(NOT_THERE) ? undefined : [...own];
    },
  };
};

/** Reads the history of all refs in one go. Throws GitError. */
export const readHistory = async (repo: Pick<Repository, 'dir'>, options: Options = {}): Promise<CommitHistory> => {
  const order = ['--ignore-missing', '--date-order', '--reverse', '--all'];
  return parseHistory(await git(['rev-list', ...order, ...FORMAT], { cwd: repo.dir, ...options }));
};

/**
 * The same of some commits and of their parents; what the parents build on is not known. Throws GitError when one can't be
 * read.
 */
export const readFacts = async (
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  options: Options = {},
): Promise<CommitHistory> => {
  const ask = (oids: readonly string[]): Promise<Buffer> =>
    git(['rev-list', '--no-walk=unsorted', '--stdin', ...FORMAT], {
      cwd: repo.dir,
      input: oids.map((oid) => `${oid}\n`).join(''),
      ...options,
    });
  const own = await ask(commits);
  const parents = new Set<string>();
  eachCommit(own, (_, from, end) => {
    for (let at = from; at < end; at += OID + 1) parents.add(own.toString('latin1', at, at + OID));
  });
  for (const oid of commits) parents.delete(oid);
  return parseHistory(parents.size === 0 ? own : Buffer.concat([own, await ask([...parents])]));
};

/** All commits that one leads to, itself included; undefined when the history does not hold them all. */
export const ancestorsOf = (history: CommitHistory, oid: string): ((other: string) => boolean) | undefined => {
  const start = history.placeOf(oid);
  if (start === undefined) return undefined;
  const seen = new Uint8Array(history.oids.length);
  const open = [start];
  seen[start] = 1;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const parents = history.parentsOf(place);
    if (!parents) return undefined;
    for (const parent of parents) {
      if (seen[parent] === 1) continue;
      seen[parent] = 1;
      open.push(parent);
    }
  }
  return (other) => {
    const place = history.placeOf(other);
    return place !== undefined && seen[place] === 1;
  };
};
