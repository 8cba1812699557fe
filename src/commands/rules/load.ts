import type { CompiledRule } from '../../detect/rules/rule.ts';
import { allRules, prepareDetector } from '../../policy/rules.ts';
import { forTerminal } from '../../report/escape.ts';
import { texts, type Values } from '../settings.ts';

/** The rules that ship, and those of --rules, sorted by id. @throws UsageError for a broken rule file. */
export const loadRules = async (values: Values): Promise<CompiledRule[]> => {
  const { rules } = await prepareDetector({ folders: texts(values, 'rules'), only: [], enable: [], disable: [] });
  return allRules(rules).sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1));
};

/** Prints lines. Rules of users may say anything: no control character of theirs reaches the terminal. */
export const print = (lines: readonly string[]): number => {
  process.stdout.write(`${lines.map(forTerminal).join('\n')}\n`);
  return 0;
};
