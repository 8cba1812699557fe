import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matcher, matcherFor, type Span } from '../../src/detect/engine.ts';
import { judgeSpan } from '../../src/detect/judge-span.ts';
import type { Layer } from '../../src/detect/layer.ts';
import { contextSpans, headOf, type StandingSpan } from '../../src/detect/match-context.ts';
import { isToken } from '../../src/detect/match-form.ts';
import { type RankedMatch, resolveOverlaps } from '../../src/detect/overlap.ts';
import type { CompiledRule, RuleSource } from '../../src/detect/rules/rule.ts';
import { CONFIDENCES } from '../../src/types.ts';
import { expand } from '../rules/expand.ts';
import { templatesOf } from '../rules/templates.ts';
import {
  awakeRules,
  detectIn,
  detectorOn,
  ruleSetOf,
  ruleSource,
  rulesOf,
  shippedSources,
  shown,
  testEngines,
} from '../support/detector.ts';
import { between, mixedText, pick, prose, type Random, seeded } from '../support/random.ts';
import { ed25519Key, githubToken, stripeKey } from '../support/tokens.ts';

const set = awakeRules();
const rules = rulesOf(set);
const everything = detectorOn(set);
const engines = testEngines();

const layerOf = (text: string): Layer => {
  const bytes = Buffer.from(text, 'latin1');
  return { bytes: () => bytes, length: bytes.length, chain: [] };
};

/** Every match of the form in the whole text, whatever its literals: each start is tried. */
const formSpans = (rule: CompiledRule, matcher: Matcher, text: string): Span[] => {
  const spans: Span[] = [];
  for (let at = 0; at <= text.length; ) {
    const span = matcher.find(text, at);
    if (!span) break;
    if (isToken(rule, text, span)) spans.push(span);
    at = span.start + 1;
  }
  return spans;
};

/** A span and, of a context rule, what it stands on. */
type Found = Pick<StandingSpan, 'span'> & Partial<StandingSpan>;

/** What stands behind each context word or below the head that it makes, seen in the whole text. */
const wordSpans = (rule: CompiledRule, matcher: Matcher, text: string): Found[] => {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const layer = layerOf(text);
  return rule.anchors.flatMap(({ literal, test }) => {
    const spans: Found[] = [];
    for (let at = lower.indexOf(literal); at >= 0; at = lower.indexOf(literal, at + 1)) {
      const end = at + literal.length;
      const reach = test.type === 'near' ? test.reach : rule.within;
      spans.push(...contextSpans(rule, matcher, { text, at, end, reach, head: headOf(layer, at) }));
    }
    return spans;
  });
};

const isSurer = (a: RankedMatch, b: RankedMatch): boolean =>
  (CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) || a.specificity - b.specificity) > 0;

/** What the rule alone finds when its regex runs over everything, with the same judgement: the surest of each span. */
const plainly = (rule: CompiledRule, text: string): RankedMatch[] => {
  const matcher = matcherFor(rule, engines);
  const layer = layerOf(text);
  const spans: Found[] =
    rule.mode === 'form' ? formSpans(rule, matcher, text).map((span) => ({ span })) : wordSpans(rule, matcher, text);
  const surest = new Map<string, RankedMatch>();
  for (const { span, standing } of spans) {
    const draft = judgeSpan(rule, layer, text, 0, span, standing);
    if (!draft || 'refused' in draft) continue;
    const { weight = 0, ...facts } = draft;
    const match = { ...facts, ruleId: rule.facts.id, alsoMatched: [], specificity: rule.specificity + weight };
    const key = `${draft.start} ${draft.end}`;
    const known = surest.get(key);
    if (!known || isSurer(match, known)) surest.set(key, match);
  }
  return [...surest.values()];
};

/** Made anew each time: thousands of them would not fit into memory. */
const onlyWith = (rule: CompiledRule) => detectorOn(set, (other) => other.facts.id === rule.facts.id);

const idsOf = (some: readonly CompiledRule[]): string[] => some.map(({ facts }) => facts.id);
const ruleOf = (id: string): CompiledRule => rules.find(({ facts }) => facts.id === id)!;

const GLUE = [
  '',
  ' ',
  '\n',
  '\r\n',
  '"',
  "'",
  ',',
  '=',
  '\\n',
  '%3D',
  '\x1b[0m',
  'x',
  '_',
  '-',
  '7',
  '/',
  '\xe9',
  ' is ',
];

const sourceOf = new Map(shippedSources().map(({ rule }) => [rule.id, rule]));

