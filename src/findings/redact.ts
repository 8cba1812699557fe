/** Stands for hidden text. Always the same length, so that it doesn't tell the length of what it hides. */
export const MASK = '********';

/** Shown in place of key material. */
export const KEY_MASK = '[private key]';

const LONG_ENOUGH_FOR_PREFIX = 20;
const PREFIX_REACH = 8;
const SHARE_SHOWN = 0.2;

/** Issuer prefixes are of one letter case: `ghp_`, `sk-`, `GOCSPX-`. Mixed case at the front is more likely random. */
const ISSUER_PREFIX = /^(?:[a-z0-9]+[_-])+$|^(?:[A-Z0-9]+[_-])+$/;

const KEY_HEADER = /-{4,5} ?BEGIN [^\r\n]{0,60}KEY|^\s*PuTTY-User-Key-File-/;
const ARMOR_LINE = /^-{4,5} ?(?:BEGIN|END) /;
const SHORTEST_LINE_HIDDEN = 4;

/** The longest front part that is public by its form and at most a fifth of the secret; empty when there is none. */
const publicPrefix = (secret: string): string => {
  if (secret.length < LONG_ENOUGH_FOR_PREFIX) return '';
  const reach = Math.min(PREFIX_REACH, Math.floor(secret.length * SHARE_SHOWN));
  for (let length = reach; length > 1; length--) {
    const prefix = secret.slice(0, length);
    if (ISSUER_PREFIX.test(prefix)) return prefix;
  }
  return '';
};

/** True when the text is an armoured private key (PEM, PGP, SSH2) or a PuTTY key file. */
const isKeyText = (secret: string): boolean => KEY_HEADER.test(secret.slice(0, 200));

/**
 * A form of the secret that is safe to print: an issuer's public prefix (`ghp_`) followed by a mask of fixed length, or
 * the mask alone. Shows at most 8 characters and at most a fifth of the secret, nothing of those under 20 characters.
 */
export const redact = (secret: string): string => (isKeyText(secret) ? KEY_MASK : publicPrefix(secret) + MASK);

/**
 * The texts to hide for one secret: itself, and for one of several lines each line that carries key material, since a
 * line of text shows such a secret in part. Armour lines (`BEGIN`, `END`) are public and stay readable.
 */
export const piecesOf = (secret: string): readonly string[] => {
  if (!/[\r\n]/.test(secret)) return secret === '' ? [] : [secret];
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return [secret, ...lines.filter((line) => line.length >= SHORTEST_LINE_HIDDEN && !ARMOR_LINE.test(line))];
};

interface Span {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Which ends of the text may lie in the middle of a secret. */
export interface Cut {
  readonly start: boolean;
  readonly end: boolean;
}

const wholeSpans = function* (text: string, piece: string, replacement: string): Generator<Span> {
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
    yield { start: at, end: at + piece.length, replacement };
  }
};

/** Length of the longest end of `text` that is also the front of `piece`, shorter than `piece`. */
const frontOverlap = (text: string, piece: string): number => {
  for (let length = Math.min(text.length, piece.length - 1); length > 0; length--) {
    if (text.endsWith(piece.slice(0, length))) return length;
  }
  return 0;
};

/** Length of the longest front of `text` that is also the end of `piece`, shorter than `piece`. */
const tailOverlap = (text: string, piece: string): number => {
  for (let length = Math.min(text.length, piece.length - 1); length > 0; length--) {
    if (text.startsWith(piece.slice(piece.length - length))) return length;
  }
  return 0;
};

const borderSpans = function* (text: string, piece: string, cut: Cut): Generator<Span> {
  if (cut.start && cut.end && text !== '' && piece.includes(text)) {
    yield { start: 0, end: text.length, replacement: MASK };
    return;
  }
  const atEnd = cut.end ? frontOverlap(text, piece) : 0;
  if (atEnd > 0) yield { start: text.length - atEnd, end: text.length, replacement: MASK };
  const atStart = cut.start ? tailOverlap(text, piece) : 0;
  if (atStart > 0) yield { start: 0, end: atStart, replacement: MASK };
};

/** Overlapping spans become one, which then shows nothing of either. */
const merged = (spans: readonly Span[]): readonly Span[] => {
  const sorted = [...spans].sort(
    (a, b) => a.start - b.start || b.end - a.end || (a.replacement < b.replacement ? -1 : 1),
  );
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { start: last.start, end: span.end, replacement: MASK };
  }
  return result;
};

const replaceSpans = (text: string, spans: readonly Span[]): string => {
  let result = '';
  let from = 0;
  for (const { start, end, replacement } of merged(spans)) {
    result += text.slice(from, start) + replacement;
    from = end;
  }
  return result + text.slice(from);
};

/**
 * Hides every secret that stands in the text, whole or cut off at its borders.
 *
 * A text found through a decoder shows the encoded form, which the decoded secret doesn't match: pass the encoded span
 * as a further secret.
 *
 * @param text a line, or an excerpt of one
 * @param secrets what to hide; empty strings are ignored
 * @param cut which ends of the text were cut; by default both may have been, and even one character of a secret at a
 *   border is then hidden. Say `{ start: false, end: false }` for a whole line.
 */
export const redactIn = (text: string, secrets: Iterable<string>, cut: Cut = { start: true, end: true }): string => {
  const spans: Span[] = [];
  for (const secret of secrets) {
    for (const piece of piecesOf(secret)) {
      const replacement = piece === secret ? redact(secret) : MASK;
      spans.push(...wholeSpans(text, piece, replacement), ...borderSpans(text, piece, cut));
    }
  }
  return spans.length === 0 ? text : replaceSpans(text, spans);
};
