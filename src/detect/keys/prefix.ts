/** What tools put before each line: log times, container names, comment signs, quote marks. */

/**
 * Where a line's own text starts when it opens like the sample, digits aside (a time goes on from line to line, the rest stays).
 * @param sample what stands before the header on its line
 * @returns offset in `line`, or undefined when the line opens in another way
 */
export function matchLikePrefix(line: string, sample: string): number | undefined {
  let at = 0;
  let seen = 0;
  while (seen < sample.length) {
    if (isDigit(sample[seen])) {
      if (!isDigit(line[at])) return undefined;
      while (isDigit(sample[seen])) seen++;
      while (isDigit(line[at])) at++;
    } else if (line[at] === sample[seen]) {
      at++;
      seen++;
    } else {
      // an empty line often loses the blanks at the end of its prefix
      return at === line.length && sample.slice(seen).trim() === '' ? at : undefined;
    }
  }
  return at;
}

const isDigit = (letter: string | undefined): boolean => letter !== undefined && letter >= '0' && letter <= '9';

const TIME = /[+-]?\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?Z|[+-]\d\d:?\d\d)?\]?[ \t]+/y;
/** What may follow a time: the container runtime's stream, a level. */
const AFTER_TIME = /(?:(?:stdout|stderr) [FP] |\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\]?:?[ \t]+)/iy;
/** GitLab's 32 characters: a time with six decimals, stream, O or E, and `+` when the line goes on (gitlab-runner, FF_TIMESTAMPS). */
const GITLAB = /[+-]?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{2}[OE][ +]/y;
/** `web-1  | `, `[pod/api-5d/api] `, BuildKit's `#7 0.245 `, a comment or quote sign with a blank after it. */
const OTHERS =
  /(?:[ \t]+|[+-]?[\w./-]{1,40} *\|(?=[ \t]|$)|\[[\w./:@ -]{1,80}\][ \t]+|#\d{1,4} \d{1,5}\.\d{1,3}[ \t]+|(?:\/\/|\/\*|\*|#|;|>|\||--|[+-])[ \t]+)/y;

/** Offset in the line after log prefixes and comment signs of the known forms. */
export function skipKnownPrefix(line: string): number {
  let at = 0;
  for (let rounds = 0; rounds < 12; rounds++) {
    const afterTime = matchAt(TIME, line, at);
    const next = matchAt(GITLAB, line, at);
    const after = next > at ? next : afterTime > at ? matchAt(AFTER_TIME, line, afterTime) : matchAt(OTHERS, line, at);
    if (after === at) break;
    at = after;
  }
  return at;
}

function matchAt(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}