/** The value of a context rule below a head that is made of one of its words. */
const sectionsOf = ({ context = [] }: RuleSource, random: Random): { text: string }[] => {
  if (context.length === 0) return [];
  const word = pick(random, context).replaceAll(/[. ]/g, '_');
  const key = pick(random, ['api_key', 'token', 'user', 'secret']);
  return [
    { text: `${word}:\n  host: acme.test\n  ${key}: {{form}}\nlast: 1\n` },
    { text: `[${word}]\r\nuser = me\r\n${key} = {{form}}\r\n` },
    { text: `{"${word.toUpperCase()}": {\n  "${key}": "{{form}}"\n}}` },
    { text: `${word}:\n\n  ${key}: {{form}}\n` },
  ];
};

/** Examples of a few rules, glued in many ways, cut and repeated. */
const exampleText = (ids: readonly string[], random: Random): string => {
  const pieces = Array.from({ length: between(random, 1, 6) }, () => {
    const rule = sourceOf.get(pick(random, ids))!;
    const templates = templatesOf(rule);
    const positive = templates.filter(({ kind }) => kind === 'positive');
    const template = pick(random, [...positive, ...templates, ...sectionsOf(rule, random)]).text;
    const { text, secrets } = expand(rule, template, random);
    const piece = random() < 0.3 ? (secrets[0] ?? text) : text;
    return random() < 0.2 ? piece.slice(between(random, 0, 5), piece.length - between(random, 0, 5)) : piece;
  });
  return pieces.map((piece) => pick(random, GLUE) + piece).join(pick(random, GLUE)) + pick(random, GLUE);
};

const overlaps = (a: { start: number; end: number }, b: { start: number; end: number }) =>
  a.start < b.end && b.start < a.end;

/** What the rule alone finds: in the text as it is, and in text decoded from it. */
const foundBy = (rule: CompiledRule, text: string) => {
  const { matches } = detectIn(onlyWith(rule), Buffer.from(text, 'latin1'));
  return {
    matches,
    plain: matches.filter(({ chain }) => chain.length === 0),
    decoded: matches.filter(({ chain }) => chain.length > 0),
  };
};

describe('the detector', () => {
  const regexRules = rules.filter(({ mode }) => mode === 'form' || mode === 'context');
  const isFixed = ({ mode, anchors }: CompiledRule) =>
    mode === 'context' || anchors.every(({ minOffset, maxOffset }) => minOffset === maxOffset);

  it('finds what each regex finds in the whole text, where its literals have a fixed place', () => {
    const fixed = idsOf(regexRules.filter(isFixed));
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...fixed), fc.constantFrom(...fixed), (seed, id, other) => {
        const text = exampleText([id, id, other], seeded(seed));
        const rule = ruleOf(id);
        const { plain, decoded } = foundBy(rule, text);
        const expected = resolveOverlaps(plainly(rule, text)).filter(
          (match) => !decoded.some((one) => overlaps(one, match)),
        );
        expect(shown(plain), JSON.stringify(text)).toEqual(shown(expected));
      }),
      { numRuns: 3000 },
    );
  });

  it('finds a part of what each regex finds, and all that stands apart, where its literals may move', () => {
    const movable = idsOf(regexRules.filter((rule) => !isFixed(rule)));
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...movable), fc.constantFrom(...movable), (seed, id, other) => {
        const text = exampleText([id, id, other], seeded(seed));
        const rule = ruleOf(id);
        const { matches, plain } = foundBy(rule, text);
        const all = plainly(rule, text);
        const places = new Set(shown(all));
        const extra = shown(plain).filter((place) => !places.has(place));
        expect(extra, JSON.stringify(text)).toEqual([]);
        const lost = all.filter((match) => !matches.some((one) => overlaps(one, match)));
        expect(shown(lost), JSON.stringify(text)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives disjoint matches, sorted, and names the rules that gave way', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const ids = Array.from({ length: 4 }, () => pick(random, rules).facts.id);
        const { matches } = detectIn(everything, Buffer.from(exampleText(ids, random), 'latin1'));
        for (const [i, match] of matches.entries()) {
          expect(match.end).toBeGreaterThan(match.start);
          if (i > 0) expect(match.start).toBeGreaterThanOrEqual(matches[i - 1]!.end);
          expect(match.alsoMatched).not.toContain(match.ruleId);
          expect([...match.alsoMatched].sort()).toEqual(match.alsoMatched);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same for the same bytes, whatever it saw before', () => {
    const random = seeded(6);
    const texts = Array.from({ length: 40 }, () => exampleText([pick(random, rules).facts.id], random));
    const first = texts.map((text) => detectIn(everything, text));
    const fresh = detectorOn(set);
    expect(texts.toReversed().map((text) => detectIn(fresh, text))).toEqual(first.toReversed());
  });

  it('looks for no rule that is switched off', () => {
    const token = githubToken(seeded(1));
    const off = detectorOn(set, (rule) => rule.facts.id !== 'github-classic-pat' && rule.facts.id !== 'generic-secret');
    expect(shown(detectIn(off, `GITHUB_TOKEN=${token}`).matches)).toEqual([]);
    expect(shown(detectIn(everything, `GITHUB_TOKEN=${token}`).matches)).toEqual(['github-classic-pat [13, 53)']);
  });

  it('looks at anchors in the stretch it is told, with the rest as context', () => {
    const random = seeded(2);
    const [one, other] = [githubToken(random), stripeKey(random)];
    const text = `a ${one} b ${other} c`;
    const bytes = Buffer.from(text);
    everything.input(bytes.length).set(bytes);
    const at = text.indexOf(other);
    expect(everything.detect(bytes.length, 0, at).matches.map(({ secret }) => secret)).toEqual([one]);
    expect(everything.detect(bytes.length, at, at + 1).matches.map(({ secret }) => secret)).toEqual([other]);
    expect(everything.detect(bytes.length, at + 1).matches).toEqual([]);
  });

  it('refuses more bytes than it gave room for', () => {
    const detector = detectorOn(set);
    detector.input(10);
    expect(() => detector.detect(11)).toThrow(RangeError);
  });
});

