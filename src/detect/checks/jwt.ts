import { crypto } from '../crypto.ts';
import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeJsonObject, isoDate, type JsonObject } from './codec.ts';

/**
 * SHA-256 of the payload segments of tokens printed in documentation: the three that jwt.io has shown (John Doe) and the
 * example of RFC 7519 section 3.1. Whoever signs them anew, they stand for nobody.
 */
const SAMPLE_PAYLOADS: ReadonlySet<string> = new Set([
  '3373cfa8cfd3d25622125d01af103fd4727b8d44648999185b68346ab5f4d59d',
  '9cad21446b79d6b1604a6f3e50d15769c94a1b6ed0f3f49ebf871f7ecca7fdb8',
  '25be1edd45a3a982faa1861a20949eb23625d150d1926403060937ade7f2a1de',
  '32cd61d7a4d1ae9f72ad09c70f50f173085e9c22160afd84edb169af126796a0',
]);

const sha256 = (text: string): string => crypto().createHash('sha256').update(text, 'latin1').digest('hex');

/**
 * A JSON Web Token (RFC 7519) or its encrypted form (RFC 7516): the header must decode to JSON with an `alg`. A vendor's prefix
 * before the header does no harm. The signature cannot be checked: nobody has the key here.
 */
export const jwt: Check = (secret) => {
  const segments = secret.split('.');
  if (segments.length !== 3 && segments.length !== 5) return NOT_APPLICABLE;
  const alg = readHeader(segments[0]!)?.alg;
  if (typeof alg !== 'string') return { proof: 'invalid', reason: 'its header is not that of a JSON Web Token' };
  if (segments.length === 5) return { proof: 'valid', details: { alg: clip(alg, 20), encrypted: 'yes' } };
  if (SAMPLE_PAYLOADS.has(sha256(segments[1]!))) return sample(alg);
  const payload = decodeJsonObject(segments[1]!);
  if (payload === undefined) return { proof: 'invalid', reason: 'its payload is not JSON' };
  return judged(alg, payload);
};

/** The first place from which the segment decodes to a JSON object: `{` encodes to `ey` or `ew`. */
function readHeader(segment: string): JsonObject | undefined {
  let tries = 0;
  for (const { index } of segment.matchAll(/e[yw]/g)) {
    const header = decodeJsonObject(segment.slice(index));
    if (header !== undefined || ++tries === 8) return header;
  }
  return undefined;
}

const sample = (alg: string): CheckResult => ({
  proof: 'invalid',
  details: { alg: clip(alg, 20), sample: 'known sample' },
  reason: 'it is a sample token from public documentation',
});

function judged(alg: string, payload: JsonObject): CheckResult {
  const details: Record<string, string> = { alg: clip(alg, 20) };
  if (typeof payload.iss === 'string') details.issuer = clip(payload.iss);
  const expiry = isoDate(payload.exp);
  if (expiry !== undefined) details.expiry = expiry;
  if (alg.toLowerCase() === 'none') {
    return { proof: 'valid', details, reason: 'it is a JSON Web Token without a signature (alg none)' };
  }
  return { proof: 'valid', details, reason: 'it is a well-formed JSON Web Token' };
}
