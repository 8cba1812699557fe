import { isLeaf, type Literal, type Node, type Repeat } from './ast.ts';
import { alphabetOf, firstBytes, maxLengthOf } from './bounds.ts';
import { type ByteSet, EMPTY, intersects, union } from './bytes.ts';

/**
 * What a backtracking matcher has still to do from a point, as upper bounds of its visits: `steps` however it ends,
 * `failing` when it ends in failure, `refusal` when the next byte is not in `first`. The end of the match needs no
 * bytes and always succeeds (`failing` 0): nothing is tried again behind it.
 */
interface Rest {
  readonly steps: number;
  readonly failing: number;
  readonly refusal: number;
  readonly first: ByteSet;
  readonly lead?: Lead;
}

/** Fixed text comes first: of places less than `period` apart only one gets further than `cost` visits. */
interface Lead {
  readonly period: number;
  readonly cost: number;
  readonly failing: number;
}

const END: Rest = { steps: 1, failing: 0, refusal: 1, first: EMPTY };

/**
 * An upper bound of the node visits and byte comparisons that a backtracking matcher (greedy or lazy, no memory) makes
 * on any text as long as the longest match, over all starting points. A repeat whose next part can start with one of
 * its own bytes multiplies; otherwise it adds. Takes a clipped tree; the answer may be Infinity.
 */
export const worstCaseSteps = (node: Node): number => {
  const once = before(node, END);
  return failingAt(maxLengthOf(node) + 1, once) + once.steps;
};

/** The same bound for a match that is tried at one place only. */
export const stepsFromOneStart = (node: Node): number => before(node, END).steps;

/** Failing at `count` places in a row. */
const failingAt = (count: number, { failing, lead }: Rest): number => {
  if (!lead) return count * failing;
  const passes = Math.floor((count - 1) / lead.period) + 1;
  return Math.min(count * failing, count * lead.cost + passes * lead.failing);
};

/** The bounds for matching `node` and then the rest. */
const before = (node: Node, rest: Rest): Rest => {
  if (node.kind === 'literal') return literal(node, rest);
  if (node.kind === 'set') return taken(1, node.set, rest);
  if (node.kind === 'seq') return visit(node.items.reduceRight((after, item) => before(item, after), rest));
  if (node.kind === 'alt') return anyOf(node.options.map((option) => before(option, rest)));
  if (node.kind === 'secret') return visit(before(node.body, rest));
  if (node.kind === 'repeat') return isLeaf(node.body) ? run(node, rest) : loop(node, rest);
  return edge(alphabetOf(node), rest);
};

/** One more visit, which can't fail by itself. */
const visit = ({ steps, failing, refusal, first, lead }: Rest): Rest => ({
  steps: steps + 1,
  failing: failing && failing + 1,
  refusal: refusal + 1,
  first,
  ...(lead ? { lead: { period: lead.period, cost: lead.cost + 1, failing: lead.failing + 1 } } : {}),
});

const taken = (bytes: number, first: ByteSet, rest: Rest): Rest => ({
  steps: bytes + rest.steps,
  failing: bytes + rest.failing,
  refusal: 1,
  first,
});

const literal = (node: Literal, rest: Rest): Rest => {
  const bounds = taken(node.text.length, firstBytes(node), rest);
  const period = periodOf(node.nocase ? node.text.toLowerCase() : node.text);
  return { ...bounds, lead: { period, cost: node.text.length, failing: bounds.failing } };
};

/** Shortest distance at which a text can stand again. */
const periodOf = (text: string): number => {
  let period = 1;
  while (period < text.length && !text.startsWith(text.slice(period))) period++;
  return period;
};

/** A zero-width place, or an end of the text or one line break: both ways are tried. */
const edge = (lineBreak: ByteSet, rest: Rest): Rest => ({
  steps: 2 + rest.failing + rest.steps,
  failing: 2 + 2 * rest.failing,
  refusal: 2 + rest.refusal,
  first: union(lineBreak, rest.first),
});

const anyOf = (options: readonly Rest[]): Rest => {
  const disjoint = options.every((a, index) => options.slice(index + 1).every((b) => !intersects(a.first, b.first)));
  const refusal = 1 + sum(options, (option) => option.refusal);
  const failures = 1 + sum(options, (option) => option.failing);
  const sure = options.some((option) => option.failing === 0);
  const most = (of: (option: Rest) => number) => Math.max(...options.map(of));
  const leads = options.flatMap((option) => option.lead ?? []);
  return {
    steps: (disjoint ? refusal : failures) + most((option) => option.steps),
    failing: sure ? 0 : disjoint ? refusal + most((option) => option.failing) : failures,
    refusal,
    first: options.map((option) => option.first).reduce(union, EMPTY),
    ...(leads.length === options.length ? { lead: anyLead(leads) } : {}),
  };
};

const anyLead = (leads: readonly Lead[]): Lead => ({
  period: Math.min(...leads.map((lead) => lead.period)),
  cost: 1 + sum(leads, (lead) => lead.cost),
  failing: 1 + sum(leads, (lead) => lead.failing),
});

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** A repeated class: when what follows can't start inside of it, only the end of the run goes on. */
const run = ({ body, min, max }: Repeat, rest: Rest): Rest => {
  const set = alphabetOf(body);
  const stops = max - min + 1;
  const sure = rest.failing === 0;
  const inside = intersects(set, rest.first) ? failingAt(stops, rest) : stops * rest.refusal + rest.failing;
  const optional = min === 0;
  return {
    steps: 2 * max + 2 + (sure ? 0 : inside) + rest.steps,
    failing: sure ? (optional ? 0 : min + 2) : 2 * max + 2 + inside,
    refusal: 2 + (optional ? rest.refusal : 0),
    first: optional ? union(set, rest.first) : set,
  };
};

/** A repeated group: each run, then either another or the rest. */
const loop = ({ body, min, max }: Repeat, rest: Rest): Rest => {
  let after = visit(rest);
  for (let done = max - 1; done >= 0 && Number.isFinite(after.steps); done--) {
    const again = before(body, visit(after));
    after = done >= min ? anyOf([again, visit(rest)]) : visit(again);
  }
  return after;
};
