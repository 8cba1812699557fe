import { createRequire } from 'node:module';
import { secretGroupsOf, toRe2Source } from './form/emit.ts';
import type { CompiledRule } from './rules/rule.ts';

/** Where a regex matched: offsets into the text, ends exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

/** A compiled regex. Texts are Latin-1: one character is one byte. */
export interface Matcher {
  /** A match that starts exactly at the offset. */
  at(text: string, offset: number): Span | undefined;
  /** The leftmost match that starts at the offset or later. */
  find(text: string, offset: number): Span | undefined;
}

export type EngineName = 'v8' | 're2' | 're2js';
export type MatcherFactory = (source: string, hasSecretGroup: boolean) => Matcher;

type RegExpLike = new (source: string, flags: string) => RegExp;

/** The secret is in the first group that takes text; a group named `secret` alone may be empty. */
const spanOf = (
  start: number,
  end: number,
  groups: readonly string[],
  placeOf: (group: string) => readonly [number, number] | undefined,
): Span => {
  for (const group of groups) {
    const place = placeOf(group);
    if (place && (place[1] > place[0] || group === 'secret'))
      return { start, end, secretStart: place[0], secretEnd: place[1] };
  }
  return { start, end, secretStart: start, secretEnd: end };
};

/** Matchers on V8's RegExp, or on the re2 addon, which has the same interface. */
const regexpMatchers =
  (Engine: RegExpLike, translate: (source: string) => string): MatcherFactory =>
  (source, hasSecretGroup) => {
    const text = translate(source);
    const flags = hasSecretGroup ? 'd' : '';
    const groups = hasSecretGroup ? secretGroupsOf(source) : [];
    let sticky: RegExp | undefined;
    let global: RegExp | undefined;
    const run = (regex: RegExp, input: string, offset: number): Span | undefined => {
      regex.lastIndex = offset;
      const found = regex.exec(input);
      if (!found) return undefined;
      const start = found.index;
      return spanOf(start, start + found[0].length, groups, (group) => found.indices?.groups?.[group]);
    };
    return {
      at: (input, offset) => {
        sticky ??= new Engine(text, `${flags}y`);
        return run(sticky, input, offset);
      },
      find: (input, offset) => {
        global ??= new Engine(text, `${flags}g`);
        return run(global, input, offset);
      },
    };
  };

interface Re2js {
  compile(source: string): {
    matcher(text: string): {
      find(offset?: number): boolean;
      start(group?: number | string): number;
      end(group?: number | string): number;
    };
  };
}

/** Matchers on re2js, the pure TypeScript port of RE2. */
const re2jsMatchers =
  (re2js: Re2js): MatcherFactory =>
  (source, hasSecretGroup) => {
    const anywhere = re2js.compile(toRe2Source(source));
    const groups = hasSecretGroup ? secretGroupsOf(source) : [];
    const find = (input: string, offset: number): Span | undefined => {
      const matcher = anywhere.matcher(input);
      if (!matcher.find(offset)) return undefined;
      return spanOf(matcher.start(), matcher.end(), groups, (group) =>
        matcher.start(group) < 0 ? undefined : [matcher.start(group), matcher.end(group)],
      );
    };
    const at = (input: string, offset: number): Span | undefined => {
      // The leftmost match is the one at the offset, if there is one there.
      const span = find(input, offset);
      return span?.start === offset ? span : undefined;
    };
    return { at, find };
  };

export const v8Matchers: MatcherFactory = regexpMatchers(RegExp, (source) => source);

/** The re2 addon when it is installed and its binary loads; undefined otherwise. */
export const loadRe2 = (): MatcherFactory | undefined => {
  try {
    const loaded = createRequire(import.meta.url)('re2') as RegExpLike & { RE2?: RegExpLike };
    return regexpMatchers(loaded.RE2 ?? loaded, toRe2Source);
  } catch {
    // Not installed, or installed without its binary (npm 12 runs no install scripts): re2js takes over.
    return undefined;
  }
};

export const loadRe2js = async (): Promise<MatcherFactory> => {
  const { RE2JS } = await import('re2js');
  return re2jsMatchers(RE2JS as unknown as Re2js);
};

/** The engines a detector runs on: `linear` (re2 or re2js) is loaded only when a rule asks for it. */
export interface Engines {
  readonly name: EngineName;
  readonly v8: MatcherFactory;
  readonly linear: MatcherFactory;
}

/** Picks the engines for a rule set. `needsLinear` is true when a rule comes from a user. */
export const loadEngines = async (needsLinear: boolean): Promise<Engines> => {
  if (!needsLinear) return { name: 'v8', v8: v8Matchers, linear: v8Matchers };
  const re2 = loadRe2();
  if (re2) return { name: 're2', v8: v8Matchers, linear: re2 };
  return { name: 're2js', v8: v8Matchers, linear: await loadRe2js() };
};

/** The matcher of a rule. */
export const matcherFor = (rule: CompiledRule, engines: Engines): Matcher =>
  (rule.engine === 'v8' ? engines.v8 : engines.linear)(rule.source, rule.hasSecretGroup);
