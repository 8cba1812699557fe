import { type Check, NOT_APPLICABLE } from './check.ts';
import { clip, decodeJsonObject } from './codec.ts';

/**
 * Grafana Cloud access policy tokens: `glc_` and base64 of a JSON object with organization (`o`), name (`n`), key (`k`) and region
 * (`m.r`). The vendor does not describe the form: this can confirm a token but never refute one.
 */
export const grafanaCloud: Check = (secret) => {
  const payload = secret.startsWith('glc_') ? decodeJsonObject(secret.slice(4)) : undefined;
  if (payload === undefined || typeof payload.k !== 'string' || payload.k === '') return NOT_APPLICABLE;
  const details: Record<string, string> = {};
  const tell = (name: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') details[name] = clip(String(value));
  };
  tell('org', payload.o);
  tell('name', payload.n);
  if (typeof payload.m === 'object' && payload.m !== null && 'r' in payload.m) tell('region', payload.m.r);
  return { proof: 'valid', details, reason: 'its payload holds the key' };
};
