import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeBase64 } from './codec.ts';
import { readPacked, skipPacked } from './msgpack.ts';

/**
 * Fly.io tokens: after an optional `FlyV1 `, parts `fm2_<base64>` joined by commas, each a macaroon in MessagePack: an array of nonce,
 * location, caveats and signature (superfly/macaroon, macaroon.go). The older `fm1r_` and `fm1a_` are not described there: parts that do
 * not decode are no reason to doubt.
 */
export const flyMacaroon: Check = (secret) => {
  for (const part of secret.replace(/^FlyV1 /, '').split(',', 8)) {
    const encoded = /^fm[12][ar]?_(.+)$/.exec(part)?.[1];
    const result = encoded === undefined ? undefined : readMacaroon(decodeBase64(encoded));
    if (result !== undefined) return result;
  }
  return NOT_APPLICABLE;
};

function readMacaroon(bytes: Buffer | undefined): CheckResult | undefined {
  const outer = bytes === undefined ? undefined : readPacked(bytes, 0);
  if (bytes === undefined || outer?.type !== 'array' || outer.size !== 4) return undefined;
  const afterNonce = skipPacked(bytes, outer.end);
  const location = afterNonce === undefined ? undefined : readPacked(bytes, afterNonce);
  if (location?.type !== 'text') return undefined;
  const afterCaveats = skipPacked(bytes, location.end);
  const signature = afterCaveats === undefined ? undefined : readPacked(bytes, afterCaveats);
  if (signature?.type !== 'bytes' || signature.size !== 32 || signature.end !== bytes.length) return undefined;
  return {
    proof: 'valid',
    details: { location: clip(bytes.toString('utf8', location.end - location.size, location.end)) },
    reason: 'it is a complete macaroon',
  };
}
