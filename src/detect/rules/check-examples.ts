import type { Match } from '../../types.ts';
import type { Detector } from '../detector.ts';
import { type ExampleKind, isFound, isFoundExactly, type Trial, tryExamples } from './example-trials.ts';
import { ExampleError, type Expand } from './examples.ts';
import type { Complaint, LoadedRule } from './load.ts';
import type { RuleSource } from './rule.ts';
import { writtenTemplates } from './written-forms.ts';

/** What examples are tried with. */
export interface Bench {
  /** All rules together as they run by default; for an optional rule with the optional ones awake. */
  readonly detectorFor: (rule: RuleSource) => Detector;
  readonly expand: Expand;
  readonly ruleNamed: (id: string) => RuleSource | undefined;
}

/** An example of one rule that an unrelated rule claims. */
export interface Claim {
  /** 'positive example 2' */
  readonly example: string;
  readonly claimer: string;
}

/** Rules that may speak up in negative examples of any other. */
const SPEAK_UP: ReadonlySet<string> = new Set([
  // What is no token of a provider, being glued to something, may be a JWT all the same.
  'jwt',
]);

/** Has a rule something to do with the one whose example it claims? */
const isRelated = (rule: RuleSource, claimer: RuleSource, match: Match, kind: ExampleKind): boolean =>
  rule.provider === claimer.provider ||
  // An optional rule is one that others may be taken for.
  rule.optional === true ||
  rule.pair === claimer.id ||
  claimer.pair === rule.id ||
  // What carries any credential, and values of names that say "secret", are for what nobody else knows.
  givesWay(claimer) ||
  (givesWay(rule) && match.alsoMatched.includes(rule.id)) ||
  (kind === 'negative' && SPEAK_UP.has(claimer.id));

const givesWay = ({ carrier, extract }: RuleSource): boolean => carrier === true || extract === 'assignment';

/** What is wrong with a rule's examples. */
export const checkExamples = (loaded: LoadedRule, bench: Bench): Complaint[] => {
  const { rule, lineOf } = loaded;
  // What a reader finds, and what carries any credential, can be written in no other way than its own.
  const needsOwn = writtenTemplates(rule).length === 0;
  const missing = (['positive', 'negative'] as const).filter((kind) => needsOwn && !rule.examples?.[kind].length);
  const complaints = missing.map((kind) => ({ line: lineOf('examples', kind), message: `has no ${kind} example` }));
  try {
    const groups = groupTrials(tryExamples(rule, bench.expand, bench.detectorFor(rule)));
    return [...complaints, ...groups.flatMap((group) => groupComplaints(loaded, group, bench))];
  } catch (error) {
    if (!(error instanceof ExampleError)) throw error;
    return [...complaints, { line: lineOf(error.field), message: error.message }];
  }
};

/** The examples of a rule that unrelated rules claim. @throws ExampleError when one can't be filled in. */
export const claimsOn = (rule: RuleSource, bench: Bench): Claim[] =>
  groupTrials(tryExamples(rule, bench.expand, bench.detectorFor(rule))).flatMap((group) =>
    groupClaims(rule, group, bench),
  );

/** The trials of one example. */
type Group = readonly [Trial, ...Trial[]];

const groupTrials = (trials: readonly Trial[]): Group[] => {
  const groups = new Map<string, [Trial, ...Trial[]]>();
  for (const trial of trials) {
    const key = `${trial.kind} ${trial.name}`;
    const group = groups.get(key);
    if (group) group.push(trial);
    else groups.set(key, [trial]);
  }
  return [...groups.values()];
};

const nameOf = ({ name, index, kind }: Trial): string =>
  index !== undefined ? name : kind === 'positive' ? `the form written as ${name}` : `${name} in its place`;

const groupComplaints = ({ rule, lineOf }: LoadedRule, group: Group, bench: Bench): Complaint[] => {
  const [{ kind, index }] = group;
  const line = index === undefined ? lineOf() : lineOf('examples', kind, index);
  const wrong = kind === 'positive' ? missed(rule, group) : foundAnyway(rule, group);
  const claims = groupClaims(rule, group, bench).map(
    ({ example, claimer }) => `${example} is claimed by the unrelated rule "${claimer}"`,
  );
  return [...wrong, ...claims].map((message) => ({ line, message }));
};

const missed = (rule: RuleSource, group: Group): string[] => {
  const lost = group.filter((trial) => !isFoundExactly(rule, trial));
  return lost[0] ? [`${nameOf(lost[0])} is not found${times(lost, group)}${whyMissed(rule, lost[0])}`] : [];
};

const whyMissed = (rule: RuleSource, trial: Trial): string => {
  if (isFound(rule, trial)) return ': the match is not the secret that was put in';
  return trial.refused === undefined ? '' : `: refused, ${trial.refused}`;
};

const foundAnyway = (rule: RuleSource, group: Group): string[] => {
  const found = group.filter((trial) => isFound(rule, trial));
  return found[0] ? [`${nameOf(found[0])} is found${times(found, group)}`] : [];
};

const times = (some: readonly Trial[], all: readonly Trial[]): string =>
  some.length === all.length ? '' : ` with ${some.length} of ${all.length} generated secrets`;

const groupClaims = (rule: RuleSource, group: Group, { ruleNamed }: Bench): Claim[] => {
  const claimers = group.flatMap(({ kind, matches }) =>
    matches.flatMap((match) => {
      const claimer = ruleNamed(match.ruleId);
      return !claimer || claimer === rule || isRelated(rule, claimer, match, kind) ? [] : [claimer.id];
    }),
  );
  return [...new Set(claimers)].sort().map((claimer) => ({ example: nameOf(group[0]), claimer }));
};
