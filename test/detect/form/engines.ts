import { RE2JS } from 're2js';
import { toRe2Source } from '../../../src/detect/form/form.ts';

/** Where a match and its secret stand. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

export interface Engine {
  readonly name: string;
  readonly all: (source: string, text: string) => Span[];
}

type IndexedExpression = { lastIndex: number; exec(text: string): RegExpExecArray | null };

const allOf = (regex: IndexedExpression, text: string): Span[] => {
  const spans: Span[] = [];
  for (let match = regex.exec(text); match; match = regex.exec(text)) {
    const [start, end] = match.indices![0]!;
    const [secretStart, secretEnd] = match.indices!.groups?.secret ?? [start, end];
    spans.push({ start, end, secretStart, secretEnd });
  }
  return spans;
};

const v8: Engine = { name: 'V8', all: (source, text) => allOf(new RegExp(source, 'dg'), text) };

export const re2js: Engine = {
  name: 're2js',
  all: (source, text) => {
    const matcher = RE2JS.compile(toRe2Source(source)).matcher(text);
    const group = /\(\?P?<secret>/.test(source) ? 'secret' : 0;
    const spans: Span[] = [];
    while (matcher.find()) {
      spans.push({
        start: matcher.start(),
        end: matcher.end(),
        secretStart: matcher.start(group),
        secretEnd: matcher.end(group),
      });
    }
    return spans;
  },
};

/** The native addon is optional: it may be installed without a binary. */
const loadRe2 = async (): Promise<Engine | undefined> => {
  try {
    const { RE2 } = await import('re2');
    return {
      name: 're2',
      all: (source, text) => allOf(new RE2(toRe2Source(source), 'dg') as unknown as IndexedExpression, text),
    };
  } catch {
    return undefined;
  }
};

const re2 = await loadRe2();

export const re2Loaded = re2 !== undefined;
export const engines: readonly Engine[] = re2 ? [v8, re2, re2js] : [v8, re2js];
