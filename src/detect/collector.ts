import { CONFIDENCES, type Dropped } from '../types.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import type { RankedMatch } from './overlap.ts';
import type { CompiledRule } from './rules/rule.ts';

/** Takes what a rule finds in a layer. */
export type Collect = (rule: CompiledRule, index: number, found: Draft | Refusal) => void;

/** Rules are numbered with 16 bits in the compiled set. */
export const MOST_RULES = 1 << 16;

/** What was found at a span: the number of its match, or of its refusal. */
interface Seen {
  readonly end: number;
  at: number;
  refused: boolean;
}

/** Gathers what rules find in a layer; of one span found through several anchors the surest reading counts. */
export const createCollector = (all: Dropped[], keepDropped: boolean): { collect: Collect; matches: RankedMatch[] } => {
  const matches: RankedMatch[] = [];
  const dropped: Dropped[] = keepDropped ? all : [];
  // By rule and start; a rule finds two spans with one start only through anchors of different places.
  const seen = new Map<number, Seen[]>();
  const collect: Collect = (rule, index, found) => {
    const key = found.start * MOST_RULES + index;
    const spans = seen.get(key) ?? [];
    if (spans.length === 0) seen.set(key, spans);
    const known = spans.find(({ end }) => end === found.end);
    if ('refused' in found) {
      if (known) return;
      spans.push({ end: found.end, at: dropped.length, refused: true });
      dropped.push({ ruleId: rule.facts.id, start: found.start, end: found.end, reason: found.refused });
      return;
    }
    const { weight = 0, ...draft } = found;
    const match = { ...draft, ruleId: rule.facts.id, alsoMatched: [], specificity: rule.specificity + weight };
    if (known && !known.refused) {
      if (isSurer(match, matches[known.at]!)) matches[known.at] = match;
      return;
    }
    if (known) {
      dropped[known.at] = ACCEPTED;
      known.at = matches.length;
      known.refused = false;
    } else spans.push({ end: found.end, at: matches.length, refused: false });
    matches.push(match);
  };
  return { collect, matches };
};

/** Stands in for a refusal that another anchor of the rule took back. */
export const ACCEPTED: Dropped = { ruleId: '', start: 0, end: 0, reason: '' };

const isSurer = (a: RankedMatch, b: RankedMatch): boolean =>
  (CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) || a.specificity - b.specificity) > 0;

/** The refusals that stand. */
export const withoutAccepted = (dropped: readonly Dropped[]): Dropped[] => dropped.filter((one) => one !== ACCEPTED);
