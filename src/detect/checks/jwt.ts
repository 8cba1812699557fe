import { knownPayload } from '../judge/known-samples.ts';
import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeJsonObject, isoDate, type JsonObject } from './codec.ts';

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
  const known = knownPayload(segments[1]!);
  if (known !== undefined) return sample(alg, known);
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

const sample = (alg: string, known: string): CheckResult => ({
  proof: 'invalid',
  confidence: 'low',
  details: { alg: clip(alg, 20), known },
  reason: 'it is a sample token from public documentation',
});

function judged(alg: string, payload: JsonObject): CheckResult {
  const details: Record<string, string> = { alg: clip(alg, 20) };
  if (typeof payload.iss === 'string') details.issuer = clip(payload.iss);
  const audience = audienceOf(payload.aud);
  if (audience !== '') details.audience = audience;
  const expiry = isoDate(payload.exp);
  if (expiry !== undefined) details.expiry = expiry;
  const lived = lifetimeOf(payload);
  if (lived !== undefined && lived <= SHORT_LIFE) {
    // Made for one link or one request (GitHub puts such into the addresses of pictures): over before anybody reads it.
    const reason = `it is a JSON Web Token that was valid for ${lived} seconds only`;
    return { proof: 'valid', confidence: 'low', details, reason };
  }
  if (alg.toLowerCase() === 'none') {
    return { proof: 'valid', details, reason: 'it is a JSON Web Token without a signature (alg none)' };
  }
  return { proof: 'valid', details, reason: 'it is a well-formed JSON Web Token' };
}

/** Seconds. */
const SHORT_LIFE = 1800;

/** From issue (or the start of validity) to expiry, in seconds; the clock of the reader plays no part. */
function lifetimeOf({ iat, nbf, exp }: JsonObject): number | undefined {
  const start = typeof iat === 'number' ? iat : nbf;
  return typeof exp === 'number' && typeof start === 'number' && exp >= start ? Math.round(exp - start) : undefined;
}

/** One audience or a list of them (RFC 7519 section 4.1.3). */
function audienceOf(aud: unknown): string {
  const all: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return clip(all.filter((one) => typeof one === 'string').join(', '));
}
