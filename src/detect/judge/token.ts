import type { Confidence } from '../../types.ts';
import { characterClasses, DIGIT, distinctCharacters, entropy, LOWER, SYMBOL, UPPER } from './entropy.ts';
import { drop, type Judgement } from './judgement.ts';
import { longestRun, repeatReason, sequenceCover } from './sequences.ts';
import { letterParts, wordShare } from './words.ts';

/** A match of a provider's format, with the text around it on its line. */
export interface TokenInput {
  readonly ruleId: string;
  readonly confidence: Confidence;
  readonly secret: string;
  /** Least Shannon entropy of a real one, in bits per character. */
  readonly entropyMin?: number | undefined;
  /** Character classes every real one has: digit, lower, upper, letter, symbol. */
  readonly needs?: readonly string[] | undefined;
  /** Up to 120 characters left of the secret on its line. */
  readonly before: string;
  /** Up to 60 characters right of the secret on its line. */
  readonly after: string;
}

const NEEDS: Readonly<Record<string, number>> = {
  digit: DIGIT,
  lower: LOWER,
  upper: UPPER,
  letter: LOWER | UPPER,
  symbol: SYMBOL,
};
const MARKERS = new Set([
  'example',
  'examples',
  'placeholder',
  'dummy',
  'fake',
  'redacted',
  'changeme',
  'replace',
  'sample',
]);

/**
 * Judges a match of a provider's format. Mild: such a match is dropped only when it is clearly not a credential (a class
 * of characters it lacks, too little entropy, repeats, counting sequences, EXAMPLE as in vendors' documentation).
 */
export function judgeToken(input: TokenInput): Judgement {
  const { secret } = input;
  const lacking = missingClass(secret, input.needs);
  if (lacking !== undefined) return drop(`has no ${lacking}`);
  const bits = entropy(secret);
  if (input.entropyMin !== undefined && bits < input.entropyMin) return drop('too little entropy');
  const clear = clearPlaceholder(secret);
  if (clear !== undefined) return drop(clear);
  return { keep: true, confidence: input.confidence, reasons: ['has the form of the provider'] };
}

function missingClass(secret: string, needs: readonly string[] | undefined): string | undefined {
  if (needs === undefined) return undefined;
  const classes = characterClasses(secret);
  return needs.find((need) => {
    const mask = NEEDS[need];
    return mask !== undefined && (classes & mask) === 0;
  });
}

function clearPlaceholder(secret: string): string | undefined {
  if (/x{6,}|\*{4,}|\.{3}|0{12,}|X{6,}/.test(secret)) return 'masked or filled up';
  const tail = secret.slice(prefixLength(secret));
  if (tail.length >= 6 && distinctCharacters(tail) <= 2) return 'one or two repeated characters';
  if (tail.length >= 12 && longestRun(tail) * 2 > tail.length) return 'mostly one repeated character';
  if (tail.length >= 12 && repeatReason(tail) !== undefined) return 'a repeated pattern';
  if (sequenceCover(tail.toLowerCase(), 8) * 2 > tail.length) return 'a counting sequence';
  return marked(secret) ? 'marked as an example' : undefined;
}

/** Length of the provider's prefix: up to the last `_` or `-` in the first 24 characters. */
function prefixLength(secret: string): number {
  const head = secret.slice(0, Math.min(24, secret.length >> 1));
  return Math.max(head.lastIndexOf('_'), head.lastIndexOf('-')) + 1;
}

/** EXAMPLE in capitals, or a marker as a whole part among words; chance letters in a random body do not count. */
function marked(secret: string): boolean {
  if (secret.includes('EXAMPLE')) return true;
  const parts = letterParts(secret).map((part) => part.toLowerCase());
  return parts.some((part) => MARKERS.has(part)) && wordShare(secret) > 0.5;
}
