import type { Located } from '../../findings/grouping.ts';
import type { Review, Reviewed } from '../../scan/options.ts';
import type { Allowlist } from './allowlist.ts';
import type { GitleaksRequired } from './document.ts';
import type { Test } from './tester.ts';

/** What a rule asks of the place of its matches. */
export interface PlaceConditions {
  readonly path?: Test;
  /** Its matches serve rules that require them, and are not reported. */
  readonly skipReport: boolean;
  readonly required: readonly GitleaksRequired[];
}

export interface ReviewSource {
  readonly conditions: ReadonlyMap<string, PlaceConditions>;
  /** For all rules. */
  readonly global: readonly Allowlist[];
  /** By rule. */
  readonly byRule: ReadonlyMap<string, readonly Allowlist[]>;
}

/**
 * Applies what has to be decided once it is known where matches stand. Of several rules that matched the same text each
 * is judged by itself: the match counts as long as one of them says so, and goes by the name of that one.
 */
export const createReview =
  ({ conditions, global, byRule }: ReviewSource): Review =>
  (placed) => {
    const commitsOf = commitIndex(placed);
    const isNear = requiredIndex(placed, conditions);
    const counts = (id: string, one: Located): boolean => {
      const condition = conditions.get(id);
      if (!condition) return true;
      if (condition.skipReport) return false;
      if (condition.path && !(one.path !== undefined && condition.path(one.path))) return false;
      return condition.required.every((required) => isNear(one, required));
    };
    const reasonOf = (id: string, one: Located): string | undefined =>
      [...global, ...(byRule.get(id) ?? [])].find(({ accepts }) => accepts(one, commitsOf(one)))?.reason;
    return placed.flatMap((one): Reviewed[] => {
      const standing = [one.match.ruleId, ...one.match.alsoMatched].filter((id) => counts(id, one));
      const [first] = standing;
      if (first === undefined) return [];
      const open = standing.find((id) => reasonOf(id, one) === undefined);
      const speaker = open ?? first;
      const allowed = open === undefined ? reasonOf(first, one) : undefined;
      return [{ placed: named(one, speaker, standing), ...(allowed === undefined ? {} : { allowed }) }];
    });
  };

const named = (placed: Located, ruleId: string, standing: readonly string[]): Located => {
  const alsoMatched = standing.filter((id) => id !== ruleId);
  const { match } = placed;
  if (match.ruleId === ruleId && match.alsoMatched.length === alsoMatched.length) return placed;
  return { ...placed, match: { ...match, ruleId, alsoMatched } };
};

/**
 * The commits that brought a secret into a path. A file that holds an accepted secret is stored anew with every later
 * change, so the commit of one version speaks for the others.
 */
const commitIndex = (placed: readonly Located[]): ((one: Located) => ReadonlySet<string>) => {
  const index = new Map<string, Set<string>>();
  const keyOf = ({ match, path = '' }: Located) => `${match.identity}\0${path}`;
  for (const one of placed) {
    if (!one.commit) continue;
    const key = keyOf(one);
    const known = index.get(key);
    if (known) known.add(one.commit.oid);
    else index.set(key, new Set([one.commit.oid]));
  }
  return (one) => index.get(keyOf(one)) ?? NO_COMMITS;
};

const NO_COMMITS: ReadonlySet<string> = new Set();

/** Finds the matches of rules that others require, by rule and item. */
const requiredIndex = (
  placed: readonly Located[],
  conditions: ReadonlyMap<string, PlaceConditions>,
): ((one: Located, required: GitleaksRequired) => boolean) => {
  const wanted = new Set([...conditions.values()].flatMap(({ required }) => required.map(({ id }) => id)));
  const index = new Map<string, Located[]>();
  const keyOf = (id: string, { origin }: Located) => JSON.stringify([id, origin]);
  for (const one of wanted.size === 0 ? [] : placed) {
    for (const id of [one.match.ruleId, ...one.match.alsoMatched]) {
      if (!wanted.has(id)) continue;
      const known = index.get(keyOf(id, one));
      if (known) known.push(one);
      else index.set(keyOf(id, one), [one]);
    }
  }
  return (one, required) => (index.get(keyOf(required.id, one)) ?? []).some((other) => isWithin(one, other, required));
};

const isWithin = (one: Located, other: Located, { withinLines, withinColumns }: GitleaksRequired): boolean => {
  const lines = Math.abs(one.match.region.startLine - other.match.region.startLine);
  const columns = Math.abs(one.match.region.startColumn - other.match.region.startColumn);
  return (
    (withinLines === undefined || lines <= withinLines) && (withinColumns === undefined || columns <= withinColumns)
  );
};
