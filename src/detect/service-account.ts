import { gcpServiceAccount } from './checks/gcp-service-account.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { type Layer, textOf } from './layer.ts';
import type { CompiledRule } from './rules/rule.ts';

/** A key file has about 2,400 bytes; an RSA-4096 key and long names make it no longer than this. */
export const SERVICE_ACCOUNT_REACH = 8192;

/** The innermost pair of braces around `at`. Key files have no braces inside, escaped or not. */
const bracesAround = (text: string, at: number): [number, number] | undefined => {
  const start = text.lastIndexOf('{', at);
  const end = text.indexOf('}', at);
  if (start < 0 || end < 0 || text.lastIndexOf('}', at) > start) return undefined;
  const inner = text.indexOf('{', start + 1);
  return inner >= 0 && inner < end ? undefined : [start, end + 1];
};

/** Does the same mark stand earlier in the braces, and see both? Parsing a key once for each of many marks takes long. */
const isReadFromEarlier = (text: string, [start, stop]: [number, number], at: number, end: number): boolean => {
  const first = text.indexOf(text.slice(at, end), start);
  return first < at && stop <= first + (end - at) + SERVICE_ACCOUNT_REACH;
};

/**
 * Reads a Google Cloud service account key: the JSON object around `"service_account"`, plain or inside a JSON string
 * (cloud.google.com/iam/docs/keys-create-delete). One whose key does not parse is left to the rule for private keys.
 */
export const readServiceAccount = (rule: CompiledRule, layer: Layer, at: number, end: number): (Draft | Refusal)[] => {
  const from = Math.max(0, at - SERVICE_ACCOUNT_REACH);
  const text = textOf(layer, from, end + SERVICE_ACCOUNT_REACH);
  const braces = bracesAround(text, at - from);
  if (!braces || isReadFromEarlier(text, braces, at - from, end - from)) return [];
  const secret = text.slice(...braces);
  if (!secret.includes('private_key')) return [];
  const result = gcpServiceAccount(secret);
  if (result.proof !== 'valid') return [];
  return [
    {
      start: from + braces[0],
      end: from + braces[1],
      secret,
      identity: result.identity ?? secret,
      confidence: 'high',
      severity: rule.facts.severity,
      proof: 'valid',
      reasons: ['it is a service account key file', ...(result.reason ? [result.reason] : [])],
      details: result.details ?? {},
      chain: layer.chain,
    },
  ];
};
