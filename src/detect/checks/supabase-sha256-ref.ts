import { crypto } from '../crypto.ts';
import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';

/** What stands in place of a project's reference when one hosts Supabase oneself. */
const SELF_HOSTED = 'supabase-self-hosted';

/**
 * Supabase keys `sb_secret_` and `sb_publishable_`: 22 random characters, `_`, and the first eight base64url digits of the SHA-256 of
 * `<project>|<all before the _>`, as the script for self-hosting makes them (supabase/supabase, docker/utils). For hosted projects the
 * project is not known here: a sum that does not fit says nothing.
 */
export const supabaseSha256Ref: Check = (secret) => {
  const parts = /^(sb_(?:secret|publishable)_[\w-]{22})_([\w-]{8})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  const digest = crypto().createHash('sha256').update(`${SELF_HOSTED}|${parts[1]!}`).digest('base64url');
  return digest.startsWith(parts[2]!) ? checksumResult(true, 'SHA-256', { project: 'self-hosted' }) : NOT_APPLICABLE;
};
