import { TREE_MODE, type TreeReport } from './tree-entries.ts';

/** An entry of a tree that holds something wanted, directly or further down. */
export interface WantedEntry {
  readonly name: string;
  readonly mode: number;
  /** Number of a wanted blob; for a tree the number of its node. */
  readonly target: number;
}

/**
 * Trees reduced to what is wanted in them. Trees that hold the same wanted blobs under the same names have the same node,
 * so that two can be compared by a number; 0 is the node of those that hold nothing.
 */
export interface TreeIndex {
  /** The node of a tree, by the tree's number; undefined when it is not known all the way down. */
  nodeOf(tree: number): number | undefined;
  entriesOf(node: number): readonly WantedEntry[];
}

/** Puts the reports of all threads together. `count` is the number of trees' numbers. */
export const createTreeIndex = (reports: readonly TreeReport[], count: number): TreeIndex => {
  const segments = new Uint16Array(count);
  const starts = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  reports.forEach(({ trees, counts }, segment) => {
    let start = 0;
    for (let i = 0; i < trees.length; i++) {
      // Segments count from 1: 0 stands for a tree that nobody read.
      segments[trees[i]!] = segment + 1;
      starts[trees[i]!] = start;
      lengths[trees[i]!] = counts[i]!;
      start += counts[i]!;
    }
  });
  const UNKNOWN = -1;
  const nodes = new Int32Array(count).fill(UNKNOWN);
  const contents: (readonly WantedEntry[])[] = [[]];
  const numbers = new Map<string, number>([['', 0]]);

  const member = (tree: number, i: number) => {
    const { members, entries, names } = reports[segments[tree]! - 1]!;
    const entry = members[starts[tree]! + i]! * 3;
    return { name: names[entries[entry]!]!, mode: entries[entry + 1]!, target: entries[entry + 2]! };
  };
  /** The node of a tree whose subtrees have theirs. */
  const settle = (tree: number): void => {
    let key = '';
    const content: WantedEntry[] = [];
    for (let i = 0; i < lengths[tree]!; i++) {
      const { name, mode, target } = member(tree, i);
      const node = mode === TREE_MODE ? nodes[target]! : target;
      if (mode === TREE_MODE && node === 0) continue;
      content.push({ name, mode, target: node });
      key += `${mode} ${node} ${name}\0`;
    }
    const known = numbers.get(key);
    nodes[tree] = known ?? contents.length;
    if (known !== undefined) return;
    numbers.set(key, contents.length);
    contents.push(content);
  };
  return {
    nodeOf: (root) => {
      // Depth first with a list of its own: trees may be nested as deep as someone likes.
      const open = [root];
      while (open.length > 0) {
        const tree = open.at(-1)!;
        if (tree < 0 || segments[tree] === 0) return undefined;
        const before = open.length;
        for (let i = 0; nodes[tree] === UNKNOWN && i < lengths[tree]!; i++) {
          const { mode, target } = member(tree, i);
          if (mode === TREE_MODE && nodes[target] === UNKNOWN) open.push(target);
        }
        if (open.length > before) continue;
        if (nodes[tree] === UNKNOWN) settle(tree);
        open.pop();
      }
      return nodes[root]!;
    },
    entriesOf: (node) => contents[node]!,
  };
};
