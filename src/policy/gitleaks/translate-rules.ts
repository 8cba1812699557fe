import path from 'node:path';
import type { CompiledRule } from '../../detect/rules/rule.ts';
import { UsageError } from '../../errors.ts';
import type { GitleaksDocument, GitleaksRule, Untranslated } from './document.ts';
import type { PlaceConditions } from './review.ts';
import { sayPlace } from './table.ts';
import type { MakeTest } from './tester.ts';
import { translateRule } from './translate.ts';

export interface TranslatedRules {
  readonly rules: readonly CompiledRule[];
  /** By id, of the rules that run. */
  readonly conditions: ReadonlyMap<string, PlaceConditions>;
  readonly untranslated: readonly Untranslated[];
}

/**
 * Translates the rules of a file.
 * @param shipped ids of the rules of leakgate that run beside them.
 * @throws UsageError for an id that is used twice and for a path that is no regex.
 */
export const translateRules = (
  source: GitleaksDocument,
  shipped: ReadonlySet<string>,
  makeTest: MakeTest,
): TranslatedRules => {
  requireUnique(source.rules);
  const provider = source.title || path.basename(source.file);
  const untranslated: Untranslated[] = [];
  const running: (readonly [GitleaksRule, CompiledRule])[] = [];
  for (const one of source.rules) {
    if (one.regex === undefined) {
      untranslated.push(...withoutRegex(one, source.extend.useDefault, shipped));
      continue;
    }
    const translated = translateRule(one, provider);
    untranslated.push(...translated.untranslated);
    if (translated.rule) running.push([one, translated.rule]);
  }
  const known = new Set([...shipped, ...running.map(([{ id }]) => id)]);
  const conditions = new Map(running.map(([one]) => [one.id, conditionsOf(one, known, makeTest)]));
  untranslated.push(...running.flatMap(([one]) => missingRequired(one, known)));
  return { rules: running.map(([, rule]) => rule), conditions, untranslated };
};

const missingRequired = ({ id, required }: GitleaksRule, known: ReadonlySet<string>): Untranslated[] =>
  required
    .filter((other) => !known.has(other.id))
    .map(({ id: missing, place }) => ({
      place,
      message: `rule "${id}" requires the rule "${missing}", which does not run: it matches without`,
    }));

const requireUnique = (rules: readonly GitleaksRule[]): void => {
  const seen = new Map<string, GitleaksRule>();
  for (const rule of rules) {
    const before = seen.get(rule.id);
    if (before)
      throw new UsageError(`${sayPlace(rule.place)}: the id "${rule.id}" is already used in ${sayPlace(before.place)}`);
    seen.set(rule.id, rule);
  }
};

/** A rule that names files, and one that changes a default rule: of these only the allowlists are translated. */
const withoutRegex = (rule: GitleaksRule, useDefault: boolean, shipped: ReadonlySet<string>): Untranslated[] => {
  const { id, place, places } = rule;
  const say = (message: string, at = place): Untranslated => ({ place: at, message: `rule "${id}" ${message}` });
  if (shipped.has(id)) {
    const changed = Object.keys(places);
    if (changed.length === 0) return [];
    return [say(`is a rule of leakgate here, which ${changed.map((name) => `"${name}"`).join(', ')} does not change`)];
  }
  if (rule.path !== undefined)
    return [say('is not translated and does not run: it finds files by their names alone', places.path)];
  const reason = useDefault ? 'leakgate has no rule of that id to change' : 'it has no regex';
  return [say(`is not translated and does not run: ${reason}`)];
};

const conditionsOf = (
  { path: regex, places, place, skipReport, required }: GitleaksRule,
  known: ReadonlySet<string>,
  makeTest: MakeTest,
): PlaceConditions => ({
  ...(regex === undefined ? {} : { path: makeTest(regex, places.path ?? place) }),
  skipReport,
  required: required.filter(({ id }) => known.has(id)),
});
