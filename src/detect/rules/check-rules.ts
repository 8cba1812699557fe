import type { Detector } from '../detector.ts';
import { type Bench, checkExamples, claimsOn } from './check-examples.ts';
import { checkForm } from './check-form.ts';
import { createExpand } from './examples.ts';
import { type Complaint, compileLoaded, type LoadedRule, tryCompile, usedTwice } from './load.ts';
import type { CompiledRule, RuleSource } from './rule.ts';
import { writtenTemplates } from './written-forms.ts';

/** Something wrong with a rule. */
export interface Problem extends Complaint {
  readonly file: string;
  readonly id: string;
}

export interface Verdict {
  /** In the order of the files and lines. */
  readonly problems: readonly Problem[];
  readonly rules: number;
  readonly examples: number;
}

export interface RulesToCheck {
  /** The rules to report on, and the engine they are going to run on. */
  readonly own: readonly LoadedRule[];
  readonly engine: 'v8' | 're2';
  /** Shipped rules that run beside them; those whose id an own one has are left out, as in a scan. */
  readonly others: readonly LoadedRule[];
  /** Makes a detector of compiled rules. */
  readonly detectorOf: (rules: readonly CompiledRule[]) => Detector;
}

/**
 * Checks rules: ids are unique, forms compile (matches are bounded and hold the anchors) to something linear, companions
 * exist, positive examples are found, negative ones are not, and no example is claimed by a rule that has nothing to do
 * with it. The same rules give the same verdict.
 * @throws UsageError when one of the others does not compile.
 */
export const checkRules = ({ own, engine, others, detectorOf }: RulesToCheck): Verdict => {
  const twice = usedTwice(own);
  const once = own.filter((loaded) => !twice.some(({ rule }) => rule === loaded));
  const compiled = once.map((loaded) => ({ loaded, result: tryCompile(loaded, engine) }));
  const running = compiled.flatMap(({ loaded, result }) => ('message' in result ? [] : [{ loaded, rule: result }]));
  const ids = new Set(once.map(({ rule }) => rule.id));
  const beside = others.filter(({ rule }) => !ids.has(rule.id));
  const together = [...compileLoaded(beside, 'v8'), ...running.map(({ rule }) => rule)];
  const awake = together.map((rule) => ({ ...rule, optional: false }));
  const bench = benchOf([...once, ...beside], detectorOf(together), detectorOf(awake));
  const problems = [
    ...twice.map(({ rule, line, message }) => problemOf(rule, { line, message })),
    ...compiled.flatMap(({ loaded, result }) => ('message' in result ? [problemOf(loaded, result)] : [])),
    ...running.flatMap(({ loaded, rule }) =>
      [...checkForm(loaded, rule), ...checkCompanion(loaded, bench), ...checkExamples(loaded, bench)].map((complaint) =>
        problemOf(loaded, complaint),
      ),
    ),
    ...beside.flatMap((other) => greedOf(once, other, bench)),
  ];
  return { problems: inOrder(problems, own), rules: own.length, examples: sum(own.map(countExamples)) };
};

const benchOf = (loaded: readonly LoadedRule[], asShipped: Detector, allAwake: Detector): Bench => {
  const sources = new Map(loaded.map(({ rule }) => [rule.id, rule]));
  const ruleNamed = (id: string) => sources.get(id);
  const detectorFor = ({ optional }: RuleSource) => (optional ? allAwake : asShipped);
  return { detectorFor, expand: createExpand(ruleNamed), ruleNamed };
};

const problemOf = ({ file, rule }: LoadedRule, { line, message }: Complaint): Problem => ({
  file,
  line,
  id: rule.id,
  message,
});

const checkCompanion = ({ rule, lineOf }: LoadedRule, { ruleNamed }: Bench): Complaint[] =>
  rule.pair === undefined || ruleNamed(rule.pair)
    ? []
    : [{ line: lineOf('pair'), message: `no rule has the id "${rule.pair}"` }];

/** Own rules that claim examples of another: it is they who say too little of their form. */
const greedOf = (own: readonly LoadedRule[], { rule }: LoadedRule, bench: Bench): Problem[] =>
  claimsOn(rule, bench).flatMap(({ example, claimer }) =>
    own
      .filter((one) => one.rule.id === claimer)
      .map((one) =>
        problemOf(one, { line: one.lineOf(), message: `claims ${example} of the unrelated rule "${rule.id}"` }),
      ),
  );

const countExamples = ({ rule }: LoadedRule): number =>
  (rule.examples?.positive.length ?? 0) + (rule.examples?.negative.length ?? 0) + writtenTemplates(rule).length;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** By file as given, then line; the same one once. */
const inOrder = (problems: readonly Problem[], own: readonly LoadedRule[]): Problem[] => {
  const files = [...new Set(own.map(({ file }) => file))];
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line);
};
