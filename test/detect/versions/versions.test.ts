import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection, Detector } from '../../../src/detect/detector.ts';
import { createVersionScanner, type Version, type VersionScanner } from '../../../src/detect/versions/versions.ts';
import { deltaOf, randomSteps } from '../../support/delta.ts';
import { detectIn, detectorOn, shippedRules } from '../../support/detector.ts';
import { between, seeded } from '../../support/random.ts';
import { material, snippet } from './material.ts';

const detector = detectorOn(shippedRules());
const whole = detectorOn(shippedRules());
const MB = 1 << 20;

const scannerOn = (on: Detector, longest = 4 * MB): VersionScanner =>
  createVersionScanner(on, { spare: 24 * MB, room: 16 * MB, longest, isPlain: () => true });
const versions = scannerOn(detector);

const packed = (bytes: Buffer) => ({ deflated: deflateSync(bytes), size: bytes.length });

const wanted = { scanned: true, isBase: true };

const detectionOf = (scanner: VersionScanner, version: Version): Detection => {
  const { tracks } = version;
  return tracks ? scanner.detection({ ...version, tracks }) : scanner.detectFrom(version, 0);
};

const sorted = ({ matches, dropped, decodingCut }: Detection) => ({
  matches,
  dropped: dropped.map((one) => JSON.stringify(one)).sort(),
  decodingCut,
});

/** Makes a chain of versions and compares each with a scan of its whole text. */
const compareChain = (scanner: VersionScanner, seed: number, length: number): number => {
  const random = seeded(seed);
  let text = material(random, between(random, 1, 12));
  let version = scanner.whole(packed(text), wanted) as Version;
  let tracked = 0;
  for (let step = 0; step < length; step++) {
    const { delta, result } = deltaOf(
      text,
      randomSteps(random, text, () => snippet(random)),
    );
    const next = scanner.derive(version, packed(delta), wanted);
    if (next === undefined || next === 'damaged') throw new Error(`no version: ${next}`);
    scanner.release(version);
    version = next;
    text = result;
    if (!scanner.bytes(version).equals(text)) throw new Error('the delta was not applied as written');
    expect(sorted(detectionOf(scanner, version))).toEqual(sorted(detectIn(whole, text)));
    if (version.tracks) tracked++;
  }
  scanner.release(version);
  return tracked;
};

describe('versions of a text', () => {
  it('hold the same findings and refusals as each text scanned by itself', () => {
    let tracked = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        tracked += compareChain(versions, seed, 6);
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
    expect(tracked).toBeGreaterThan(100);
  });
});
