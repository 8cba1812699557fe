import { type Node, seq } from './ast.ts';
import { maxLengthOf, minLengthOf } from './bounds.ts';
import { lowerAscii } from './bytes.ts';
import { FormError } from './error.ts';
import { bestFollow, eitherFollows, type FollowData, type FollowSet, followData, followsOf } from './follow.ts';
import { literalNode } from './parts.ts';
import { bitsOfLiteral } from './rarity.ts';
import { crossed, stringsOf, type Text } from './strings.ts';

/** A literal of which every match of a form holds at least one of a set. */
export interface FormAnchor {
  /** Bytes as latin1, in lower case when `nocase`. */
  readonly literal: string;
  /** ASCII letters may stand in either case. */
  readonly nocase: boolean;
  /** Where in the match the literal starts, in bytes. */
  readonly minOffset: number;
  readonly maxOffset: number;
  /** What stands right after the literal. */
  readonly follow?: FollowData;
}

/** Shorter literals are in every text. */
export const SHORTEST_ANCHOR = 3;
/** More literals than this are no longer a filter. */
const MOST_ANCHORS = 128;
/** Texts that neighbouring parts may be joined to; one part alone may have MOST_ANCHORS. */
const MOST_JOINED = 32;
/** Bits beyond which a literal is rare enough: fewer literals count for more then. */
const ENOUGH_BITS = 26;

/** What stands around a node in the match: the bytes before it, the nodes behind it. */
interface Around {
  readonly min: number;
  readonly max: number;
  readonly rest: () => readonly Node[];
}

/** A literal with its place: `at` bytes into a text that has the part `tail` behind it, and what is around the text. */
interface Found {
  readonly literal: string;
  readonly nocase: boolean;
  readonly at: number;
  readonly tail: string;
  readonly around: Around;
  /** How probable the literal is in any text. */
  readonly chance: number;
}

interface Choice {
  readonly found: readonly Found[];
  readonly score: number;
  readonly bits: number;
}

/** Turns a text that the match holds into the literal to look for in it, or undefined when it has none. */
type Locate = (text: Text, around: Around) => Found | undefined;

const NOTHING: Around = { min: 0, max: 0, rest: () => [] };

const chanceOf = (literal: string, nocase: boolean): number => 2 ** -bitsOfLiteral(literal, nocase);

const wholeText: Locate = ({ text, nocase }, around) =>
  text.length < SHORTEST_ANCHOR
    ? undefined
    : { literal: text, nocase, at: 0, tail: '', around, chance: chanceOf(text, nocase) };

/** The most selective anchors of a clipped tree; none when every set has a literal that is too short. */
export const deriveAnchors = (node: Node): FormAnchor[] => finish(bestOf(node, NOTHING, wholeText)?.found ?? []);

/**
 * Finds the given literals in a clipped tree; of several in one text the first given is taken. With `nocase`, they may
 * stand in any case. Throws FormError when a literal is too short or is no fixed part of the form, or when a match can
 * do without all of them.
 */
export const locateAnchors = (node: Node, given: readonly string[], nocase: boolean): FormAnchor[] => {
  const wanted = given.map((text) => Buffer.from(text, 'utf8').toString('latin1'));
  const short = given.find((_, index) => wanted[index]!.length < SHORTEST_ANCHOR);
  if (short !== undefined) throw new FormError(`the anchor "${short}" is shorter than ${SHORTEST_ANCHOR} bytes`, 0);
  const foreign = given.filter((_, index) => !occurs(node, wanted[index]!, nocase));
  if (foreign.length > 0) throw new FormError(`not a fixed part of the form: the anchors ${quoted(foreign)}`, 0);
  const choice = bestOf(node, NOTHING, (text, around) => firstOf(wanted, nocase, text, around));
  if (!choice) throw new FormError(`a match need not hold any of the anchors ${quoted(given)}`, 0);
  return finish(choice.found);
};

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

/** Whether the literal is in some text that a match can hold. */
const occurs = (node: Node, literal: string, nocase: boolean): boolean => {
  let seen = false;
  bestOf(node, NOTHING, (text, around) => {
    seen ||= firstOf([literal], nocase, text, around) !== undefined;
    return { literal: text.text, nocase, at: 0, tail: '', around, chance: 1 };
  });
  return seen;
};

