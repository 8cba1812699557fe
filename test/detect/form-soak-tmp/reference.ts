import type { Literal, Node, OneOf, Repeat } from '../../../src/detect/form/ast.ts';
import { has } from '../../../src/detect/form/bytes.ts';
import type { Span } from './engines.ts';

/** A plain backtracking matcher over the tree, which counts what it does: the meaning that the regex text must have. */
interface Run {
  readonly text: string;
  readonly limit: number;
  steps: number;
  secret: readonly [number, number] | undefined;
}

type Then = (at: number) => number;

const FAILED = -1;

export class TooManySteps extends Error {}

const count = (run: Run): void => {
  if (++run.steps > run.limit) throw new TooManySteps();
};

const accepts = (node: OneOf | Literal, index: number, byte: number): boolean => {
  if (node.kind === 'set') return has(node.set, byte);
  const wanted = node.text[index]!;
  const given = String.fromCharCode(byte);
  const fold = (char: string) => char.replace(/[A-Z]/, (letter) => letter.toLowerCase());
  return node.nocase ? fold(wanted) === fold(given) : wanted === given;
};

const leaf = (node: OneOf | Literal, run: Run, at: number, then: Then): number => {
  const length = node.kind === 'set' ? 1 : node.text.length;
  for (let index = 0; index < length; index++) {
    count(run);
    if (at + index >= run.text.length || !accepts(node, index, run.text.charCodeAt(at + index))) return FAILED;
  }
  return then(at + length);
};

const isWord = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9_]/.test(char);

const edge = (kind: string, run: Run, at: number, then: Then): number => {
  count(run);
  const { text } = run;
  if (kind === 'word' || kind === 'notWord') {
    const between = isWord(text[at - 1]) !== isWord(text[at]);
    return between === (kind === 'word') ? then(at) : FAILED;
  }
  const there = kind.endsWith('Start') ? at === 0 : at === text.length;
  const ended = there ? then(at) : FAILED;
  if (ended !== FAILED || kind.startsWith('text')) return ended;
  count(run);
  return text[at] === '\n' || text[at] === '\r' ? then(at + 1) : FAILED;
};

const repeated = (node: Repeat, run: Run, at: number, done: number, then: Then): number => {
  count(run);
  const again = (): number =>
    done < node.max ? match(node.body, run, at, (next) => repeated(node, run, next, done + 1, then)) : FAILED;
  if (done < node.min) return again();
  if (!node.lazy) {
    const end = again();
    return end === FAILED ? then(at) : end;
  }
  const end = then(at);
  return end === FAILED ? again() : end;
};

const match = (node: Node, run: Run, at: number, then: Then): number => {
  if (node.kind === 'literal' || node.kind === 'set') return leaf(node, run, at, then);
  if (node.kind === 'edge') return edge(node.edge, run, at, then);
  if (node.kind === 'repeat') return repeated(node, run, at, 0, then);
  count(run);
  if (node.kind === 'seq') return sequence(node.items, run, at, then);
  if (node.kind === 'secret') {
    return match(node.body, run, at, (end) => {
      const before = run.secret;
      run.secret = [at, end];
      const result = then(end);
      if (result === FAILED) run.secret = before;
      return result;
    });
  }
  for (const option of node.options) {
    const end = match(option, run, at, then);
    if (end !== FAILED) return end;
  }
  return FAILED;
};

const sequence = (items: readonly Node[], run: Run, at: number, then: Then): number => {
  const [first, ...others] = items;
  return first ? match(first, run, at, (next) => sequence(others, run, next, then)) : then(at);
};

/** The first match at or behind `from`, and the steps that it took. Throws TooManySteps. */
export const firstMatch = (
  tree: Node,
  text: string,
  from = 0,
  limit = Number.POSITIVE_INFINITY,
): { span: Span | undefined; steps: number } => {
  const run: Run = { text, limit, steps: 0, secret: undefined };
  for (let start = from; start <= text.length; start++) {
    const end = match(tree, run, start, (at) => {
      count(run);
      return at;
    });
    if (end === FAILED) continue;
    const [secretStart, secretEnd] = run.secret ?? [start, end];
    return { span: { start, end, secretStart, secretEnd }, steps: run.steps };
  }
  return { span: undefined, steps: run.steps };
};

/** All matches, one behind the other. Throws TooManySteps. */
export const allMatches = (tree: Node, text: string, limit: number): Span[] => {
  const spans: Span[] = [];
  for (let from = 0; ; ) {
    const { span } = firstMatch(tree, text, from, limit);
    if (!span) return spans;
    spans.push(span);
    from = span.end;
  }
};
