/** Context words: the ways people write one name. */

const SEPARATORS = /[-_. ]+/;

/** Lower case without separators: how a context word and the text around a match are compared. */
export const foldWord = (text: string): string => text.toLowerCase().replace(/[-_. ]+/g, '');

/**
 * The spellings of a context word that occur in text, in lower case: with '_', '-', '.', ' ' and joined (which covers
 * camelCase, since case does not count).
 */
export const spellings = (word: string): string[] => {
  const parts = word.toLowerCase().split(SEPARATORS).filter(Boolean);
  if (parts.length < 2) return [word.toLowerCase()];
  return [...new Set(['_', '-', '', '.', ' '].map((separator) => parts.join(separator)))];
};
