import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeJsonObject, isoDate, type JsonObject } from './codec.ts';

/**
 * Tokens that are, after a prefix, base64 of a JSON object (1Password `ops_`, Grafana Cloud `glc_`, Mapbox `sk.`, Cloudflare
 * tunnels …). `{` encodes to `ey` or `ew`, which marks where the object starts.
 */
export const jsonBase64: Check = (secret) => {
  let tries = 0;
  for (const { index } of secret.matchAll(/e[yw][A-Za-z0-9]/g)) {
    const encoded = /^[A-Za-z0-9+/_-]+={0,2}/.exec(secret.slice(index, index + 65_536))![0];
    const object = decodeJsonObject(encoded);
    if (object !== undefined) return wellFormed(object);
    if (++tries === 8) break;
  }
  return tries === 0 ? NOT_APPLICABLE : { proof: 'invalid', reason: 'it does not decode to a JSON object' };
};

function wellFormed(object: JsonObject): CheckResult {
  const names = Object.keys(object).filter((name) => /^[A-Za-z_][\w.-]{0,39}$/.test(name));
  const fields = names.slice(0, 8).join(', ');
  return {
    proof: 'valid',
    reason: 'it decodes to a JSON object',
    ...(fields === '' ? {} : { details: { fields } }),
  };
}

/**
 * Sentry organization tokens: `sntrys_<base64 JSON>_<43 base64>`, the JSON holding iat, url, region_url and org (Sentry RFC 0091).
 */
export const sentryPayload: Check = (secret) => {
  const parts = /^sntrys_([A-Za-z0-9+/_-]+={0,2})_[A-Za-z0-9+/]{43}$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  const payload = decodeJsonObject(parts[1]!);
  if (payload === undefined) return { proof: 'invalid', reason: 'its payload is not JSON' };
  const details: Record<string, string> = {};
  const issued = isoDate(payload.iat);
  if (issued !== undefined) details.issued = issued;
  for (const name of ['org', 'url', 'region_url'] as const) {
    const value = payload[name];
    if (typeof value === 'string') details[name === 'region_url' ? 'regionUrl' : name] = clip(value);
  }
  const complete = details.org !== undefined || details.url !== undefined;
  return complete
    ? { proof: 'valid', details, reason: 'its payload names the organization' }
    : { proof: 'invalid', reason: 'its payload names neither organization nor address' };
};
