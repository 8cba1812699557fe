import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/detect/detector.ts';
import { createItemScanner, type ItemReport } from '../../src/scan/item-scanner.ts';
import { detectorOn, shippedRules, someShippedRules } from '../support/detector.ts';
import { between, prose, type Random, seeded } from '../support/random.ts';
import { githubToken, rsaKey } from '../support/tokens.ts';
import { STORED_AS, secretText, stored } from './pieces.ts';

const full = detectorOn(shippedRules());
/** Without the readers that look 64 KiB far, so that small texts have many zones. */
const near = detectorOn(someShippedRules((rule) => rule.maxLength + rule.within < 1500));

const scanWhole = (detector: Detector, bytes: Uint8Array): ItemReport =>
  createItemScanner(detector, { locateDropped: true }).scan(bytes);

const inZones = (detector: Detector, bytes: Uint8Array, zone: number): ItemReport =>
  createItemScanner(detector, { zone, locateDropped: true }).scan(bytes);

const chunksOf = (bytes: Uint8Array, random: Random, longest: number): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = between(random, 0, longest);
    // Each chunk is a copy of its own, as from a socket.
    chunks.push(Uint8Array.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return chunks;
};

async function* arriving(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** What can be compared as text: where a report differs is then seen at once. */
const facts = ({ matches, dropped, droppedCounts, bytes }: ItemReport) => ({
  bytes,
  droppedCounts,
  matches: matches.map(({ ruleId, secret, chain, region, confidence, proof, alsoMatched, context, ...rest }) =>
    JSON.stringify([
      [ruleId, region, chain, secret, confidence, proof, alsoMatched, context],
      [rest.companion?.ruleId, rest.companion?.secret, rest.companionRegion],
    ]),
  ),
  dropped: dropped
    .map(({ ruleId, start, end, line, reason }) => `${ruleId} ${start}-${end} line ${line}: ${reason}`)
    .sort(),
});

const anyCase = fc.record({
  seed: fc.integer(),
  as: fc.constantFrom(...STORED_AS),
  longest: fc.constantFrom(1, 7, 64, 1000, 5000, 100_000),
});

describe('an item', () => {
  it('gives the same report however its bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, as, longest }) => {
        const random = seeded(seed);
        const bytes = stored(secretText(random, between(random, 0, 12_000)), as);
        const whole = facts(scanWhole(full, bytes));
        const scanner = createItemScanner(full, { locateDropped: true });
        expect(facts(await scanner.scanChunks(arriving(chunksOf(bytes, random, longest))))).toEqual(whole);
        let at = 0;
        const read = (target: Buffer, length: number) => {
          const part = bytes.subarray(at, at + length);
          target.set(part);
          at += part.length;
          return part.length;
        };
        expect(facts(scanner.scanFrom(read))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same report in zones of any size as in one', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 16, max: 3000 }), fc.constantFrom(...STORED_AS), (seed, zone, as) => {
        const random = seeded(seed);
        const bytes = stored(secretText(random, between(random, 15_000, 40_000)), as);
        const whole = facts(scanWhole(near, bytes));
        found += whole.matches.length;
        expect(facts(inZones(near, bytes, zone))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('gives the same report with all rules, when keys and manifests stand on borders of zones', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 30_000, max: 90_000 }),
        fc.constantFrom(...STORED_AS),
        (seed, zone, as) => {
          const random = seeded(seed);
          const bytes = stored(secretText(random, between(random, 320_000, 400_000)), as);
          expect(facts(inZones(full, bytes, zone))).toEqual(facts(scanWhole(full, bytes)));
        },
      ),
      { numRuns: 3 },
    );
  });

  it('gives the same report when zones and chunks are cut at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 16, max: 3000 }), async ({ seed, as, longest }, zone) => {
        const random = seeded(seed);
        const bytes = stored(secretText(random, between(random, 10_000, 20_000)), as);
        const scanner = createItemScanner(near, { zone, locateDropped: true });
        const report = await scanner.scanChunks(arriving(chunksOf(bytes, random, longest)));
        expect(facts(report)).toEqual(facts(scanWhole(near, bytes)));
      }),
      { numRuns: 20 },
    );
  });

  it('is scanned alike whatever item the same scanner had before', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const scanner = createItemScanner(full, { locateDropped: true });
        const items = Array.from({ length: 4 }, () => Buffer.from(secretText(random, between(random, 0, 3000))));
        for (const item of items) expect(facts(scanner.scan(item))).toEqual(facts(scanWhole(full, item)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a key of several kilobytes', () => {
  it('is found once at every place of a border of zones', () => {
    const key = rsaKey();
    const random = seeded(3);
    const size = 200_000;
    const text = prose(random, size).slice(0, size);
    for (let before = 0; before < key.length + 200; before += 97) {
      const at = 100_000 - before;
      const bytes = Buffer.from(`${text.slice(0, at)}\n${key}\n${text.slice(at)}`);
      const { matches } = inZones(full, bytes, 100_000);
      expect(matches.map(({ ruleId, start, region }) => [ruleId, start > 0, region.byteStart])).toEqual([
        ['private-key', true, at + 1],
      ]);
    }
  });
});

describe('base64 on one line over many zones', () => {
  it('is decoded to its end, wherever the zones are cut', () => {
    const random = seeded(11);
    const tokens = Array.from({ length: 12 }, () => githubToken(random));
    const text = tokens.map((token) => `${prose(random, 9000)} ${token} `).join('');
    for (const lead of ['x = ', 'x= ', 'xyz = "', '']) {
      const bytes = Buffer.from(`${lead}${Buffer.from(text).toString('base64')}`);
      const { matches } = inZones(near, bytes, 4096);
      expect(matches.map(({ secret }) => secret)).toEqual(tokens);
      expect(matches.every(({ chain }) => chain.join() === 'base64')).toBe(true);
    }
  });
});

describe('reports of large items', () => {
  it('say lines, columns and offsets of what stands many zones behind the start', () => {
    const random = seeded(11);
    const token = githubToken(random);
    for (const as of STORED_AS) {
      const line = `é\u{1f600} ${'x y '.repeat(40_000)}`;
      const text = `first\r\nsecond\n${line}"${token}" ${line}`;
      const { matches } = inZones(near, stored(text, as), 1000);
      const column = line.length + 2;
      expect(matches).toHaveLength(1);
      expect(matches[0]!.region).toMatchObject({
        startLine: 3,
        startColumn: column,
        endLine: 3,
        endColumn: column + token.length,
      });
      const { byteStart, byteEnd } = matches[0]!.region;
      const raw = stored(text, as).subarray(byteStart, byteEnd);
      expect(raw).toEqual(stored(token, as).subarray(as === 'utf-8' ? 0 : stored('', as).length));
    }
  });

  it('hold all of a hundred thousand findings and refusals', () => {
    const random = seeded(4);
    const lines = Array.from({ length: 130_000 }, () => `${githubToken(random)} password="`);
    const { matches, dropped } = scanWhole(full, Buffer.from(lines.join('\n')));
    expect(matches.filter(({ ruleId }) => ruleId === 'github-classic-pat').length).toBe(lines.length);
    expect(dropped.length).toBeGreaterThanOrEqual(0);
  });
});

describe('an empty item', () => {
  it('has nothing', async () => {
    const scanner = createItemScanner(full);
    const nothing = { matches: [], dropped: [], droppedCounts: {}, bytes: 0, decodingCut: false };
    expect(scanner.scan(new Uint8Array(0))).toEqual(nothing);
    expect(scanner.scanFrom(() => 0)).toEqual(nothing);
    expect(await scanner.scanChunks(arriving([]))).toEqual(nothing);
  });
});
