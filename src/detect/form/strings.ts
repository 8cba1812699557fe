import type { Node, Repeat } from './ast.ts';
import { type ByteSet, letterOfPair, lowerAscii, members, sizeOf } from './bytes.ts';

/** A text a node can match; `nocase`: in any case of its ASCII letters (then it is in lower case here). */
export interface Text {
  readonly text: string;
  readonly nocase: boolean;
}

/** Classes up to this size are spelled out. */
const SMALL_CLASS = 16;

/** More texts than this are no list. */
const MOST_TEXTS = 128;

const known = new WeakMap<Node, readonly Text[] | 'none'>();

/** Every text that the node matches, or undefined when they are more than 128 or can't be listed. */
export const stringsOf = (node: Node): readonly Text[] | undefined => {
  let texts = known.get(node);
  if (!texts) {
    const listed = list(node);
    texts = listed && listed.length <= MOST_TEXTS ? listed : 'none';
    known.set(node, texts);
  }
  return texts === 'none' ? undefined : texts;
};

const list = (node: Node): readonly Text[] | undefined => {
  if (node.kind === 'literal') return [{ text: node.nocase ? lowerAscii(node.text) : node.text, nocase: node.nocase }];
  if (node.kind === 'set') return listSet(node.set);
  if (node.kind === 'alt') return joined(node.options);
  if (node.kind === 'seq') return product(node.items);
  if (node.kind === 'secret') return stringsOf(node.body);
  if (node.kind === 'repeat') return repeated(node);
  return node.edge.startsWith('line') ? undefined : NO_TEXT;
};

const NO_TEXT: readonly Text[] = [{ text: '', nocase: false }];

const listSet = (set: ByteSet): readonly Text[] | undefined => {
  if (sizeOf(set) > SMALL_CLASS) return undefined;
  const letter = letterOfPair(set);
  if (letter) return [{ text: letter, nocase: true }];
  return members(set).map((byte) => ({ text: String.fromCharCode(byte), nocase: false }));
};

const joined = (options: readonly Node[]): readonly Text[] | undefined => {
  const all: Text[] = [];
  for (const option of options) {
    const texts = stringsOf(option);
    if (!texts) return undefined;
    all.push(...texts);
  }
  return all;
};

/** Both texts in a row. With one of them in any case, the whole is: more is matched, never less. */
const append = (a: Text, b: Text): Text => {
  const text = a.text + b.text;
  if (a.nocase === b.nocase || b.text === '') return { text, nocase: a.nocase };
  return { text: lowerAscii(text), nocase: true };
};

/** Every text of `a` followed by every text of `b`. */
export const crossed = (a: readonly Text[], b: readonly Text[]): readonly Text[] =>
  a.flatMap((left) => b.map((right) => append(left, right)));

const product = (items: readonly Node[]): readonly Text[] | undefined => {
  let texts = NO_TEXT;
  for (const item of items) {
    const next = stringsOf(item);
    if (!next || texts.length * next.length > MOST_TEXTS) return undefined;
    texts = crossed(texts, next);
  }
  return texts;
};

const repeated = ({ body, min, max }: Repeat): readonly Text[] | undefined => {
  const once = stringsOf(body);
  if (!once || max > MOST_TEXTS) return undefined;
  const all: Text[] = [];
  let texts = NO_TEXT;
  for (let count = 0; count <= max; count++) {
    if (count >= min) all.push(...texts);
    if (count < max && (texts.length * once.length > MOST_TEXTS || all.length > MOST_TEXTS)) return undefined;
    if (count < max) texts = crossed(texts, once);
  }
  return all;
};
