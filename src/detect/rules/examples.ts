import { compileForm, type Form, FormError } from '../form/form.ts';
import { judgeToken } from '../judge/token.ts';
import { sayForm } from './load.ts';
import type { RuleSource } from './rule.ts';
import type { Random } from './seeded.ts';

/** An example of a rule with everything filled in. Bytes as Latin-1 characters. */
export interface Example {
  readonly text: string;
  /** What stands in place of each {{secret}}. */
  readonly secrets: readonly string[];
}

/** Why an example can't be made. `field` is the part of the rule that is to blame. */
export class ExampleError extends Error {
  override readonly name = 'ExampleError';
  readonly field: string;

  constructor(message: string, field: string) {
    super(message);
    this.field = field;
  }
}

/** Fills in templates: `{{secret}}` becomes a secret of the rule, `{{pair}}` one of its companion rule. */
export type Expand = (rule: RuleSource, template: string, random: Random) => Example;

/** Secrets tried until one has what every real one has: a digit by chance is missing from one in 30 of 20 characters. */
const TRIES = 100;

/** @param ruleNamed finds companion rules. @returns a function that throws ExampleError for what can't be filled in. */
export const createExpand = (ruleNamed: (id: string) => RuleSource | undefined): Expand => {
  const forms = new WeakMap<RuleSource, Form>();
  const secretOf = (rule: RuleSource, random: Random): string => {
    const form = forms.get(rule) ?? generatorFor(rule);
    forms.set(rule, form);
    return believable(rule, form, random);
  };
  const companionOf = (rule: RuleSource): RuleSource => {
    if (rule.pair === undefined) throw new ExampleError('{{pair}} needs "pair": the id of the companion rule', 'examples');
    const pair = ruleNamed(rule.pair);
    if (!pair) throw new ExampleError(`no rule has the id "${rule.pair}"`, 'pair');
    return pair;
  };
  return (rule, template, random) => {
    const secrets: string[] = [];
    const text = template.replace(/\{\{([^{}]*)\}\}/g, (place, name: string) => {
      if (name === 'pair') return secretOf(companionOf(rule), random);
      if (name !== 'secret') return place;
      const secret = secretOf(rule, random);
      secrets.push(secret);
      return secret;
    });
    return { text: Buffer.from(text, 'utf8').toString('latin1'), secrets };
  };
};

/** The form that makes secrets of a rule: its `generate` shape, or else its own. */
const generatorFor = (rule: RuleSource): Form => {
  const field = rule.generate !== undefined ? 'generate' : rule.shape !== undefined ? 'shape' : 'pattern';
  const written = rule[field];
  if (written === undefined) throw new ExampleError('{{secret}} needs "generate": a shape that makes one', 'examples');
  try {
    return compileForm(field === 'pattern' ? { pattern: written } : { shape: written }, { encodedLimit: 4096 });
  } catch (error) {
    if (error instanceof FormError) throw new ExampleError(sayForm(error), field);
    throw error;
  }
};

/** A secret that judgement by itself does not refuse. */
const believable = (rule: RuleSource, form: Form, random: Random): string => {
  let reason = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { text, secretStart, secretEnd } = form.generate(random);
    const secret = text.slice(secretStart, secretEnd);
    const judgement = judgeToken({
      ruleId: rule.id,
      confidence: rule.confidence,
      secret,
      entropyMin: rule.entropy,
      needs: rule.needs,
      before: '',
      after: '',
    });
    if (judgement.keep) return secret;
    ({ reason } = judgement);
  }
  throw new ExampleError(
    `${TRIES} generated secrets were all refused: ${reason}`,
    rule.generate === undefined ? 'examples' : 'generate',
  );
};
