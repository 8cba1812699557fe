import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * WorkOS keys: `sk_live_` or `sk_test_` and base64 of `key_<ULID>,<random>`. The vendor does not describe the form: this can confirm a
 * key but never refute one. The id tells when the key was made.
 */
export const workosBase64: Check = (secret) => {
  const encoded = /^sk_(?:live|test)_([A-Za-z0-9+/_-]{40,120}={0,2})$/.exec(secret)?.[1];
  const text = encoded === undefined ? undefined : decodeBase64(encoded)?.toString('latin1');
  const id = /^key_([0-7][0-9A-HJKMNP-TV-Z]{25}),[\x21-\x7e]{10,60}$/.exec(text ?? '')?.[1];
  if (id === undefined) return NOT_APPLICABLE;
  const issued = ulidTime(id).toISOString();
  return { proof: 'valid', details: { keyId: `key_${id}`, issued }, reason: 'it decodes to a key id and random text' };
};

/** The first ten digits are milliseconds of Unix time, 48 bits (https://github.com/ulid/spec). */
const ulidTime = (id: string): Date =>
  new Date([...id.slice(0, 10)].reduce((time, digit) => time * 32 + CROCKFORD.indexOf(digit), 0));
