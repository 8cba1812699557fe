import { readJwk } from '../keys/jwk.ts';
import { publishedAt } from '../keys/known.ts';
import { type Check, NOT_APPLICABLE } from './check.ts';

/**
 * Private JSON Web Keys (RFC 7517), also with quotes escaped once. The numbers must make a key pair; the identity is that of the key in
 * every other encoding. Of symmetric keys nothing can be proven.
 */
export const jwk: Check = (secret) => {
  const key = readJwk(secret);
  if (key === undefined) return NOT_APPLICABLE;
  const { kind, identity } = key;
  if (kind === 'oct') return { proof: 'not applicable', identity, details: { kind } };
  if (!identity.startsWith('spki:')) {
    return { proof: 'invalid', identity, details: { kind }, reason: 'its numbers make no key pair' };
  }
  const known = publishedAt(identity);
  if (known === undefined) return { proof: 'valid', identity, details: { kind }, reason: 'the private key parses' };
  const reason = 'it is a key published for tests';
  return { proof: 'valid', confidence: 'low', identity, details: { kind, known }, reason };
};
