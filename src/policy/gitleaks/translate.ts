import { FormError } from '../../detect/form/form.ts';
import { compileRule } from '../../detect/rules/compile.ts';
import { sayForm } from '../../detect/rules/load.ts';
import type { CompiledRule, RuleAnchor } from '../../detect/rules/rule.ts';
import { UsageError } from '../../errors.ts';
import type { GitleaksRule, Untranslated } from './document.ts';

/** Lengths in bytes of what the scan can look for in any case. */
const SHORTEST_KEYWORD = 3;
const LONGEST_KEYWORD = 255;
/** Longer descriptions are no name. */
const LONGEST_NAME = 60;
/** An auxiliary rule, which is not reported, gives way to every rule that is. */
const AUXILIARY = -1;

export interface TranslatedRule {
  /** Undefined when nothing can be made of the rule. */
  readonly rule?: CompiledRule;
  readonly untranslated: readonly Untranslated[];
}

/**
 * Makes a rule that runs on RE2 of a gitleaks rule with a regex. The secret is `secretGroup`, or the first group that
 * takes text, or the whole match. Severity is high and confidence medium: the format has neither.
 * @param provider what the rules of the file are named after.
 */
export const translateRule = (source: GitleaksRule, provider: string): TranslatedRule => {
  const { id, description, regex } = source;
  const fits = description !== undefined && description.length <= LONGEST_NAME;
  try {
    const rule = compileRule(
      {
        id,
        provider,
        name: fits ? description : id,
        kind: 'secret',
        severity: 'high',
        confidence: 'medium',
        ...(description === undefined ? {} : { description }),
        pattern: regex ?? '',
        secretGroup: source.secretGroup ?? 0,
        boundary: 'none',
      },
      're2',
    );
    const { gated, untranslated } = withKeywords(rule, source);
    return {
      rule: {
        ...gated,
        imported: { entropyAbove: source.entropy ?? 0 },
        specificity: source.skipReport ? AUXILIARY : gated.specificity,
      },
      untranslated,
    };
  } catch (error) {
    if (!(error instanceof FormError || error instanceof UsageError)) throw error;
    const reason = error instanceof FormError ? sayForm(error) : error.message.replace(`rule ${id}: `, '');
    const message = `rule "${id}" is not translated and does not run: its regex: ${reason}`;
    return { untranslated: [{ place: source.places.regex ?? source.place, message }] };
  }
};

/**
 * A text is looked at only when it holds a keyword, in any case, wherever it stands. Where every match of the regex holds
 * one anyway, nothing is to be done; else keywords wake the rule, and its regex runs over the whole text.
 */
const withKeywords = (
  rule: CompiledRule,
  { id, place, places, keywords }: GitleaksRule,
): { readonly gated: CompiledRule; readonly untranslated: readonly Untranslated[] } => {
  const words = [...new Set(keywords.map(foldedBytes))].filter(Boolean);
  const isImplied = ({ literal }: RuleAnchor) => words.some((word) => lowerAscii(literal).includes(word));
  if (words.length === 0 || (rule.anchors.length > 0 && rule.anchors.every(isImplied)))
    return { gated: rule, untranslated: [] };
  const short = keywords.find((word) => word !== '' && foldedBytes(word).length < SHORTEST_KEYWORD);
  if (short !== undefined) {
    const message = `rule "${id}": the keyword ${JSON.stringify(short)} is shorter than ${SHORTEST_KEYWORD} bytes; the regex runs whether a keyword is there or not`;
    return { gated: rule, untranslated: [{ place: places.keywords ?? place, message }] };
  }
  const anchors = words.map((word): RuleAnchor => {
    const literal = word.slice(0, LONGEST_KEYWORD);
    return { literal, nocase: true, minOffset: 0, maxOffset: 0, test: { type: 'none' } };
  });
  return { gated: { ...rule, mode: 'everywhere', anchors }, untranslated: [] };
};

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const foldedBytes = (word: string): string => lowerAscii(Buffer.from(word, 'utf8').toString('latin1'));
