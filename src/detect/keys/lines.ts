import { matchLikePrefix, skipKnownPrefix } from './prefix.ts';
import { readSymbol } from './unescape.ts';

/** A line as meant: cut at real and at escaped line breaks, its prefix taken off, its escapes resolved. */
export interface Line {
  readonly text: string;
  /** For each character of `text`: 0-based offset in the source where it ends. */
  readonly ends: readonly number[];
  /** It goes on right after the header. */
  readonly isHeaderLine: boolean;
  /** A real line break stands before it. */
  readonly opensSourceLine: boolean;
}

/**
 * The lines between a header and the place where its body must end.
 * @param text latin1 text
 * @param header offset where the header starts: what stands before it on its line tells the prefix of the others
 * @param from offset after the header
 * @param to offset where to stop
 * @param closed whether an END stands at `to`, so that every line must carry the prefix
 */
export function* readLines(text: string, header: number, from: number, to: number, closed: boolean): Generator<Line> {
  const lines = splitLines(text, from, to);
  const sample = prefixSample(text, header);
  const ahead = sample === undefined ? [] : take(lines, closed ? Number.POSITIVE_INFINITY : SAMPLED_LINES);
  const tested = ahead.filter((line) => sample !== undefined && carries(line, sample) && line.text.trim() !== '');
  const alike = tested.length > 0 && tested.every((line) => matchLikePrefix(line.text, sample!.text) !== undefined);
  for (const line of ahead) yield withoutPrefix(line, alike ? sample : undefined);
  for (const line of lines) yield withoutPrefix(line, alike ? sample : undefined);
}

/** What stands before the header, after a real line break or an escaped one: only lines of the same sort carry it too. */
interface Sample {
  readonly text: string;
  readonly escaped: boolean;
}

const carries = (line: Line, sample: Sample): boolean => !line.isHeaderLine && line.opensSourceLine !== sample.escaped;

function take(lines: Generator<Line>, count: number): Line[] {
  const taken: Line[] = [];
  while (taken.length < count) {
    const next = lines.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

function withoutPrefix(line: Line, sample: Sample | undefined): Line {
  if (line.isHeaderLine) return line;
  const like = sample !== undefined && carries(line, sample) ? matchLikePrefix(line.text, sample.text) : undefined;
  const skip = like ?? skipKnownPrefix(line.text);
  return skip === 0 ? line : { ...line, text: line.text.slice(skip), ends: line.ends.slice(skip) };
}

/** All lines, prefixes still on. */
function* splitLines(text: string, from: number, to: number): Generator<Line> {
  let meant = '';
  let ends: number[] = [];
  let isHeaderLine = true;
  let opensSourceLine = false;
  for (let at = from; at < to; ) {
    const broken = text[at] === '\n' || text[at] === '\r';
    const symbol = broken ? { meant: '\n', end: at + (text.startsWith('\r\n', at) ? 2 : 1) } : readSymbol(text, at);
    if (symbol.meant === '\n') {
      yield { text: meant, ends, isHeaderLine, opensSourceLine };
      meant = '';
      ends = [];
      isHeaderLine = false;
      opensSourceLine = broken;
    } else if (symbol.meant !== '') {
      meant += symbol.meant;
      ends.push(symbol.end);
    }
    at = symbol.end;
  }
  yield { text: meant, ends, isHeaderLine, opensSourceLine };
}

const LONGEST_PREFIX = 200;
/** Lines that must carry the prefix where no END tells how far the body goes, the header's own counted. */
const SAMPLED_LINES = 4;

/** The start of the header's line, unless it is blank or very long. */
function prefixSample(text: string, header: number): Sample | undefined {
  const before = text.slice(Math.max(0, header - LONGEST_PREFIX), header);
  const last = [...before.matchAll(/[\n\r]|\\+[nr]/g)].at(-1);
  if (last === undefined && header > LONGEST_PREFIX) return undefined;
  const sample = withoutEscapes(last === undefined ? before : before.slice(last.index + last[0].length));
  return sample.trim() === '' ? undefined : { text: sample, escaped: last?.[0].startsWith('\\') === true };
}

function withoutEscapes(raw: string): string {
  let meant = '';
  for (let at = 0; at < raw.length; ) {
    const symbol = readSymbol(raw, at);
    meant += symbol.meant === '\n' ? '' : symbol.meant;
    at = symbol.end;
  }
  return meant;
}
