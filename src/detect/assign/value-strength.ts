import { characterClasses, classCount, DIGIT, entropy, LOWER, SYMBOL, UPPER } from '../judge/entropy.ts';
import { letterParts, WORD_LIKE, wordScore, wordShare } from '../judge/words.ts';

/** What a value is made of, as far as believing it to be a secret goes. */
export interface ValueStrength {
  /** Points: about -3 for a word, 0 for a short odd string, 4 for a long random one. */
  readonly points: number;
  /** A single word, with at most two digits at its end: `sunshine1`. */
  readonly isWord: boolean;
  readonly isNumber: boolean;
  /** Looks made by a random generator: long, digits among letters, little repetition, no words. */
  readonly isRandom: boolean;
}

/** Measures a value that no placeholder, reference or identifier check refused. */
export function valueStrength(value: string): ValueStrength {
  const classes = characterClasses(value);
  const isNumber = (classes & ~DIGIT) === 0 || /^[\d., _+-]+$/.test(value) || /^0x[\da-f]+L?$/i.test(value);
  const share = wordShare(value);
  const bits = entropy(value);
  const hasBoth = (classes & DIGIT) !== 0 && (classes & (LOWER | UPPER)) !== 0;
  const isRandom = value.length >= 16 && hasBoth && bits >= 3 && share < 0.5 && !/\s/.test(value);
  const isWord = !isNumber && isWordWithTail(value, share);
  let points = isNumber ? numberPoints(value) : share < 0.35 ? 0 : share * -3;
  if (hasBoth) points += 1;
  if (classCount(value) >= 3) points += 1;
  if (isRandom) points += 1;
  if (value.length >= 20 && bits >= 3.5 && share < 0.6) points += 0.5;
  if ((classes & SYMBOL) !== 0 && value.length >= 8) points += symbolPoints(value, hasBoth);
  if ((classes & (DIGIT | SYMBOL)) === 0) points += lettersPoints(value);
  if (value.length < 6) points -= 0.5;
  return { points, isWord, isNumber, isRandom };
}

/** Symbols of many kinds are typed on purpose; a single kind may only separate words. */
function symbolPoints(value: string, hasBoth: boolean): number {
  if (/\s/.test(value)) return 0;
  const kinds = new Set(value.match(/[^\w\x80-\xff]/g)).size;
  return (hasBoth ? 0.5 : 0) + (kinds >= 3 ? 1 : 0);
}

/** Long numbers are keys at times; short ones are counts. */
function numberPoints(value: string): number {
  return value.length >= 12 ? 0.5 : value.length >= 8 ? 0 : -1;
}

function isWordWithTail(value: string, share: number): boolean {
  return share >= 0.6 && /^[A-Za-z]+\d{0,4}[!.]?$/.test(value) && letterParts(value).length <= 2;
}

/** Letters only: random ones score as a secret would, in one case or in any mixture. */
function lettersPoints(value: string): number {
  const score = wordScore(value.toLowerCase());
  if (score > WORD_LIKE) return 0;
  return score < WORD_LIKE - 1 ? 1.5 : 0.75;
}
