/** Context words: the ways people write one name. */

const SEPARATORS = /[-_. ]+/;
/** Words and numbers with single separators between them. */
const PLAIN = /^[A-Za-z0-9]+(?:[-_. ][A-Za-z0-9]+)*$/;

/** Lower case without separators: how a context word and the text around a match are compared. */
export const foldWord = (text: string): string => text.toLowerCase().replace(/[-_. ]+/g, '');

/**
 * The spellings of a context word that names in files have, in lower case: with '_', '-', '.' and joined (which covers
 * camelCase, since case does not count).
 */
export const spellings = (word: string): string[] => {
  const parts = word.toLowerCase().split(SEPARATORS).filter(Boolean);
  if (parts.length < 2) return [word.toLowerCase()];
  return [...new Set(['_', '-', '', '.'].map((separator) => parts.join(separator)))];
};

/** Words that follow a provider's name without anything between: `acmekey`, `acmeapitoken`. */
const GOES_ON =
  /^(?:api|app|auth|access|account|key|token|secret|pass|pwd|client|cred|user|org|project|team|webhook|pat|url|uri|host|live|test|prod|dev|id|s?dk|bot|admin|private|public|master|service|sandbox|config|domain|server|email|com|io)/i;

/** Does the text behind a provider's name still belong to a name of its credential? */
export const goesOn = (rest: string): boolean => GOES_ON.test(rest);

const startsWith = (parts: readonly string[], head: readonly string[]) => head.every((part, i) => parts[i] === part);

/** A context word that is looked for, and how much further behind it the words that it stands for would have reached. */
export interface SearchWord {
  readonly word: string;
  readonly further: number;
}

/**
 * The context words worth looking for: `acme_api_key` is found where `acme` is, so the latter alone will do, as long as it
 * reaches as far.
 */
export const searchWords = (words: readonly string[]): SearchWord[] => {
  // Words with other characters (`--token`, `[client.`) are looked for as they are.
  const parts = words.map((word) => (PLAIN.test(word) ? word.toLowerCase().split(SEPARATORS) : []));
  /** Characters from the end of `inner` to the end of `outer`, when the parts of the one are among those of the other. */
  const beyond = (outer: readonly string[], inner: readonly string[]): number => {
    for (let at = 0; at + inner.length <= outer.length; at++) {
      const rest = outer.slice(at + inner.length);
      if (inner.every((part, i) => part === outer[at + i])) return rest.length === 0 ? 0 : rest.join('_').length + 1;
    }
    return -1;
  };
  return words.flatMap((word, index) => {
    const own = parts[index]!;
    if (own.length === 0) return [{ word, further: 0 }];
    const shorter = parts.filter((other) => other.length > 0 && other.length < own.length && beyond(own, other) >= 0);
    if (shorter.length > 0) {
      // Written together the shorter word may not stand by itself: `acmehmac` is looked for as well.
      const isSeen = shorter.some((other) => startsWith(own, other) && goesOn(own.slice(other.length).join('')));
      return isSeen ? [] : [{ word: own.join(''), further: 0 }];
    }
    return [{ word, further: Math.max(0, ...parts.map((outer) => beyond(outer, own))) }];
  });
};

/** A compiled rule's context words as they are written with underscores, which is how variables are named. */
export const contextWords = ({
  context,
  anchors,
}: {
  readonly context: readonly string[];
  readonly anchors: readonly { readonly literal: string }[];
}): string[] =>
  context.map((folded) => anchors.find(({ literal }) => literal.replaceAll('_', '') === folded)?.literal ?? folded);