describe('decoded text', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it('is looked into five layers deep and no deeper', () => {
    const token = githubToken(seeded(3));
    let text = `the token is ${token} and this is some text`;
    for (let depth = 1; depth <= 7; depth++) {
      text = base64(text);
      const { matches } = detectIn(everything, `x="${text}"`);
      const expected = depth <= 5 ? [[token, Array.from({ length: depth }, () => 'base64')]] : [];
      expect(matches.map(({ secret, chain }) => [secret, chain])).toEqual(expected);
    }
  });

  it('is cut at a budget, and the result says so', () => {
    const filler = prose(seeded(4), 3_000_000);
    let text = filler;
    for (let depth = 0; depth < 3; depth++) text = base64(text);
    expect(detectIn(everything, text).decodingCut).toBe(false);
    const bomb = gzipSync(Buffer.alloc(3_000_000, filler.slice(0, 1000))).toString('base64');
    expect(detectIn(everything, `small="${bomb}"`).decodingCut).toBe(true);
  });

  it('makes room for itself in memory without disturbing the item', () => {
    const random = seeded(5);
    const detector = detectorOn(set);
    const token = githubToken(random);
    const text = `${base64(prose(random, 3_000_000) + token)}\nGITHUB_TOKEN=${githubToken(random)}\n`;
    const first = detectIn(detector, text);
    expect(first.matches).toHaveLength(2);
    expect(first.matches[0]!.secret).toBe(token);
    expect(detectIn(detector, text)).toEqual(first);
  });

  it('gives a key in base64 the identity of the key itself', () => {
    const key = ed25519Key();
    const [open] = detectIn(everything, `${key}\n`).matches;
    const [hidden] = detectIn(everything, `key: ${base64(`${key}\n`)}\n`).matches;
    expect(hidden!.chain).toEqual(['base64']);
    expect(hidden!.identity).toBe(open!.identity);
  });
});

describe('rules of users', () => {
  it('that have no literal are looked for everywhere, on borders of pieces too', () => {
    const own = ruleSetOf(ruleSource({ id: 'acme-pin', shape: 'digit{4} [.] digit{4}', confidence: 'medium' }));
    expect(own.rule(0).mode).toBe('everywhere');
    const detector = detectorOn(own);
    const random = seeded(7);
    for (let before = 65_520; before < 65_550; before++) {
      const secret = `${between(random, 1000, 9999)}.${between(random, 1000, 9999)}`;
      const text = `${'x '.repeat(before).slice(0, before)} ${secret} ${'y '.repeat(50)}`;
      const found = detectIn(detector, text).matches.map((match) => match.secret);
      expect(found).toEqual(/(\d)\1{3}/.test(secret) ? found : [secret]);
    }
  });

  it('may be as many as they like that begin alike', () => {
    const sources = Array.from({ length: 300 }, (_, i) =>
      ruleSource({ id: `acme-${i}`, shape: `'acme_' '${String(i).padStart(3, '0')}_' base62{20}` }),
    );
    const detector = detectorOn(ruleSetOf(...sources));
    const token = `acme_${'217_'}${mixedText(seeded(9), 20)}`;
    expect(shown(detectIn(detector, `a=${token}`).matches)).toEqual([`acme-217 [2, ${2 + token.length})`]);
  });
});
