import { UsageError } from '../../errors.ts';
import type { FormAnchor } from '../form/anchors.ts';
import { compileForm, type Form, type FormSource } from '../form/form.ts';
import { stepsFromOneStart, worstCaseSteps } from '../form/linear.ts';
import type { AnchorTest } from '../kernel/image.ts';
import type { CompiledRule, RuleAnchor, RuleSource } from './rule.ts';
import { foldWord, searchWords, spellings } from './words.ts';

const DEFAULT_WITHIN = 40;
/** The kernel takes literals of these lengths. */
const MIN_ANCHOR = 3;
const MAX_ANCHOR = 255;
/** A reader sees this much behind its anchor. */
const READER_REACH = {
  'private-key': 65536,
  assignment: 1024,
  'kubernetes-secret': 65536,
  'service-account': 8192,
} as const;
/** Ranks of readers among the forms: keys and key files say more than any prefix, assignments less than anything. */
const READER_RANK = { 'service-account': 400, 'private-key': 300, 'kubernetes-secret': 8, assignment: 0 } as const;
/**
 * Shipped patterns run on V8, which backtracks: a rule whose upper bound of steps for one candidate is above this (a few
 * milliseconds) runs on RE2. A test holds all shipped rules below it.
 */
const V8_STEP_LIMIT = 1_000_000;

/**
 * Compiles one rule.
 * @param engine 'v8' for shipped rules (kept only for patterns of a linear shape), 're2' for rules from users.
 * @throws FormError for a bad shape or pattern, UsageError for anchors that are too short or too long.
 */
export const compileRule = (rule: RuleSource, engine: 'v8' | 're2'): CompiledRule => {
  const common = commonFields(rule);
  if (rule.extract) {
    const anchors = (rule.anchors ?? []).map((literal) => readerAnchor(literal, rule));
    return {
      ...common,
      ...EMPTY_FORM,
      mode: 'extract',
      anchors,
      engine,
      maxLength: READER_REACH[rule.extract],
      specificity: READER_RANK[rule.extract],
    };
  }
  const form = compileForm(formSourceOf(rule), {
    ...(rule.anchors?.length ? { anchors: [...rule.anchors] } : {}),
    ...(rule.nocase === undefined ? {} : { nocase: rule.nocase }),
    encodedLimit: 4096,
    // Imported patterns were written without bounds in mind: key blocks of several lines must fit.
    ...(rule.secretGroup === undefined ? {} : { wideLimit: 4096 }),
  });
  const { mode, anchors } = anchorsOf(rule, form);
  return {
    ...common,
    mode,
    anchors,
    source: form.source,
    hasSecretGroup: form.hasSecretGroup,
    engine: engine === 'v8' && stepsOf(form, anchors) <= V8_STEP_LIMIT ? 'v8' : 're2',
    minLength: form.minLength,
    maxLength: form.maxLength,
    first: form.first,
    last: form.last,
    lastOpen: form.lastOpen,
    specificity: specificityOf(rule, mode, anchors),
  };
};

const formSourceOf = ({ shape, pattern = '', secretGroup }: RuleSource): FormSource =>
  shape !== undefined ? { shape } : secretGroup === undefined ? { pattern } : { pattern, secretGroup };

/** An anchor at a fixed place is matched from one start only; others are searched for. */
const stepsOf = (form: Form, anchors: readonly RuleAnchor[]): number =>
  anchors.length > 0 && anchors.every(({ minOffset, maxOffset }) => minOffset === maxOffset)
    ? stepsFromOneStart(form.tree)
    : worstCaseSteps(form.tree);

/** A provider's form outranks a context rule, and both what merely carries a credential. */
const specificityOf = (rule: RuleSource, mode: CompiledRule['mode'], anchors: readonly RuleAnchor[]): number => {
  const letters = Math.min(longest(anchors), 80);
  if (rule.carrier) return 1 + letters / 20;
  // A form that is unmistakable says more than one that only resembles it, whatever their literals.
  const sure = rule.confidence === 'high' || rule.context?.length ? 100 : 0;
  // One that is told from its like by a word near is the better answer where the word is there.
  const told = rule.context?.length ? 10 : 0;
  return mode === 'form' ? 20 + letters + sure + told : mode === 'context' ? 10 : 6;
};

