import { compileForm } from '../form/form.ts';
import type { CompiledRule } from './rule.ts';
import { seeded } from './seeded.ts';
import { contextWords } from './words.ts';

const LONGEST = 200;

/**
 * An invented example of a rule with a shape, as it might stand in a file: always the same one for a rule.
 * @returns undefined for patterns, which have no generator, and for what takes several lines
 */
export const exampleOf = (rule: CompiledRule): string | undefined => {
  const { facts, written, mode } = rule;
  let text: string;
  try {
    ({ text } = compileForm({ shape: written }, { encodedLimit: 4096 }).generate(seeded(facts.id.length)));
  } catch {
    // The form is a pattern, or one that chance does not fill in.
    return undefined;
  }
  if (/[\r\n\x80-\xff]/.test(text)) return undefined;
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const [word] = contextWords(rule);
  return mode === 'context' && word ? `${word}: "${shown}"` : shown;
};
