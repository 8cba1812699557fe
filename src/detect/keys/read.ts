import { type Armour, findStop, readHeader, type Stop } from './armour.ts';
import { type Body, collectBody, type Run } from './body.ts';
import { interpret } from './interpret.ts';
import { type Interpretation, type KeyExtraction, type KeyRefusal, SMALLEST_KEY } from './key.ts';
import { publishedAt } from './known.ts';
import { readLines } from './lines.ts';
import { isElided, looksLikeBase64, placeholderReason } from './plausible.ts';
import { sha256 } from './public-key.ts';
import { PUTTY_MARK, readPutty } from './putty.ts';

export type { KeyExtraction, KeyRefusal } from './key.ts';

/**
 * Reads one private key out of text that may have gone through JSON, YAML, a shell, source code, HTML or a log.
 * @param text latin1 text: some context before the header, and up to 64 KiB after it
 * @param from 0-based offset of the header's first dash (`-----BEGIN `, `---- BEGIN `) or of `PuTTY-User-Key-File-`
 * @returns the key; or why the header is no leak; or undefined when no private key's header stands there (public keys,
 * certificates). Never throws.
 */
export function readPrivateKey(text: string, from: number): KeyExtraction | KeyRefusal | undefined {
  if (text.startsWith(PUTTY_MARK, from)) return marked(readPutty(text, from));
  const armour = readHeader(text, from);
  if (armour === undefined) return undefined;
  const stop = findStop(text, armour);
  const closed = stop.end !== undefined;
  const lines = readLines(text, armour.start, armour.bodyStart, stop.at, closed);
  const body = collectBody(lines, closed, armour.label.startsWith('PGP'));
  const candidates = selections(body.runs, closed).map((runs) => attempt(runs, body, armour, closed));
  const best = candidates.find(({ found }) => isWhole(found)) ?? candidates.at(-1)!;
  return marked(grade(best, text, armour, stop));
}

/** Says so when the key is one that everybody has. */
function marked(result: KeyExtraction | KeyRefusal | undefined): KeyExtraction | KeyRefusal | undefined {
  const known = result === undefined || 'refused' in result ? undefined : publishedAt(result.identity);
  if (result === undefined || 'refused' in result || known === undefined) return result;
  return {
    ...result,
    details: { ...result.details, known },
    reasons: [...result.reasons, 'it is a key published for tests'],
  };
}

interface Attempt {
  readonly runs: readonly Run[];
  readonly bytes: Buffer;
  readonly found: Interpretation;
}

const isWhole = (found: Interpretation): boolean => found.state === 'proven' || found.state === 'complete';

/**
 * Which runs may make up the body: all of them; the last of each line, for prefixes of no known form; those of the usual width and
 * the last; without an END those up to the first one that is shorter. The structure decides among them.
 */
function selections(runs: readonly Run[], closed: boolean): (readonly Run[])[] {
  const usual = usualWidth(runs);
  const lastOfLine = runs.filter((run, index) => run.line !== runs[index + 1]?.line);
  const even = runs.filter((run, index) => run.text.length === usual || index === runs.length - 1);
  const fewer = [lastOfLine, even].filter((selection) => selection.length < runs.length);
  return [runs, ...fewer, closed ? runs : leading(runs)];
}

function usualWidth(runs: readonly Run[]): number {
  const counts = new Map<number, number>();
  for (const { text } of runs) if (text.length >= 16) counts.set(text.length, (counts.get(text.length) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || other[0] - one[0])[0]?.[0] ?? 0;
}

/** Rows of one width, and one shorter row that ends them. */
function leading(runs: readonly Run[]): readonly Run[] {
  const width = runs[0]?.text.length ?? 0;
  const other = runs.findIndex((run) => run.text.length !== width || run.text.endsWith('='));
  if (other < 0) return runs;
  const last = runs[other]!;
  const belongs =
    last.text.length <= width && width <= 80 && !last.afterGap && (last.text.length > 8 || last.text.endsWith('='));
  return runs.slice(0, belongs ? other + 1 : other);
}

function attempt(runs: readonly Run[], body: Body, armour: Armour, closed: boolean): Attempt {
  const digits = runs.map((run) => run.text.replace(/=+$/, '')).join('');
  const bytes = Buffer.from(digits.length % 4 === 1 ? digits.slice(0, -1) : digits, 'base64');
  const found = interpret(bytes, { label: armour.label, fields: body.fields, checksum: body.checksum, closed });
  return { runs, bytes: found.length === undefined ? bytes : bytes.subarray(0, found.length), found };
}

function grade({ runs, bytes, found }: Attempt, text: string, armour: Armour, stop: Stop): KeyExtraction | KeyRefusal {
  const refuse = (refused: string): KeyRefusal => ({ start: armour.start, end: stop.end ?? armour.bodyStart, refused });
  if (bytes.length < SMALLEST_KEY) {
    return refuse(bytes.length < 12 ? 'no key follows the header' : 'the body is too short to be a key');
  }
  const end = stop.end ?? bodyEnd(runs, found.length);
  if (found.state !== 'proven') {
    const pieces = runs.map((run) => run.text);
    const placeholder = placeholderReason(pieces.join('').replace(/=+/g, ''));
    if (placeholder !== undefined) return refuse(placeholder);
    if (
      found.state !== 'complete' &&
      isElided(text.slice(armour.bodyStart, stop.end === undefined ? end + 8 : stop.at))
    ) {
      return refuse('the body is elided');
    }
    if (found.state === 'unknown' && !looksLikeBase64(pieces)) return refuse('the body is not base64 of a key');
  }
  return {
    start: armour.start,
    end,
    kind: found.kind,
    grade: gradeOf(found, stop),
    encrypted: found.encrypted,
    identity: identityOf(found, bytes),
    details: found.details,
    reasons: stop.limited && !isWhole(found) ? [found.reason, 'no END line within 64 KiB'] : [found.reason],
  };
}

function gradeOf(found: Interpretation, stop: Stop): KeyExtraction['grade'] {
  if (found.state === 'proven') return 'parsed';
  if (found.state === 'complete') return 'shape';
  return found.state === 'unknown' && stop.end !== undefined ? 'shape' : 'truncated';
}

const identityOf = (found: Interpretation, bytes: Buffer): string =>
  found.state === 'proven' && found.spki !== undefined ? `spki:${found.spki}` : `key:${sha256(bytes)}`;

/** Offset after the character that holds the key's last bits, padding included. */
function bodyEnd(runs: readonly Run[], length: number | undefined): number {
  let missing = length === undefined ? Number.POSITIVE_INFINITY : Math.ceil((length * 4) / 3);
  for (const run of runs) {
    const digits = run.text.replace(/=+$/, '').length;
    if (digits >= missing) return run.ends[digits === missing ? run.ends.length - 1 : missing - 1]!;
    missing -= digits;
  }
  return runs.at(-1)!.ends.at(-1)!;
}