const EMPTY_FORM = {
  source: '',
  hasSecretGroup: false,
  minLength: 1,
  first: '',
  last: '',
  lastOpen: false,
} as const;

const commonFields = (rule: RuleSource) => ({
  facts: factsOf(rule),
  written: rule.shape ?? rule.pattern ?? `what the reader "${rule.extract}" finds`,
  boundary: rule.boundary ?? ('token' as const),
  carrier: rule.carrier ?? false,
  optional: rule.optional ?? false,
  context: (rule.context ?? []).map(foldWord),
  within: rule.within ?? DEFAULT_WITHIN,
  entropy: rule.entropy ?? 0,
  needs: rule.needs ?? [],
  include: rule.include ?? [],
  ...(rule.check === undefined ? {} : { check: rule.check }),
  ...(rule.extract === undefined ? {} : { extract: rule.extract }),
  ...(rule.pair === undefined ? {} : { pair: rule.pair }),
});

const factsOf = (rule: RuleSource): CompiledRule['facts'] => ({
  id: rule.id,
  provider: rule.provider,
  name: rule.name,
  kind: rule.kind,
  severity: rule.severity,
  confidence: rule.confidence,
  ...(rule.description === undefined ? {} : { description: rule.description }),
  ...(rule.remediation === undefined ? {} : { remediation: rule.remediation }),
});

/** Literals in the form anchor it; without one the context words do; without those it is looked for everywhere. */
const anchorsOf = (rule: RuleSource, form: Form): { mode: CompiledRule['mode']; anchors: RuleAnchor[] } => {
  if (form.anchors.length > 0) {
    for (const { literal } of form.anchors) requireFit(literal, 'literal', rule);
    const anchors = form.anchors.map((anchor) => ({
      literal: anchor.nocase ? anchor.literal.toLowerCase() : anchor.literal,
      nocase: anchor.nocase,
      minOffset: anchor.minOffset,
      maxOffset: anchor.maxOffset,
      test: testOf(anchor),
    }));
    return { mode: 'form', anchors };
  }
  if (!rule.context?.length) return { mode: 'everywhere', anchors: [] };
  const within = rule.within ?? DEFAULT_WITHIN;
  const near = { type: 'near', set: form.alphabet, min: form.minLength } as const;
  const anchors = searchWords(rule.context).flatMap(({ word, further }) =>
    spellings(word).map((literal): RuleAnchor => {
      requireFit(literal, 'context word', rule);
      return { literal, nocase: true, minOffset: 0, maxOffset: 0, test: { ...near, reach: within + further } };
    }),
  );
  return { mode: 'context', anchors: distinctBy(anchors, ({ literal }) => literal) };
};

const testOf = ({ follow }: FormAnchor): AnchorTest => {
  if (!follow) return { type: 'none' };
  const { set, min, until } = follow;
  if (until) return { type: 'until', set, min, reach: until.max, byte: until.byte };
  return min > 0 ? { type: 'run', set, min } : { type: 'none' };
};

const distinctBy = <T>(items: readonly T[], key: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

const requireFit = (literal: string, what: string, { id }: RuleSource): void => {
  const wrong =
    literal.length < MIN_ANCHOR
      ? `shorter than ${MIN_ANCHOR}`
      : literal.length > MAX_ANCHOR
        ? `longer than ${MAX_ANCHOR}`
        : undefined;
  if (wrong) throw new UsageError(`rule ${id}: the ${what} "${literal}" is ${wrong} characters`);
};

const readerAnchor = (literal: string, rule: RuleSource): RuleAnchor => {
  requireFit(literal, 'anchor', rule);
  const nocase = rule.nocase ?? rule.extract !== 'private-key';
  return {
    literal: nocase ? literal.toLowerCase() : literal,
    nocase,
    minOffset: 0,
    maxOffset: 0,
    test: { type: rule.extract === 'assignment' ? 'assignment' : 'none' },
  };
};

const longest = (anchors: readonly RuleAnchor[]) =>
  anchors.reduce((most, { literal }) => Math.max(most, literal.length), 0);
