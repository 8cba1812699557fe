import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createItemScanner } from '../../src/scan/item-scanner.ts';
import type { LocatedMatch } from '../../src/types.ts';
import { detectorOn, shippedRules } from '../support/detector.ts';
import { between, pick, prose, type Random, seeded } from '../support/random.ts';
import * as tokens from '../support/tokens.ts';
import { STORED_AS, secretText, stored } from './pieces.ts';

const scanner = createItemScanner(detectorOn(shippedRules()));
const scan = (bytes: Uint8Array | string): readonly LocatedMatch[] =>
  scanner.scan(typeof bytes === 'string' ? Buffer.from(bytes) : bytes).matches;

/** The bytes that a match says hold the secret. */
const rawOf = (bytes: Buffer, { region }: LocatedMatch): Buffer => bytes.subarray(region.byteStart, region.byteEnd);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percent = (text: string): string => text.replace(/[^A-Za-z0-9]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
const unicode = (text: string): string =>
  text.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const fromUnicode = (text: string): string => JSON.parse(`"${text}"`) as string;

interface Wrapping {
  readonly chain: readonly string[];
  readonly wrap: (text: string) => string;
  /** The text that the reported span of the item decodes to. It may hold more than the secret, where bits are shared. */
  readonly unwrap: (span: string) => string;
}

/** Base64 text that was cut at any character: what it decodes to at one of the four places it may start at. */
const anyOffset = (span: string): string =>
  ['', 'A', 'AA', 'AAA'].map((before) => Buffer.from(before + span, 'base64').toString('latin1')).join('\n');

const WRAPPINGS: readonly Wrapping[] = [
  { chain: [], wrap: (text) => text, unwrap: (span) => span },
  { chain: ['base64'], wrap: base64, unwrap: anyOffset },
  {
    chain: ['base64'],
    wrap: (text) => base64(text).replace(/.{64}(?=.)/g, '$&\n'),
    unwrap: (span) => anyOffset(span.replace(/\n/g, '')),
  },
  { chain: ['base64'], wrap: (text) => Buffer.from(text).toString('base64url'), unwrap: anyOffset },
  {
    chain: ['base64', 'base64'],
    wrap: (text) => base64(base64(text)),
    unwrap: (span) => anyOffset(span).split('\n').map(anyOffset).join('\n'),
  },
  {
    chain: ['hex'],
    wrap: (text) => Buffer.from(text).toString('hex'),
    unwrap: (span) => Buffer.from(span, 'hex').toString(),
  },
  { chain: ['percent'], wrap: percent, unwrap: decodeURIComponent },
  { chain: ['escapes'], wrap: unicode, unwrap: fromUnicode },
  {
    chain: ['ansi'],
    wrap: (text) => text.replace(/(_.{5})/g, '\x1b[31m$1\x1b[0m'),
    unwrap: (span) => span.replace(/\x1b\[\d*m/g, ''),
  },
  {
    chain: ['base64', 'gzip'],
    wrap: (text) => gzipSync(Buffer.from(text)).toString('base64'),
    unwrap: (span) => gunzipSync(Buffer.from(span, 'base64')).toString(),
  },
  {
    chain: ['base64', 'utf-16le'],
    wrap: (text) => Buffer.from(text, 'utf16le').toString('base64'),
    unwrap: (span) => Buffer.from(span, 'base64').toString('utf16le'),
  },
  {
    chain: ['hex', 'base64'],
    wrap: (text) => Buffer.from(base64(text)).toString('hex'),
    unwrap: (span) => anyOffset(Buffer.from(span, 'hex').toString()),
  },
  {
    chain: ['percent', 'base64'],
    wrap: (text) => base64(text).replace(/[A-Z]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
    unwrap: (span) => anyOffset(decodeURIComponent(span)),
  },
];

describe('the span of a secret', () => {
  it('is the secret itself in an item of any encoding', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...STORED_AS), (seed, as) => {
        const random = seeded(seed);
        const token = tokens.githubToken(random);
        const text = `${prose(random, between(random, 0, 300))}é\u{1f600} TOKEN=${token}\r\n${prose(random, 99)}`;
        const bytes = stored(text, as);
        const [match, ...others] = scan(bytes);
        expect(others).toEqual([]);
        const mark = as === 'utf-8' ? 0 : stored('', as).length;
        expect(rawOf(bytes, match!)).toEqual(stored(token, as).subarray(mark));
      }),
      { numRuns: 150 },
    );
  });

  it('holds the secret in whatever it was wrapped, with the names of the wrappings', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(WRAPPINGS.length - 1), fc.constantFrom(...STORED_AS), (seed, index, as) => {
        const { chain, wrap, unwrap } = WRAPPINGS[index]!;
        const random = seeded(seed);
        const token = pick(random, [tokens.githubToken, tokens.npmToken])(random);
        const inner = `${prose(random, between(random, 30, 60)).trim()} ${token} ${prose(random, 60).trim()}`;
        const text = `${prose(random, 40)}\u{1f680} "${wrap(inner.replace(/\s+/g, ' '))}"\n${prose(random, 40)}`;
        const bytes = stored(text, as);
        const found = scan(bytes);
        expect(found.map((match) => [match.secret, match.chain])).toEqual([[token, chain]]);
        const mark = as === 'utf-8' ? Buffer.alloc(0) : stored('', as);
        const raw = rawOf(bytes, found[0]!);
        expect(unwrap(decoded(Buffer.concat([mark, raw]), as))).toContain(token);
      }),
      { numRuns: 600 },
    );
  });
});

