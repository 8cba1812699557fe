import { childrenOf, type Node, type Secret } from './ast.ts';
import { maxLengthOf } from './bounds.ts';
import { FormError } from './error.ts';

/**
 * Checks what the grammar alone can't: at most one secret part, in every match and never repeated; places such as `^`
 * only where they can hold. Throws FormError (offset 0: it is about the whole).
 */
export const validate = (node: Node): void => {
  const secrets = countSecrets(node, (secret) => secret.group === undefined);
  if (secrets > 1) throw new FormError('more than one secret part: make one rule of each alternative', 0);
  if (secrets === 1) requireSecret(node);
  checkEdges(node, 0, 0);
};

/** How many secret parts a tree has, of those asked for. */
export const countSecrets = (node: Node, isCounted: (secret: Secret) => boolean = () => true): number => {
  let count = node.kind === 'secret' && isCounted(node) ? 1 : 0;
  for (const child of childrenOf(node)) count += countSecrets(child, isCounted);
  return count;
};

const requireSecret = (node: Node): void => {
  if (node.kind === 'secret') return;
  if (node.kind === 'repeat') throw new FormError('the secret part must not be optional or repeated', 0);
  if (node.kind === 'alt')
    throw new FormError('the secret part must be in every alternative: make one rule of each', 0);
  requireSecret(childrenOf(node).find((child) => countSecrets(child) > 0)!);
};

/** `before` and `after`: the most bytes that can stand in the match on either side of the node. */
const checkEdges = (node: Node, before: number, after: number): void => {
  if (node.kind === 'edge') checkEdge(node.edge, before, after);
  else if (node.kind === 'seq') checkSequence(node.items, before, after);
  else if (node.kind === 'repeat') {
    const others = (node.max - 1) * maxLengthOf(node.body);
    checkEdges(node.body, before + others, after + others);
  } else for (const child of childrenOf(node)) checkEdges(child, before, after);
};

const checkSequence = (items: readonly Node[], before: number, after: number): void => {
  const lengths = items.map(maxLengthOf);
  let ahead = lengths.reduce((sum, length) => sum + length, after);
  let behind = before;
  for (const [index, item] of items.entries()) {
    ahead -= lengths[index]!;
    checkEdges(item, behind, ahead);
    behind += lengths[index]!;
  }
};

const checkEdge = (edge: string, before: number, after: number): void => {
  if (edge.endsWith('Start') && before > 0) throw new FormError('^ stands where the match has begun already', 0);
  if (edge.endsWith('End') && after > 0) throw new FormError('$ stands where the match goes on', 0);
};

/** Whether `^`, `$`, `\A` or `\z` occurs: the answer then depends on where the text is cut. */
export const hasEdges = (node: Node): boolean =>
  (node.kind === 'edge' && (node.edge.endsWith('Start') || node.edge.endsWith('End'))) ||
  childrenOf(node).some(hasEdges);

/**
 * A form without a secret part whose `^` or `$` may take a line break gets one around the rest, so that the line break
 * is never part of the secret.
 */
export const withoutLineBreaks = (node: Node): Node => {
  if (node.kind !== 'seq' || countSecrets(node) > 0) return node;
  const is = (item: Node | undefined, edge: string) => item?.kind === 'edge' && item.edge === edge;
  const start = is(node.items[0], 'lineStart') ? 1 : 0;
  const end = node.items.length - (is(node.items.at(-1), 'lineEnd') ? 1 : 0);
  if (end - start === node.items.length || end <= start) return node;
  const body: Node = { kind: 'seq', items: node.items.slice(start, end) };
  return { kind: 'seq', items: [...node.items.slice(0, start), { kind: 'secret', body }, ...node.items.slice(end)] };
};
