import { type PackTables, TYPE } from './tables.ts';

/**
 * Links the entries of a pack to their children and hands down the kind of each family's root. Entries that no root leads
 * to (a damaged header, a base that is not in the pack, a cycle) keep the kind 0.
 * @returns the ranks that a root leads to, parents before their children
 */
export const fillForest = ({ count, types, parents, kinds, firstChild, nextSibling }: PackTables): Uint32Array => {
  firstChild.fill(-1);
  nextSibling.fill(-1);
  kinds.fill(0);
  for (let rank = count - 1; rank >= 0; rank--) {
    const parent = parents[rank]!;
    if (types[rank] === 0 || parent < 0) continue;
    nextSibling[rank] = firstChild[parent]!;
    firstChild[parent] = rank;
  }
  const order = new Uint32Array(count);
  let known = 0;
  for (let rank = 0; rank < count; rank++) {
    const type = types[rank]!;
    if (type < TYPE.commit || type > TYPE.tag) continue;
    kinds[rank] = type;
    order[known++] = rank;
  }
  for (let next = 0; next < known; next++) {
    const rank = order[next]!;
    for (let child = firstChild[rank]!; child >= 0; child = nextSibling[child]!) {
      kinds[child] = kinds[rank]!;
      order[known++] = child;
    }
  }
  return order.subarray(0, known);
};

/** A part of a family that one thread reads: from an entry on, up to cuts. */
export interface Piece {
  readonly rank: number;
  /** Compressed bytes of its entries, and something for each entry. */
  readonly cost: number;
}

/** What an entry costs beside its bytes, in compressed bytes. */
const ENTRY_COST = 200;

/**
 * Counts the wanted entries from every entry on, and cuts families into pieces of about `limit` in cost.
 * @param order what fillForest() gave
 * @returns the pieces with something wanted in them, in the order of the file
 */
export const cutPieces = (tables: PackTables, order: Uint32Array, limit: number): Piece[] => {
  const { parents, wanted, weights, cut, offsets } = tables;
  const costs = new Float64Array(tables.count);
  const pieces: Piece[] = [];
  weights.fill(0);
  cut.fill(0);
  for (let i = order.length - 1; i >= 0; i--) {
    const rank = order[i]!;
    const parent = parents[rank]!;
    weights[rank]! += wanted[rank]!;
    if (weights[rank] === 0) continue;
    costs[rank]! += offsets[rank + 1]! - offsets[rank]! + ENTRY_COST;
    if (parent >= 0 && costs[rank]! < limit) {
      weights[parent]! += weights[rank]!;
      costs[parent]! += costs[rank]!;
      continue;
    }
    if (parent >= 0) cut[rank] = 1;
    pieces.push({ rank, cost: costs[rank]! });
  }
  return pieces.sort((a, b) => a.rank - b.rank);
};

const CHILDLESS: readonly number[] = [];

/** Children of an entry that lead to something wanted; the one that leads to most comes last. */
export const wantedChildren = (
  { firstChild, nextSibling, weights, cut }: PackTables,
  rank: number,
): readonly number[] => {
  if (firstChild[rank]! < 0) return CHILDLESS;
  const children: number[] = [];
  let heaviest = -1;
  for (let child = firstChild[rank]!; child >= 0; child = nextSibling[child]!) {
    if (weights[child] === 0 || cut[child] === 1) continue;
    if (heaviest < 0 || weights[child]! > weights[children[heaviest]!]!) heaviest = children.length;
    children.push(child);
  }
  if (children.length > 1) children.push(...children.splice(heaviest, 1));
  return children;
};

/** All wanted entries from an entry on, up to cuts. */
export function* wantedFrom(tables: PackTables, rank: number): Generator<number> {
  const open = [rank];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (tables.wanted[next] === 1) yield next;
    for (let child = tables.firstChild[next]!; child >= 0; child = tables.nextSibling[child]!) {
      if (tables.weights[child]! > 0 && tables.cut[child] === 0) open.push(child);
    }
  }
}

/** The entries that an entry is made from, its root first, itself last. */
export const chainOf = ({ parents }: PackTables, rank: number): number[] => {
  const chain = [rank];
  for (let at = parents[rank]!; at >= 0; at = parents[at]!) chain.push(at);
  return chain.reverse();
};
