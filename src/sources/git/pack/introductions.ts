import { type CommitHistory, readFacts } from '../commit-facts.ts';
import type { VisitIntroduction } from '../introductions.ts';
import type { Repository } from '../repository.ts';
import { GitError } from '../run.ts';
import { type TreeSearch, treeNumber, treeNumbers } from './read-trees.ts';
import type { TreeIndex } from './tree-index.ts';
import { visitNew } from './tree-introductions.ts';

/** As visitIntroductions() of ../introductions.ts; undefined, before any visit, when only git can tell. */
export type FindIntroductions = (
  commits: readonly string[],
  wanted: ReadonlySet<string>,
  visit: VisitIntroduction,
) => Promise<true | undefined>;

/** Finds what commits bring in by comparing their reduced trees. `index` is of the trees that `search` speaks of. */
export const createFindIntroductions = (
  repo: Pick<Repository, 'dir'>,
  search: TreeSearch,
  index: TreeIndex,
  history: CommitHistory,
  options: { readonly signal?: AbortSignal },
): FindIntroductions => {
  const firsts = treeNumbers(search.packs);
  const nodeOf = (tree: Buffer): number | undefined => {
    const number = treeNumber(search, firsts, tree);
    return number < 0 ? undefined : index.nodeOf(number);
  };
  const oids = Array.from({ length: search.wanted.length / 20 }, (_, i) =>
    Buffer.from(search.wanted.subarray(i * 20, i * 20 + 20)).toString('hex'),
  );
  // The history is asked for again and again, once for ordinary commits and once for merges.
  const known = nodesOf(history, nodeOf);
  return async (commits, wanted, visit) => {
    const isKnown = commits.every((oid) => history.placeOf(oid) !== undefined);
    const nodes = isKnown ? known : await factsNodes(repo, commits, nodeOf, options);
    if (!nodes) return undefined;
    const changed: { commit: string; node: number; parents: number[] }[] = [];
    for (const commit of commits) {
      const compared = nodes(commit);
      if (!compared) return undefined;
      if (compared.node !== 0 && !compared.parents.includes(compared.node)) changed.push({ commit, ...compared });
    }
    for (const { commit, node, parents } of changed) {
      visitNew(index, node, parents, (blob, path) => {
        const oid = oids[blob]!;
        if (wanted.has(oid)) visit(oid, commit, Buffer.from(path, 'latin1'));
      });
    }
    return true;
  };
};

/** The nodes of a commit's tree and of its parents' trees; undefined when one of them is not known. */
type NodesOf = (commit: string) => { readonly node: number; readonly parents: number[] } | undefined;

const nodesOf = (history: CommitHistory, nodeOf: (tree: Buffer) => number | undefined): NodesOf => {
  const nodes = new Int32Array(history.oids.length).fill(-1);
  const nodeAt = (place: number): number | undefined => {
    if (nodes[place]! >= 0) return nodes[place];
    const node = nodeOf(history.treeOf(place));
    if (node !== undefined) nodes[place] = node;
    return node;
  };
  return (commit) => {
    const place = history.placeOf(commit);
    const node = place === undefined ? undefined : nodeAt(place);
    const parents = place === undefined ? undefined : history.parentsOf(place);
    if (node === undefined || !parents) return undefined;
    const others = parents.map(nodeAt);
    return others.includes(undefined) ? undefined : { node, parents: others as number[] };
  };
};

/** The same for commits that no ref leads to: git is asked for them. */
const factsNodes = async (
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  nodeOf: (tree: Buffer) => number | undefined,
  options: { readonly signal?: AbortSignal },
): Promise<NodesOf | undefined> => {
  try {
    return nodesOf(await readFacts(repo, commits, options), nodeOf);
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
    return undefined;
  }
};
