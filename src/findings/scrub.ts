import { MASK, piecesOf } from './redact.ts';

const FILTER_SIZE = 1 << 16;

const slot = (first: number, second: number): number => (first * 31 + second) & (FILTER_SIZE - 1);

/**
 * Makes a function that hides many secrets at once, in time linear in the text: positions are looked up by their first
 * `minLength` characters. For strings that merely might hold a secret: paths, commit subjects, author names.
 *
 * @param secrets what to hide
 * @param minLength shorter secrets are left alone: a three-letter password would hide half of every path
 */
export const createScrubber = (secrets: Iterable<string>, minLength: number): ((text: string) => string) => {
  const byFront = new Map<string, Set<string>>();
  const filter = new Uint8Array(FILTER_SIZE);
  for (const secret of secrets) {
    for (const piece of piecesOf(secret)) {
      if (piece.length < minLength) continue;
      filter[slot(piece.charCodeAt(0), piece.charCodeAt(1))] = 1;
      const front = piece.slice(0, minLength);
      const known = byFront.get(front);
      if (known === undefined) byFront.set(front, new Set([piece]));
      else known.add(piece);
    }
  }
  if (byFront.size === 0) return (text) => text;

  /** End of the longest secret that starts at `at`, or -1. */
  const endAt = (text: string, at: number): number => {
    if (filter[slot(text.charCodeAt(at), text.charCodeAt(at + 1))] === 0) return -1;
    let end = -1;
    for (const piece of byFront.get(text.slice(at, at + minLength)) ?? []) {
      if (text.startsWith(piece, at)) end = Math.max(end, at + piece.length);
    }
    return end;
  };

  return (text) => {
    let result = '';
    let shown = 0;
    let hiddenTo = -1;
    const last = text.length - minLength;
    for (let at = 0; at <= last; at++) {
      const end = endAt(text, at);
      if (end === -1) continue;
      if (at >= hiddenTo) result += text.slice(shown, at) + MASK;
      hiddenTo = Math.max(hiddenTo, end);
      shown = hiddenTo;
    }
    return shown === 0 ? text : result + text.slice(shown);
  };
};