const firstOf = (wanted: readonly string[], nocase: boolean, text: Text, around: Around): Found | undefined => {
  const anyCase = nocase || text.nocase;
  const fold = anyCase ? lowerAscii : (literal: string) => literal;
  const folded = fold(text.text);
  for (const literal of wanted.map(fold)) {
    const at = folded.indexOf(literal);
    if (at < 0) continue;
    const tail = text.text.slice(at + literal.length);
    return { literal, nocase: anyCase, at, tail, around, chance: chanceOf(literal, anyCase) };
  }
  return undefined;
};

/** The best set of literals within a node, all of whose matches hold one of them. */
const bestOf = (node: Node, around: Around, locate: Locate): Choice | undefined => {
  const own = finite(node, around, locate);
  if (node.kind === 'seq') return better(own, bestOfSequence(node.items, around, locate));
  if (node.kind === 'alt') return better(own, bestOfOptions(node.options, around, locate));
  if (node.kind === 'secret') return better(own, bestOf(node.body, around, locate));
  if (node.kind !== 'repeat' || node.min === 0) return own;
  const again: Node[] = node.max > 1 ? [{ ...node, min: node.min - 1, max: node.max - 1 }] : [];
  return better(own, bestOf(node.body, { ...around, rest: () => [...again, ...around.rest()] }, locate));
};

const finite = (node: Node, around: Around, locate: Locate): Choice | undefined => {
  const texts = stringsOf(node);
  return texts && choiceOf(texts, around, locate);
};

const choiceOf = (texts: readonly Text[], around: Around, locate: Locate): Choice | undefined => {
  const found: Found[] = [];
  for (const text of texts) {
    const place = locate(text, around);
    if (!place) return undefined;
    found.push(place);
  }
  return score(found);
};

const score = (found: readonly Found[]): Choice | undefined => {
  const chances = new Map<string, number>();
  let last = 0;
  for (const { literal, chance, around, at } of found) {
    chances.set(literal, chance);
    last = Math.max(last, around.max + at);
  }
  if (chances.size > MOST_ANCHORS) return undefined;
  let chance = 0;
  for (const one of chances.values()) chance += one;
  const bits = -Math.log2(chance);
  return { found, bits, score: Math.min(bits, ENOUGH_BITS) - Math.log2(chances.size) - Math.log2(1 + last) / 2 };
};

const better = (a: Choice | undefined, b: Choice | undefined): Choice | undefined => {
  if (!a || !b) return a ?? b;
  return b.score > a.score || (b.score === a.score && b.bits > a.bits) ? b : a;
};

/** Every alternative gives its best; a match holds one of them all. */
const bestOfOptions = (options: readonly Node[], around: Around, locate: Locate): Choice | undefined => {
  const choices = options.map((option) => bestOf(option, around, locate));
  if (choices.includes(undefined)) return undefined;
  return score(choices.flatMap((choice) => choice!.found));
};

const flatten = (items: readonly Node[]): Node[] =>
  items.flatMap((item) => {
    if (item.kind === 'secret') return flatten([item.body]);
    return item.kind === 'seq' ? flatten(item.items) : [item];
  });

/** The items of a sequence, the texts of those that can be spelled out, and the bytes before each. */
interface Row {
  readonly items: readonly Node[];
  readonly texts: readonly (readonly Text[] | undefined)[];
  readonly places: readonly { readonly min: number; readonly max: number }[];
  readonly rest: () => readonly Node[];
}

const rowOf = (items: readonly Node[], { min, max, rest }: Around): Row => {
  const flat = flatten(items);
  const places = [{ min, max }];
  for (const item of flat) {
    const place = places.at(-1)!;
    places.push({ min: place.min + minLengthOf(item), max: place.max + maxLengthOf(item) });
  }
  return { items: flat, texts: flat.map((item) => stringsOf(item)), places, rest };
};

/** What stands around the items from `start` up to `end`. */
const around = (row: Row, start: number, end: number): Around => ({
  ...row.places[start]!,
  rest: () => [...row.items.slice(end), ...row.rest()],
});

