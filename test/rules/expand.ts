import { compileForm, type Form } from '../../src/detect/form/form.ts';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { shippedSources } from '../support/detector.ts';
import type { Random } from '../support/random.ts';

const forms = new Map<string, Form>();

/** What makes secrets of a rule: its `generate` shape, or else the form itself. */
const formOf = (rule: RuleSource): Form => {
  const known = forms.get(rule.id);
  if (known) return known;
  const shape = rule.generate ?? rule.shape;
  const form = compileForm(shape === undefined ? { pattern: rule.pattern! } : { shape }, { encodedLimit: 4096 });
  forms.set(rule.id, form);
  return form;
};

const CLASSES: Readonly<Record<string, RegExp>> = {
  digit: /[0-9]/,
  lower: /[a-z]/,
  upper: /[A-Z]/,
  letter: /[A-Za-z]/,
  symbol: /[^A-Za-z0-9]/,
};

/** A secret of the rule: of its form the part between the marks, with a character of each class that it needs. */
export const secretOf = (rule: RuleSource, random: Random): string => {
  for (;;) {
    const { text, secretStart, secretEnd } = formOf(rule).generate(random);
    const secret = text.slice(secretStart, secretEnd);
    if ((rule.needs ?? []).every((need) => CLASSES[need]!.test(secret))) return secret;
  }
};

const ruleNamed = (id: string): RuleSource => {
  const found = shippedSources().find(({ rule }) => rule.id === id);
  if (!found) throw new Error(`no rule has the id ${id}`);
  return found.rule;
};

export interface Example {
  readonly text: string;
  /** What stands in place of each {{secret}}. */
  readonly secrets: readonly string[];
}

/** An example with generated secrets in place of `{{secret}}` and those of the companion rule in place of `{{pair}}`. */
export const expand = (rule: RuleSource, template: string, random: Random): Example => {
  const secrets: string[] = [];
  const text = template.replace(/\{\{(secret|pair)\}\}/g, (_, kind) => {
    if (kind === 'pair') return secretOf(ruleNamed(rule.pair!), random);
    const secret = secretOf(rule, random);
    secrets.push(secret);
    return secret;
  });
  return { text, secrets };
};
