import type { ByteSet } from './bytes.ts';

/**
 * Places. `textStart`, `textEnd`, `word` and `notWord` take no bytes; `lineStart` and `lineEnd` are an end of the text or
 * take one CR or LF, because no flagless zero-width form means the same in every engine.
 */
export type EdgeKind = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

/** What a shape or a pattern says, over bytes (latin1). */
export type Node = Literal | OneOf | Seq | Alt | Repeat | Secret | Edge;

/** Fixed text; `nocase` lets ASCII letters stand in either case. Never empty. */
export interface Literal {
  readonly kind: 'literal';
  readonly text: string;
  readonly nocase: boolean;
}

/** One byte of a set. `sample` is the part of it that generated examples use. */
export interface OneOf {
  readonly kind: 'set';
  readonly set: ByteSet;
  readonly sample?: ByteSet;
}

/** One after the other. Empty matches the empty text. */
export interface Seq {
  readonly kind: 'seq';
  readonly items: readonly Node[];
}

/** One of the options, earlier ones first. */
export interface Alt {
  readonly kind: 'alt';
  readonly options: readonly Node[];
}

/** `open`: written without an upper bound; `max` is Infinity until it is clipped. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  readonly open: boolean;
}

/**
 * The part of the match that is the secret. With `group` it is one of several: the first in order that takes text is the
 * secret, and it may be optional.
 */
export interface Secret {
  readonly kind: 'secret';
  readonly body: Node;
  readonly group?: number;
}

export interface Edge {
  readonly kind: 'edge';
  readonly edge: EdgeKind;
}

/** Sequence of nodes; nested sequences are joined and a single item stands for itself. */
export const seq = (items: readonly Node[]): Node => {
  const flat = items.flatMap((item) => (item.kind === 'seq' ? item.items : [item]));
  return flat.length === 1 ? flat[0]! : { kind: 'seq', items: flat };
};

export const alt = (options: readonly Node[]): Node => (options.length === 1 ? options[0]! : { kind: 'alt', options });

/**
 * Repetition with `max` possibly Infinity. Optional and unbounded repeats of a repeat are joined, which keeps the meaning
 * and avoids loops over text that may be empty.
 */
export const repeat = (body: Node, min: number, max: number, lazy: boolean): Node => {
  if (min === 1 && max === 1) return body;
  const open = max === Number.POSITIVE_INFINITY;
  if (body.kind === 'repeat' && body.lazy === lazy && body.min <= 1) {
    const optional = min === 0 && max === 1;
    if (optional || (open && body.open && min <= 1)) return { ...body, min: Math.min(min, body.min) };
  }
  return { kind: 'repeat', body, min, max, lazy, open };
};

/** The nodes directly inside a node. */
export const childrenOf = (node: Node): readonly Node[] => {
  if (node.kind === 'seq') return node.items;
  if (node.kind === 'alt') return node.options;
  return node.kind === 'repeat' || node.kind === 'secret' ? [node.body] : [];
};

/** Whether the node takes exactly one byte by itself. */
export const isLeaf = (node: Node): boolean =>
  node.kind === 'set' || (node.kind === 'literal' && node.text.length === 1);
