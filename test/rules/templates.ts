import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { type NamedTemplate, writtenTemplates } from '../../src/detect/rules/written-forms.ts';

/** The templates of a rule: those of its file, and the ways in which everybody writes a credential down. */
export const templatesOf = (rule: RuleSource): NamedTemplate[] => [
  ...(['positive', 'negative'] as const).flatMap((kind) =>
    (rule.examples?.[kind] ?? []).map((text, index): NamedTemplate => ({ kind, name: `${kind} ${index + 1}`, text })),
  ),
  ...writtenTemplates(rule),
];
