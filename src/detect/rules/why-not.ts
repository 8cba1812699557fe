import type { CompiledRule } from './rule.ts';

/** Why a rule whose literal or word stands in a text found nothing there. */
export interface WhyNot {
  /** 1-based line of the first literal. */
  readonly line: number;
  readonly reason: string;
}

/**
 * Explains a rule that came near: one of its literals or words is there, but it has neither matched nor refused anything.
 * Readers and common words say too little to be explained.
 * @param text Latin-1
 * @returns undefined when no literal is there
 */
export const whyNot = (rule: CompiledRule, text: string): WhyNot | undefined => {
  if (rule.mode === 'extract') return undefined;
  const folded = text.toLowerCase();
  for (const { literal, nocase } of rule.anchors) {
    const at = nocase ? folded.indexOf(literal.toLowerCase()) : text.indexOf(literal);
    if (at >= 0) return { line: text.slice(0, at).split('\n').length, reason: reasonAt(rule, text, at, literal) };
  }
  return undefined;
};

const reasonAt = (rule: CompiledRule, text: string, at: number, literal: string): string => {
  if (rule.mode === 'context')
    return `"${literal}" is there, but nothing like ${rule.written} follows within ${rule.within} characters on the line`;
  const unlike = `"${literal}" is there, but what stands around it is not ${rule.written}`;
  // Only shipped forms are known to be harmless to V8.
  if (rule.engine !== 'v8') return unlike;
  const around = text.slice(Math.max(0, at - rule.maxLength), at + rule.maxLength);
  if (!new RegExp(rule.source).test(around)) return unlike;
  if (rule.context.length > 0)
    return `the form is there, but none of ${rule.context.join(', ')} stands within ${rule.within} characters`;
  return 'the form is there, but glued to other characters of a word';
};