/** The text of stored bytes without the mark. */
const decoded = (bytes: Buffer, as: (typeof STORED_AS)[number]): string => {
  if (as.startsWith('utf-8')) return bytes.toString().replace(/^\ufeff/, '');
  if (as === 'utf-16le') return bytes.toString('utf16le').slice(1);
  if (as === 'utf-16be') return Buffer.from(bytes).swap16().toString('utf16le').slice(1);
  const read = (at: number) => (as === 'utf-32le' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  return String.fromCodePoint(...Array.from({ length: bytes.length / 4 - 1 }, (_, i) => read((i + 1) * 4)));
};

describe('lines and columns', () => {
  const lineEnds = ['\n', '\r\n'] as const;

  it('count from 1, in UTF-16 units, a byte order mark left out', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', 'é', '\u{1f600}', '中'), maxLength: 30 }), {
          maxLength: 6,
        }),
        fc.constantFrom(...lineEnds),
        fc.constantFrom(...STORED_AS),
        (seed, lines, lineEnd, as) => {
          const token = tokens.githubToken(seeded(seed));
          const before = lines.join(lineEnd);
          const text = `${before} ${token} ok${lineEnd}and more text to read`;
          const [match] = scan(stored(text, as));
          const column = (lines.at(-1) ?? '').length + 2;
          expect(match!.region).toMatchObject({
            startLine: Math.max(1, lines.length),
            startColumn: column,
            endLine: Math.max(1, lines.length),
            endColumn: column + token.length,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are right for a token at byte 125,000 of a line of 185 kB', () => {
    const random = seeded(8);
    const token = tokens.githubToken(random);
    const filler = prose(random, 190_000).replace(/\s+/g, ' ');
    const text = `${filler.slice(0, 124_999)}"${token}"${filler.slice(0, 60_000)}`;
    const [match, ...others] = scan(text);
    expect(others).toEqual([]);
    expect(match!.region).toEqual({
      startLine: 1,
      startColumn: 125_001,
      endLine: 1,
      endColumn: 125_001 + token.length,
      byteStart: 125_000,
      byteEnd: 125_000 + token.length,
    });
    expect(match!.context.length).toBeLessThanOrEqual(200);
  });

  it('span the lines of a key', () => {
    const key = tokens.ed25519Key();
    const [match] = scan(`one\r\n${key.replace(/\n/g, '\r\n')}\r\nend`);
    expect(match!.region).toMatchObject({ startLine: 2, startColumn: 1, endLine: 4, endColumn: 26 });
  });
});

describe('the line shown with a finding', () => {
  const longerThan = (random: Random, size: number) => prose(random, size).replace(/\s+/g, ' ');

  it('never holds any secret found in the item, nor a part of one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...STORED_AS), (seed, as) => {
        const random = seeded(seed);
        const found = scan(stored(secretText(random, between(random, 100, 6000)), as));
        const parts = found.flatMap(({ secret }) => partsOf(secret));
        for (const { context, region } of found) {
          const shown = parts.filter((part) => context.includes(part));
          expect(shown.length, `line ${region.startLine}: ${context}`).toBe(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('hides the secrets that its ends cut, and what encodes them', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(90), { minLength: 2, maxLength: 12 }), (seed, gaps) => {
        const random = seeded(seed);
        const made = gaps.map(() => tokens.githubToken(random));
        const text = made
          .map((token, i) => {
            const inner = `TOKEN ${token} is what it says`;
            return `${longerThan(random, gaps[i]!)} "${pick(random, [token, base64(inner), unicode(token)])}"`;
          })
          .join(',');
        const found = scan(text);
        expect(found).toHaveLength(made.length);
        for (const match of found) {
          expect(match.context.length).toBeLessThanOrEqual(220);
          for (const other of found) {
            const raw = text.slice(other.start, other.end);
            const shown = [...partsOf(other.secret), ...partsOf(raw)].filter((part) => match.context.includes(part));
            expect(shown.length, match.context).toBe(0);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('hides secrets in the next zone and in the one before', () => {
    const random = seeded(2);
    const one = tokens.githubToken(random);
    const other = tokens.stripeKey(random);
    const before = prose(random, 300_000).slice(0, 299_950).trimEnd();
    const text = `${before}\nA=${one} B=${other}\n${prose(random, 300_000)}`;
    for (let zone = 299_940; zone < 300_060; zone += 7) {
      const found = createItemScanner(detectorOn(shippedRules()), { zone }).scan(Buffer.from(text)).matches;
      expect(found.map(({ secret }) => secret)).toEqual([one, other]);
      for (const { context } of found) {
        for (const part of [...partsOf(one), ...partsOf(other)]) expect(context).not.toContain(part);
      }
    }
  });
});

/** Stretches of twelve characters of a secret; its public prefix, and what stands around a key's lines, is no secret. */
const partsOf = (secret: string): string[] => {
  const isKey = secret.includes('-----');
  const pieces = isKey ? secret.split(/[\r\n]+|\\n/).slice(1, -1) : [secret.slice(8)];
  const parts = pieces.flatMap((piece) =>
    Array.from({ length: Math.max(0, piece.length - 11) }, (_, at) => piece.slice(at, at + 12)),
  );
  return isKey ? parts.filter((part) => /^[A-Za-z0-9+/]{12}$/.test(part)) : parts;
};
