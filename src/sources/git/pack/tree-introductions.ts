import { TREE_MODE } from './tree-entries.ts';
import type { TreeIndex, WantedEntry } from './tree-index.ts';

/**
 * Visits what a tree holds and none of its parents' trees does in the same place: the blobs (by number) that a commit
 * brings in, with their paths. A parent with the same node has all of it, so there only what differs is walked.
 * @param node of the commit's tree; @param parents nodes of its parents' trees
 */
export const visitNew = (
  index: TreeIndex,
  node: number,
  parents: readonly number[],
  visit: (blob: number, path: string) => void,
  prefix = '',
): void => {
  if (node === 0 || parents.includes(node)) return;
  const others = parents.map((parent) => byName(index.entriesOf(parent)));
  for (const { name, mode, target } of index.entriesOf(node)) {
    const path = `${prefix}${name}`;
    const olds = others.map((entries) => entries.get(name));
    if (mode === TREE_MODE) {
      const trees = olds.map((old) => (old?.mode === TREE_MODE ? old.target : 0));
      visitNew(index, target, trees, visit, `${path}/`);
    } else if (!olds.some((old) => old?.mode === mode && old.target === target)) visit(target, path);
  }
};

const byName = (entries: readonly WantedEntry[]): Map<string, WantedEntry> =>
  new Map(entries.map((entry) => [entry.name, entry]));
