import { loadKernel, loadShippedRules } from '../assets.ts';
import type { CompiledRule } from '../detect/rules/rule.ts';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { UsageError } from '../errors.ts';
import type { DetectorSetup } from '../scan/setup.ts';

export interface RuleChoice {
  /** Folders or files with rules of the user; one with the id of a shipped rule replaces it. */
  readonly folders: readonly string[];
  /** Ids to run, all when empty. */
  readonly only: readonly string[];
  /** Ids of optional rules to run as well; 'all' means all of them. */
  readonly enable: readonly string[];
  /** Ids switched off. */
  readonly disable: readonly string[];
  /** Rules of a configuration of another scanner. */
  readonly imported?: ImportedRules;
}

export interface ImportedRules {
  readonly rules: readonly CompiledRule[];
  /** True when the shipped rules run as well. */
  readonly usesShipped: boolean;
  /** Matches keep the text of the whole form, and the lines they stand on, for allowlists that look at them. */
  readonly keepsForm: boolean;
  readonly keepsLines: boolean;
}

/** All rules of a rule set, decoded. */
export const allRules = (bytes: Uint8Array): CompiledRule[] => {
  const set = decodeRuleSet(bytes);
  return Array.from({ length: set.size }, (_, index) => set.rule(index));
};

/**
 * Puts together the rules of a run. Without user rules nothing is parsed: the shipped set is taken as built.
 * @throws UsageError for a broken rule file and for an id that no rule has.
 */
export const prepareDetector = async (choice: RuleChoice): Promise<DetectorSetup> => {
  const shipped = loadShippedRules();
  const known = choice.folders.length > 0 || choice.imported ? await withUserRules(shipped, choice) : shipped;
  const rules = await withOptional(known, choice);
  const { needsLinear } = decodeRuleSet(rules);
  const only = chosenIds(rules, choice);
  return {
    kernel: loadKernel(),
    rules,
    needsLinear,
    engine: needsLinear ? await engineName() : 'v8',
    ...(only ? { only } : {}),
    ...(choice.imported?.keepsLines ? { keepsLines: true } : {}),
  };
};

const withUserRules = async (shipped: Uint8Array, { folders, imported }: RuleChoice): Promise<Uint8Array> => {
  // The compiler and the YAML parser are loaded only when there is something to compile.
  const { compileLoaded, loadRuleFiles } = await import('../detect/rules/load.ts');
  const { encodeRuleSet } = await import('../detect/rules/encode.ts');
  const own = [...compileLoaded(folders.flatMap(loadRuleFiles), 're2'), ...(imported?.rules ?? [])];
  const ids = new Set<string>();
  for (const { facts } of own) {
    if (ids.has(facts.id)) throw new UsageError(`the rule id "${facts.id}" is used twice`);
    ids.add(facts.id);
  }
  const kept = imported?.usesShipped === false ? [] : allRules(shipped).filter(({ facts }) => !ids.has(facts.id));
  const rules = [...kept, ...own];
  return encodeRuleSet(imported?.keepsForm ? rules.map((rule) => ({ ...rule, keepsForm: true })) : rules);
};

/** Wakes the optional rules that are asked for, be it by --only. */
const withOptional = async (rules: Uint8Array, { enable, only }: RuleChoice): Promise<Uint8Array> => {
  const all = enable.includes('all');
  const wanted = new Set([...enable, ...only]);
  if (wanted.size === 0) return rules;
  const { ids } = decodeRuleSet(rules);
  for (const id of enable) if (id !== 'all') requireKnown(id, ids);
  const isWoken = ({ optional, facts }: CompiledRule) => optional && (all || wanted.has(facts.id));
  const decoded = allRules(rules);
  if (!decoded.some(isWoken)) return rules;
  const { encodeRuleSet } = await import('../detect/rules/encode.ts');
  return encodeRuleSet(decoded.map((rule) => (isWoken(rule) ? { ...rule, optional: false } : rule)));
};

const requireKnown = (id: string, ids: readonly string[]): void => {
  if (!ids.includes(id)) throw new UsageError(`no rule has the id "${id}"`, nearest(id, ids));
};

const engineName = async (): Promise<string> => {
  const { loadEngines } = await import('../detect/engine.ts');
  return (await loadEngines(true)).name;
};

const chosenIds = (rules: Uint8Array, { only, disable }: RuleChoice): string[] | undefined => {
  if (only.length === 0 && disable.length === 0) return undefined;
  const active = allRules(rules).flatMap(({ facts, optional }) => (optional ? [] : [facts.id]));
  const { ids } = decodeRuleSet(rules);
  for (const id of [...only, ...disable]) requireKnown(id, ids);
  return active.filter((id) => (only.length === 0 || only.includes(id)) && !disable.includes(id));
};

const nearest = (wanted: string, ids: readonly string[]): string => {
  const words = wanted.split('-');
  const shared = (id: string) => id.split('-').filter((word) => words.includes(word)).length;
  const best = [...ids].sort((a, b) => shared(b) - shared(a))[0];
  return best && shared(best) > 0
    ? `did you mean "${best}"? "leakgate rules list" shows all`
    : '"leakgate rules list" shows all';
};
