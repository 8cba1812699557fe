import { type CommitFacts, type CommitHistory, readFacts } from '../commit-facts.ts';
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
  const nodes = new Map<string, number | undefined>();
  const nodeOf = (tree: string): number | undefined => {
    if (nodes.has(tree)) return nodes.get(tree);
    const number = treeNumber(search, firsts, Buffer.from(tree, 'hex'));
    const node = number < 0 ? undefined : index.nodeOf(number);
    nodes.set(tree, node);
    return node;
  };
  const oids = Array.from({ length: search.wanted.length / 20 }, (_, i) =>
    Buffer.from(search.wanted.subarray(i * 20, i * 20 + 20)).toString('hex'),
  );
  return async (commits, wanted, visit) => {
    const factsOf = await lookup(repo, commits, history, options);
    if (!factsOf) return undefined;
    const compared: { commit: string; node: number; parents: number[] }[] = [];
    for (const commit of commits) {
      const facts = factsOf(commit);
      const node = facts && nodeOf(facts.tree);
      if (!facts || node === undefined) return undefined;
      const parents: number[] = [];
      for (const parent of facts.parents) {
        const tree = factsOf(parent)?.tree;
        const parentNode = tree === undefined ? undefined : nodeOf(tree);
        if (parentNode === undefined) return undefined;
        parents.push(parentNode);
      }
      if (node !== 0 && !parents.includes(node)) compared.push({ commit, node, parents });
    }
    for (const { commit, node, parents } of compared) {
      visitNew(index, node, parents, (blob, path) => {
        const oid = oids[blob]!;
        if (wanted.has(oid)) visit(oid, commit, Buffer.from(path, 'latin1'));
      });
    }
    return true;
  };
};

/** Facts of commits and of their parents; git is asked for those that the history does not have. */
const lookup = async (
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  history: CommitHistory,
  options: { readonly signal?: AbortSignal },
): Promise<((oid: string) => CommitFacts | undefined) | undefined> => {
  const more = new Map<string, CommitFacts>();
  const factsOf = (oid: string) => history.get(oid) ?? more.get(oid);
  const load = async (oids: readonly string[]) => {
    const unknown = [...new Set(oids.filter((oid) => !factsOf(oid)))];
    for (const [oid, facts] of await readFacts(repo, unknown, options)) more.set(oid, facts);
  };
  try {
    await load(commits);
    await load(commits.flatMap((oid) => factsOf(oid)?.parents ?? []));
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
    return undefined;
  }
  return factsOf;
};