/** Items one by one, runs of neighbours that can be spelled out together, and alternatives with what touches them. */
const bestOfSequence = (items: readonly Node[], outer: Around, locate: Locate): Choice | undefined => {
  const row = rowOf(items, outer);
  let best: Choice | undefined;
  for (const [start, item] of row.items.entries()) {
    best = better(best, bestOf(item, around(row, start, start + 1), locate));
    best = better(best, bestRun(row, start, locate));
    best = better(best, bestSpread(row, start, locate));
  }
  return best;
};

/** The best of the runs of two and more items that start at `start`. */
const bestRun = (row: Row, start: number, locate: Locate): Choice | undefined => {
  let run = row.texts[start];
  let best: Choice | undefined;
  for (let end = start + 1; run && end < row.items.length; end++) {
    const next = row.texts[end];
    if (!next || run.length * next.length > MOST_JOINED) break;
    run = crossed(run, next);
    best = better(best, choiceOf(run, around(row, start, end + 1), locate));
  }
  return best;
};

/**
 * Alternatives that can't all be spelled out, each with the neighbours that can: of `'db' ('x' | '+' any{2,9}) '://'`
 * these are `dbx://` and `db+`.
 */
const bestSpread = (row: Row, at: number, locate: Locate): Choice | undefined => {
  const options = row.texts[at] ? undefined : optionsOf(row.items[at]!);
  if (!options) return undefined;
  let start = at;
  while (start > 0 && row.texts[start - 1]) start--;
  let end = at + 1;
  while (end < row.items.length && row.texts[end]) end++;
  if (end - start === 1) return undefined;
  const [ahead, behind] = [row.items.slice(start, at), row.items.slice(at + 1, end)];
  const spread = options.map((option) => seq([...ahead, option, ...behind]));
  return bestOfOptions(spread, around(row, start, end), locate);
};

const optionsOf = (node: Node): readonly Node[] | undefined => {
  if (node.kind === 'alt') return node.options;
  return node.kind === 'repeat' && node.min === 0 && node.max === 1 ? [node.body, seq([])] : undefined;
};

/** An anchor on its way: what follows is still a set of bytes. */
interface Draft {
  readonly literal: string;
  readonly nocase: boolean;
  readonly min: number;
  readonly max: number;
  readonly follows: readonly FollowSet[];
}

const draftOf = ({ literal, nocase, at, tail, around }: Found): Draft => {
  const follows = followsOf(tail === '' ? around.rest() : [literalNode(tail, nocase), ...around.rest()]);
  return { literal, nocase, min: around.min + at, max: around.max + at, follows };
};

/** One anchor for each literal; a literal that holds another gives way to it. */
const finish = (found: readonly Found[]): FormAnchor[] => {
  const kept: Draft[] = [];
  for (const item of found.toSorted((a, b) => a.literal.length - b.literal.length)) {
    const index = kept.findIndex((short) => placeIn(item, short) >= 0);
    if (index < 0) kept.push(draftOf(item));
    else kept[index] = merge(kept[index]!, item);
  }
  return kept.map(anchorOf);
};

const anchorOf = ({ literal, nocase, min, max, follows }: Draft): FormAnchor => {
  const follow = bestFollow(follows);
  return { literal, nocase, minOffset: min, maxOffset: max, ...(follow ? { follow: followData(follow) } : {}) };
};

/** Where in `long` the literal of `short` surely stands, or -1. */
const placeIn = (long: Found, short: Draft): number => {
  if (long.nocase && !short.nocase) return -1;
  return (short.nocase ? lowerAscii(long.literal) : long.literal).indexOf(short.literal);
};

const merge = (short: Draft, long: Found): Draft => {
  const at = placeIn(long, short);
  const tail = long.literal.slice(at + short.literal.length) + long.tail;
  const inner = draftOf({ ...long, literal: short.literal, at: long.at + at, tail });
  return {
    ...short,
    min: Math.min(short.min, inner.min),
    max: Math.max(short.max, inner.max),
    follows: eitherFollows(short.follows, inner.follows),
  };
};
