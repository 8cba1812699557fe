import type { Match } from '../types.ts';
import type { Collect } from './collector.ts';
import { besideId, joinCompanions, type Runner, sleepingCompanion, withCompanion } from './companions.ts';
import type { Matcher } from './engine.ts';
import { knownSample } from './judge/known-samples.ts';
import type { Layer } from './layer.ts';
import type { RankedMatch } from './overlap.ts';
import type { CompiledRule } from './rules/rule.ts';
import type { RuleSet } from './rules/ruleset.ts';

/** What is done beyond single rules: ids bring their secrets, secrets their companions, known samples are marked. */
export const createFinishing = (
  rules: RuleSet,
  matcherOf: (index: number) => Matcher,
  isEnabled: (index: number) => boolean,
) => {
  const runnerOf = (id: string): (Runner & { readonly index: number }) | undefined => {
    const index = rules.indexOf(id);
    return index < 0 ? undefined : { index, rule: rules.rule(index), matcher: matcherOf(index) };
  };
  /** Adds what belongs to an unmistakable id that ends at `end` and has no literal of its own. */
  const addBeside = ({ facts, mode, pair }: CompiledRule, layer: Layer, end: number, add: Collect): void => {
    if (pair === undefined || mode !== 'form' || facts.kind === 'secret' || facts.confidence !== 'high') return;
    const runner = runnerOf(pair);
    if (runner?.rule.mode !== 'context' || !isEnabled(runner.index)) return;
    for (const one of besideId(runner, layer, end)) add(runner.rule, runner.index, one);
  };
  /** The matches of a layer as they are reported. */
  const finished = (matches: readonly RankedMatch[], layer: Layer): Match[] =>
    joinCompanions(matches, rules.ruleNamed).map((match) => {
      const { pair, facts } = rules.ruleNamed(match.ruleId)!;
      const runner = pair === undefined || match.companion || facts.kind !== 'secret' ? undefined : runnerOf(pair);
      const asleep = runner?.rule.optional && runner.rule.facts.kind !== 'secret' && match.chain.length === 0;
      const companion = asleep ? sleepingCompanion(runner, layer, match) : undefined;
      return withoutRank(marked(companion ? withCompanion(match, companion, runner?.rule) : match));
    });
  return { addBeside, finished };
};

/** A sample that everybody has protects nothing: it is shown as what it is. */
const marked = (match: RankedMatch): RankedMatch => {
  const known = knownSample(match.secret);
  if (known === undefined) return match;
  const details = { ...match.details, known };
  return { ...match, confidence: 'low', severity: 'low', details, reasons: [...match.reasons, `it is ${known}`] };
};

const withoutRank = ({ specificity: _, ...match }: RankedMatch): Match => match;
