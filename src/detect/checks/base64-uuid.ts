import { isUuid } from '../judge/digest.ts';
import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

/**
 * Keys that are base64 of a UUID's text (Clockify). The vendor does not describe the form and issued others before: this can confirm a
 * key but never refute one.
 */
export const base64Uuid: Check = (secret) => {
  const text = secret.length === 48 ? decodeBase64(secret)?.toString('latin1') : undefined;
  return text !== undefined && isUuid(text) ? { proof: 'valid', reason: 'it decodes to a UUID' } : NOT_APPLICABLE;
};
