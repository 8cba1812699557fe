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

/**
 * Fills in templates: `{{secret}}` becomes a secret of the rule, `{{form}}` one with all that its form has around it,
 * `{{masked}}` a form whose characters are crossed out, `{{pair}}` a secret of its companion rule.
 */
export type Expand = (rule: RuleSource, template: string, random: Random) => Example;

/** Secrets tried until one has what every real one has: a digit by chance is missing from one in 30 of 20 characters. */
const TRIES = 100;

/** @param ruleNamed finds companion rules. @returns a function that throws ExampleError for what can't be filled in. */
export const createExpand = (ruleNamed: (id: string) => RuleSource | undefined): Expand => {
  const generators = new WeakMap<RuleSource, Generator>();
  const sampleOf = (rule: RuleSource, random: Random): Filled => {
    const generator = generators.get(rule) ?? generatorFor(rule);
    generators.set(rule, generator);
    return believable(rule, generator, random);
  };
  const companionSecret = ({ pair }: RuleSource, random: Random): string => {
    if (pair === undefined) throw new ExampleError('{{pair}} needs "pair": the id of the companion rule', 'examples');
    const companion = ruleNamed(pair);
    if (!companion) throw new ExampleError(`no rule has the id "${pair}"`, 'pair');
    try {
      return sampleOf(companion, random).secret;
    } catch (error) {
      throw error instanceof ExampleError ? new ExampleError(`companion "${pair}": ${error.message}`, 'pair') : error;
    }
  };
  return (rule, template, random) => {
    const secrets: string[] = [];
    const bytes = Buffer.from(template, 'utf8').toString('latin1');
    const text = bytes.replace(/\{\{(secret|pair|form|masked)\}\}/g, (_, name: string) => {
      if (name === 'pair') return companionSecret(rule, random);
      const { whole, secret } = sampleOf(rule, random);
      if (name === 'masked') return masked(whole);
      secrets.push(secret);
      return name === 'form' ? whole : secret;
    });
    return { text, secrets };
  };
};

/** A generated form and the secret in it. */
interface Filled {
  readonly whole: string;
  readonly secret: string;
}

/** Prefix and separators stay, as in documentation. */
const masked = (whole: string): string => {
  const head = /^[A-Za-z]{2,8}[-_.]/.exec(whole)?.[0] ?? '';
  return head + whole.slice(head.length).replace(/[A-Za-z0-9]/g, 'x');
};

/** What makes secrets of a rule: its `generate` shape, or else its own form. */
interface Generator {
  readonly form: Form;
  /** The field that says it. */
  readonly field: 'generate' | 'shape' | 'pattern';
}

const generatorFor = (rule: RuleSource): Generator => {
  const field = rule.generate !== undefined ? 'generate' : rule.shape !== undefined ? 'shape' : 'pattern';
  const written = rule[field];
  if (written === undefined) throw new ExampleError('{{secret}} needs "generate": a shape that makes one', 'examples');
  try {
    const source = field === 'pattern' ? { pattern: written } : { shape: written };
    return { form: compileForm(source, { encodedLimit: 4096 }), field };
  } catch (error) {
    if (error instanceof FormError) throw new ExampleError(sayForm(error), field);
    throw error;
  }
};

/** A secret that judgement by itself does not refuse. */
const believable = (rule: RuleSource, generator: Generator, random: Random): Filled => {
  let reason = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const filled = generated(generator, random);
    const judgement = judgeToken({
      ruleId: rule.id,
      confidence: rule.confidence,
      secret: filled.secret,
      entropyMin: rule.entropy,
      needs: rule.needs,
      before: '',
      after: '',
    });
    if (judgement.keep) return filled;
    ({ reason } = judgement);
  }
  throw new ExampleError(`${TRIES} generated secrets were all refused: ${reason}`, generator.field);
};

const generated = ({ form, field }: Generator, random: Random): Filled => {
  try {
    const { text, secretStart, secretEnd } = form.generate(random);
    return { whole: text, secret: text.slice(secretStart, secretEnd) };
  } catch (error) {
    throw new ExampleError((error as Error).message, field);
  }
};
