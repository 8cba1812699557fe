import { readPrivateKey } from '../keys/read.ts';
import { type Check, NOT_APPLICABLE } from './check.ts';
import { clip, type JsonObject, parseJsonObject } from './codec.ts';

/**
 * Google Cloud service account keys: a JSON object, also one whose quotes are escaped once, with `private_key`. Its key is
 * parsed; the identity is that of the key, so the same key elsewhere is the same secret.
 */
export const gcpServiceAccount: Check = (secret) => {
  const account = parseJsonObject(secret) ?? parseEscaped(secret);
  if (account === undefined || typeof account.private_key !== 'string') return NOT_APPLICABLE;
  const details: Record<string, string> = {};
  for (const [name, shown] of [
    ['project_id', 'project'],
    ['client_email', 'email'],
    ['private_key_id', 'keyId'],
  ] as const) {
    const value = account[name];
    if (typeof value === 'string' && value !== '') details[shown] = clip(value);
  }
  const header = account.private_key.indexOf('-----BEGIN ');
  const key = header < 0 ? undefined : readPrivateKey(account.private_key, header);
  if (key === undefined || 'refused' in key || key.grade !== 'parsed') {
    return { proof: 'invalid', details, reason: 'its private key does not parse' };
  }
  return {
    proof: 'valid',
    details: { ...details, ...key.details },
    identity: key.identity,
    reason: 'its private key parses',
  };
};

/** A JSON object inside a JSON string: `{\"type\": …}`. */
function parseEscaped(text: string): JsonObject | undefined {
  if (!text.includes('\\"')) return undefined;
  try {
    const inner: unknown = JSON.parse(`"${text}"`);
    return typeof inner === 'string' ? parseJsonObject(inner) : undefined;
  } catch {
    // not an escaped text either
    return undefined;
  }
}
