import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

const KINDS: Readonly<Record<string, string>> = { at: 'access token', rt: 'refresh token', ac: 'authorization code' };

/**
 * X (Twitter) OAuth 2.0 tokens of users: base64url of `<random>:<milliseconds>:<digit>:<digit>:<kind>:1`. The vendor does not
 * describe the form: this can confirm a token but never refute one.
 */
export const twitterOauth2Text: Check = (secret) => {
  const text = /^[\w-]{60,130}$/.test(secret) ? decodeBase64(secret)?.toString('latin1') : undefined;
  const parts = /^[\w-]{40,48}:(\d{13}):\d:\d:(at|rt|ac):1$/.exec(text ?? '');
  if (parts === null) return NOT_APPLICABLE;
  return {
    proof: 'valid',
    details: { tokenOf: KINDS[parts[2]!]!, issued: new Date(Number(parts[1])).toISOString() },
    reason: 'it decodes to the form of an X token',
  };
};
