import { loadShippedRules } from '../../assets.ts';
import type { CompiledRule } from '../../detect/rules/rule.ts';
import { decodeRuleSet } from '../../detect/rules/ruleset.ts';
import { UsageError } from '../../errors.ts';
import type { Review } from '../../scan/options.ts';
import type { Skipped } from '../../types.ts';
import { createAllowlist } from './allowlist.ts';
import type { GitleaksAllowlist, GitleaksDocument, Untranslated } from './document.ts';
import { readWithExtended } from './extend.ts';
import { createReview } from './review.ts';
import { sayPlace } from './table.ts';
import { loadTester, type MakeTest } from './tester.ts';
import { translateRules } from './translate-rules.ts';

/** What a gitleaks configuration adds to a scan. */
export interface GitleaksImport {
  readonly rules: readonly CompiledRule[];
  /** True when the shipped rules run as well. */
  readonly usesShipped: boolean;
  /** Ids of shipped rules that are switched off. */
  readonly disable: readonly string[];
  /** Allowlists look at the whole match, at the lines it stands on. */
  readonly keepsForm: boolean;
  readonly keepsLines: boolean;
  readonly review: Review;
  /** What leakgate does not do, for the receipt. */
  readonly untranslated: readonly Skipped[];
  /** The same and what else is to be known, one line each, for standard error. */
  readonly notices: readonly string[];
}

/**
 * Makes rules and allowlists of a gitleaks configuration (docs/gitleaks.md says of what and how).
 * @param readText gives the text of a file, or throws UsageError.
 * @throws UsageError with file and line for what is wrong in it, and when no rule at all would run.
 */
export const importGitleaks = async (file: string, readText: (file: string) => string): Promise<GitleaksImport> => {
  const source = readWithExtended(file, readText);
  const shipped = new Set(source.extend.useDefault ? decodeRuleSet(loadShippedRules()).ids : []);
  const makeTest = await loadTester();
  const { rules, untranslated, conditions } = translateRules(source, shipped, makeTest);
  if (rules.length === 0 && !source.extend.useDefault) {
    throw new UsageError(
      `${file}: no rule is left to run${untranslated[0] ? `: ${untranslated[0].message}` : ''}`,
      'write "useDefault = true" below [extend] to run the rules of leakgate',
    );
  }
  const own = new Set(rules.map(({ facts }) => facts.id));
  const disabled = disabledOf(source, shipped, own);
  const named = [
    ...source.untranslated,
    ...untranslated,
    ...disabled.untranslated,
    ...unknownTargets(source, shipped, own),
  ];
  return {
    rules,
    usesShipped: source.extend.useDefault,
    disable: disabled.ids,
    ...targetsOf(source),
    review: createReview({ conditions, ...allowlistsOf(source, makeTest) }),
    untranslated: named.map(({ place, message }) => ({
      reason: 'part of a configuration',
      where: sayPlace(place),
      incomplete: false,
      detail: message,
    })),
    notices: [...ownRulesNotice(source, rules), ...named.map(({ place, message }) => `${sayPlace(place)}: ${message}`)],
  };
};

const ownRulesNotice = ({ file, extend }: GitleaksDocument, rules: readonly CompiledRule[]): string[] => {
  if (extend.useDefault) return [];
  const count = rules.length === 1 ? 'the 1 rule' : `the ${rules.length} rules`;
  return [`${file}: only ${count} of this file run, as [extend] useDefault = true is not there`];
};

/** Ids are those of gitleaks: a rule of leakgate that has the same one is meant. */
const disabledOf = ({ extend }: GitleaksDocument, shipped: ReadonlySet<string>, own: ReadonlySet<string>) => {
  const wanted = extend.useDefault ? [...new Set(extend.disabledRules)] : [];
  const unknown = wanted.filter((id) => !shipped.has(id));
  const untranslated: Untranslated[] = unknown.map((id) => ({
    place: extend.disabledPlace,
    message: `"disabledRules": leakgate has no rule "${id}" to switch off`,
  }));
  return { ids: wanted.filter((id) => shipped.has(id) && !own.has(id)), untranslated };
};

const unknownTargets = (
  { allowlists }: GitleaksDocument,
  shipped: ReadonlySet<string>,
  own: ReadonlySet<string>,
): Untranslated[] =>
  allowlists.flatMap(({ place, targetRules }) =>
    targetRules
      .filter((id) => !shipped.has(id) && !own.has(id))
      .map((id) => ({ place, message: `allowlist: no rule "${id}" runs, which "targetRules" names` })),
  );

const allListsOf = ({ rules, allowlists }: GitleaksDocument): GitleaksAllowlist[] => [
  ...allowlists,
  ...rules.flatMap((rule) => rule.allowlists),
];

const targetsOf = (source: GitleaksDocument): Pick<GitleaksImport, 'keepsForm' | 'keepsLines'> => {
  const targets = new Set(
    allListsOf(source).flatMap(({ regexes, regexTarget }) => (regexes.length > 0 ? [regexTarget] : [])),
  );
  return { keepsForm: targets.has('match'), keepsLines: targets.has('line') };
};

const allowlistsOf = ({ rules, allowlists }: GitleaksDocument, makeTest: MakeTest) => {
  const prepare = (list: GitleaksAllowlist) => createAllowlist(list, makeTest);
  const byRule = new Map(rules.map((rule) => [rule.id, rule.allowlists.map(prepare)]));
  for (const list of allowlists) {
    for (const id of new Set(list.targetRules)) byRule.set(id, [...(byRule.get(id) ?? []), prepare(list)]);
  }
  return { global: allowlists.filter(({ targetRules }) => targetRules.length === 0).map(prepare), byRule };
};
