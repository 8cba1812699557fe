import { crypto } from '../crypto.ts';
import { SAMPLE_PAYLOADS, SAMPLES } from './sample-hashes.ts';

type Table = ReadonlyMap<string, string>;

const byHash = (groups: Readonly<Record<string, readonly string[]>>): Table =>
  new Map(Object.entries(groups).flatMap(([what, hashes]) => hashes.map((hash) => [hash, what] as const)));

let samples: Table | undefined;
let payloads: Table | undefined;

/** Longer secrets are not samples of the list: they need not be hashed. */
const LONGEST = 512;

const sha256 = (text: string): string => crypto().createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * What a secret is when it is a sample that everybody has: of a vendor's documentation, of a standard, of a development tool. Costs one
 * SHA-256 a call (the first call also builds a table), so ask for findings, not for candidates.
 * @param secret as it stands in the text; blanks around it and `0x` before it do not matter, nor how words are spaced
 * @returns a short phrase such as `a sample of the AWS documentation`, or undefined
 */
export function knownSample(secret: string): string | undefined {
  if (secret.length > LONGEST) return undefined;
  samples ??= byHash(SAMPLES);
  return samples.get(sha256(secret.trim().replace(/^0x/i, '').replace(/\s+/g, ' ')));
}

/**
 * The same for the payload of a JSON Web Token, whatever its header and signature.
 * @param segment the middle segment, base64url
 */
export function knownPayload(segment: string): string | undefined {
  if (segment.length > LONGEST) return undefined;
  payloads ??= byHash(SAMPLE_PAYLOADS);
  return payloads.get(sha256(segment));
}
