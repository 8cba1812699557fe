import type { CompiledRule } from '../../detect/rules/rule.ts';
import { contextWords } from '../../detect/rules/words.ts';
import { UsageError } from '../../errors.ts';
import { stepsOf } from '../../report/steps.ts';
import type { Values } from '../settings.ts';
import { loadRules, print } from './load.ts';

/**
 * `leakgate rules show ID`: what a rule looks for, with an example, how sure a match is, and what to do about a leak.
 * @throws UsageError for an id that no rule has
 */
export const showRule = async (id: string, values: Values): Promise<number> => {
  const rules = await loadRules(values);
  const rule = rules.find(({ facts }) => facts.id === id);
  if (!rule)
    throw new UsageError(`no rule has the id "${id}"`, `"leakgate rules list ${id.split('-')[0]}" lists those like it`);
  const { facts } = rule;
  const { revoke, docs } = facts.remediation ?? {};
  return print([
    `${facts.id}: ${facts.name}`,
    ...(facts.description ? [facts.description] : []),
    '',
    ...describeRule(rule, rules).map((sentence) => `- ${sentence}`),
    '',
    ...(await exampleLines(rule)),
    'When one leaked',
    `  1. ${facts.kind === 'secret' ? `Revoke or rotate it${revoke ? ` at ${revoke}` : ''}` : 'Nothing: it grants nothing alone'}`,
    ...(facts.kind === 'secret' ? stepsOf(facts).map((step, i) => `  ${i + 2}. ${step}`) : []),
    ...(docs ? ['', `Documentation: ${docs}`] : []),
  ]);
};

const KINDS = {
  secret: (provider: string) => `is a secret of ${provider}`,
  id: (provider: string) => `names an account or resource of ${provider} and is no secret alone`,
  public: (provider: string) => `belongs to ${provider} and is meant to be published`,
} as const;

const SURENESS = {
  high: 'unmistakable',
  medium: 'told by its form together with where it stands',
  low: 'of a common form, and reported by default only where it is given to a name that says credential',
} as const;

/** What there is to say of a rule, one sentence each. */
export const describeRule = (rule: CompiledRule, all: readonly CompiledRule[]): string[] => {
  const { facts, mode, written, anchors, context, within, entropy, needs, check, pair, include } = rule;
  const literals = [...new Set(anchors.map(({ literal }) => literal))];
  const companion = all.find(({ facts: { id } }) => id === pair)?.facts;
  const said: (string | false | undefined)[] = [
    `It ${KINDS[facts.kind](facts.provider)}; a leak is of ${facts.severity} severity.`,
    mode === 'extract' ? `It is read by ${written}, from ${listed(literals)} on.` : `It looks like ${written}`,
    mode === 'form' && literals.length > 0 && `The search starts at ${listed(literals)}.`,
    mode === 'context' &&
      `It has no literal of its own: one of ${listed(contextWords(rule))} has to stand before it on its line (within ${within} characters) or head its section.`,
    mode === 'form' && context.length > 0 && `One of ${listed(context)} has to stand within ${within} characters.`,
    `A match is ${SURENESS[facts.confidence]} (confidence ${facts.confidence}).`,
    entropy > 0 && `It has at least ${entropy} bits of entropy a character.`,
    needs.length > 0 && `It always has ${listed(needs, 'and')}.`,
    check !== undefined && `The offline check "${check}" proves it or lowers the confidence.`,
    companion && `It is used together with ${companion.name} (${companion.id}); near each other they are one finding.`,
    include.length > 0 && `It holds only for ${listed(include)}.`,
    rule.optional && `It is not in the default set: --enable ${facts.id} switches it on.`,
  ];
  return said.filter((sentence) => typeof sentence === 'string');
};

const listed = (words: readonly string[], last = 'or'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** Made up by chance, the same one every time. */
const exampleLines = async (rule: CompiledRule): Promise<string[]> => {
  if (rule.mode === 'extract') return [];
  const { exampleOf } = await import('../../detect/rules/show-example.ts');
  const example = exampleOf(rule);
  return example === undefined ? [] : ['An invented example', `  ${example}`, ''];
};
