import { type ByteSet, members } from './bytes.ts';

/**
 * How rare a byte and a text are in source code, as bits: -log2 of a rough probability. Only the order of the answers
 * matters: they choose among literals.
 */
const COMMON = ' etaoinsrlcdupmhfgybvwkxjqz';

const weightOf = (byte: number): number => {
  const char = String.fromCharCode(byte);
  const rank = COMMON.indexOf(char);
  if (rank === 0) return 0.15;
  if (rank > 0) return 0.07 / (1 + rank * 0.25);
  if (/[0-9]/.test(char)) return 0.012;
  if (/[A-Z]/.test(char)) return 0.005;
  if (/["'.,:;/()=_\n-]/.test(char)) return 0.015;
  return byte > 0x20 && byte < 0x7f ? 0.004 : 0.0005;
};

const WEIGHTS: readonly number[] = Array.from({ length: 256 }, (_, byte) => weightOf(byte));
const TOTAL = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
const PROBABILITIES: readonly number[] = WEIGHTS.map((weight) => weight / TOTAL);

/** Words that are everywhere, longest first where one holds another; each says no more than WORD_BITS. */
const WORDS =
  'authorization password security https:// version private account connect default private server access secret public ' +
  'string client config import export return source token http:// group value login class build const admin basic azure ' +
  'cloud index local users begin proxy https mysql redis data user name host port http auth test live prod file path type ' +
  'code json html link page text true mail net/ .com .net .org api/ www. com/ api key uri url org the for and ://';
const WORD_BITS = 9;
const WORDS_BY_END = new Map<string, string[]>();
for (const word of WORDS.split(' ')) WORDS_BY_END.set(word.at(-1)!, [...(WORDS_BY_END.get(word.at(-1)!) ?? []), word]);

const wordEndingAt = (text: string, end: number): string | undefined =>
  WORDS_BY_END.get(text[end - 1]!)?.find((word) => word.length <= end && text.startsWith(word, end - word.length));

const bitsOfChar = (text: string, index: number, nocase: boolean): number => {
  const probability = PROBABILITIES[text.charCodeAt(index) & 0xff]!;
  const other = nocase && /[A-Za-z]/.test(text[index]!) ? PROBABILITIES[text.charCodeAt(index) ^ 32]! : 0;
  return -Math.log2(probability + other);
};

/** Bits of a literal: the cheapest way to spell it with characters and common words. */
export const bitsOfLiteral = (text: string, nocase: boolean): number => {
  const lower = text.toLowerCase();
  const cheapest = [0];
  for (let end = 1; end <= text.length; end++) {
    const byChar = cheapest[end - 1]! + bitsOfChar(text, end - 1, nocase);
    const word = wordEndingAt(lower, end);
    cheapest.push(word ? Math.min(byChar, cheapest[end - word.length]! + WORD_BITS) : byChar);
  }
  return cheapest[text.length]!;
};

/** Bits that a test for one byte of the set is worth. */
export const bitsOfSet = (set: ByteSet): number =>
  -Math.log2(
    Math.min(
      1,
      members(set).reduce((sum, byte) => sum + PROBABILITIES[byte]!, 0),
    ),
  );
