import { type Node, repeat } from './ast.ts';
import { maxLengthOf, minLengthOf } from './bounds.ts';
import { fail, type Quantifier } from './cursor.ts';

/** A group that may match the empty text is written out once for each run, so it may not run often. */
const EMPTY_RUNS = 16;

/** A literal of latin1 text; `nocase` is dropped where there are no letters, so that equal nodes look equal. */
export const literalNode = (text: string, nocase: boolean): Node => ({
  kind: 'literal',
  text,
  nocase: nocase && /[A-Za-z]/.test(text),
});

/** `node` repeated; `offset` is where it starts in the source. Throws FormError when engines would disagree about it. */
export const quantified = (node: Node, { min, max, lazy }: Quantifier, offset: number): Node => {
  const result = repeat(node, min, max, lazy);
  if (result.kind !== 'repeat' || result.body !== node) return result;
  if (maxLengthOf(node) === 0 && max > 1) fail('a repeat of what takes no text', offset);
  if (minLengthOf(node) === 0 && max > EMPTY_RUNS) {
    fail(`a group that may be empty can't repeat more than ${EMPTY_RUNS} times`, offset);
  }
  return result;
};
