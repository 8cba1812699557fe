import type { CompiledRule } from '../../detect/rules/rule.ts';
import { CONFIDENCES, SEVERITIES } from '../../types.ts';
import { choiceOf, isSet, type OptionSpec, texts, type Values } from '../settings.ts';
import { loadRules, print } from './load.ts';

const KINDS = ['secret', 'id', 'public'] as const;

/** Options of `leakgate rules list`. */
export const LIST_OPTIONS = {
  provider: { type: 'string', array: true, placeholder: 'NAME', describe: 'Only rules of this provider; repeatable' },
  severity: { type: 'string', choices: SEVERITIES, describe: 'Only this severity' },
  confidence: { type: 'string', choices: CONFIDENCES, describe: 'Only this confidence' },
  kind: { type: 'string', choices: KINDS, describe: 'Only this kind' },
  optional: { type: 'boolean', describe: 'Only rules that are not in the default set' },
  json: { type: 'boolean', describe: 'One JSON object a line' },
} as const satisfies Record<string, OptionSpec>;

const fold = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '');

/** Does a rule pass the options, and hold all words in its id, name or provider? */
const filterOf = (words: readonly string[], values: Values): ((rule: CompiledRule) => boolean) => {
  const providers = texts(values, 'provider').map(fold);
  const severity = choiceOf(values, 'severity', SEVERITIES);
  const confidence = choiceOf(values, 'confidence', CONFIDENCES);
  const kind = choiceOf(values, 'kind', KINDS);
  const folded = words.map(fold);
  return ({ facts, optional }) =>
    (providers.length === 0 || providers.includes(fold(facts.provider))) &&
    (severity === undefined || facts.severity === severity) &&
    (confidence === undefined || facts.confidence === confidence) &&
    (kind === undefined || facts.kind === kind) &&
    (!isSet(values, 'optional') || optional) &&
    folded.every((word) => fold(`${facts.id} ${facts.name} ${facts.provider}`).includes(word));
};

/**
 * `leakgate rules list [WORD…]`: one line a rule.
 * @returns the exit code: 1 when no rule passes the filter
 */
export const listRules = async (words: readonly string[], values: Values): Promise<number> => {
  const rules = (await loadRules(values)).filter(filterOf(words, values));
  if (rules.length === 0) {
    process.stderr.write('leakgate: no rule passes this filter\n');
    return 1;
  }
  return print(isSet(values, 'json') ? rules.map(asJson) : asTable(rules));
};

const asJson = ({ facts, optional, written }: CompiledRule): string =>
  JSON.stringify({ ...facts, optional, form: written });

const asTable = (rules: readonly CompiledRule[]): string[] => {
  const width = Math.max(...rules.map(({ facts }) => facts.id.length));
  return rules.map(({ optional, facts: { id, severity, confidence, kind, name } }) =>
    [
      id.padEnd(width),
      severity.padEnd(8),
      confidence.padEnd(6),
      kind.padEnd(6),
      name + (optional ? ' (optional)' : ''),
    ].join('  '),
  );
};
