import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

/**
 * Clerk's publishable keys: `pk_live_` or `pk_test_` and base64 of the host of its API and a dollar sign
 * (clerk/javascript, packages/shared/src/keys.ts). Stripe's keys of the same prefix decode to nothing: they are not judged.
 */
export const base64HostDollar: Check = (secret) => {
  const encoded = /^pk_(?:live|test)_([A-Za-z0-9+/_-]{12,200}={0,2})$/.exec(secret)?.[1];
  const text = encoded === undefined ? undefined : decodeBase64(encoded)?.toString('latin1');
  const host = /^((?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63})\$$/i.exec(text ?? '')?.[1];
  if (host === undefined) return NOT_APPLICABLE;
  return { proof: 'valid', details: { host }, reason: 'it decodes to the host of an API' };
};
