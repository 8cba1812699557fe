import { identifierReason } from '../judge/identifier.ts';
import { placeholderReason } from '../judge/placeholder.ts';
import { WORD_LIKE, wordScore } from '../judge/words.ts';
import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeBase64 } from './codec.ts';

const PLACEHOLDER =
  /^(?:<.*>|\{.*\}|\[.*\]|\$.*|%.*%|x+|\*+|\.+|(?:your|my)?[-_ ]?(?:user(?:name)?|pass(?:word|wd)?|secret|token|changeme|example|placeholder|redacted))$/i;

/** What a user name may hold; JSON and markup decode to a colon too. */
const USER = /^[^\s"'`{}[\]<>(),;]{0,200}$/;

/** HTTP Basic credentials (RFC 7617): base64 of `user:password`. The user is told, the password judged as a placeholder or not. */
export const basicAuth: Check = (secret) => {
  const encoded = secret.replace(/^basic\s+/i, '').trim();
  const bytes = /^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(encoded) ? decodeBase64(encoded) : undefined;
  if (bytes === undefined) return NOT_APPLICABLE;
  const text = decodeUtf8(bytes);
  if (text === undefined) return { proof: 'invalid', reason: 'it does not decode to text' };
  const colon = text.indexOf(':');
  const user = text.slice(0, colon);
  if (colon < 0 || !USER.test(user)) return { proof: 'invalid', reason: 'it does not decode to a user and a password' };
  return judge(user, text.slice(colon + 1));
};

/** Services that take a token as the user name leave the password empty or fixed: then the user is the secret and is not told. */
function judge(user: string, password: string): CheckResult {
  const isToken = /[A-Za-z0-9_-]{20}/.test(user) && /\d/.test(user);
  const details = isToken || user === '' ? {} : { details: { user: clip(user, 80) } };
  if (password === '' && !isToken) return { proof: 'invalid', ...details, reason: 'its password is empty' };
  if (!isToken && PLACEHOLDER.test(password))
    return { proof: 'invalid', ...details, reason: 'its password is a placeholder' };
  // A colon in readable text is no checksum: how real it is depends on the password.
  const isWeak =
    !isToken && (placeholderReason(password) ?? identifierReason(password) ?? weakWord(password)) !== undefined;
  return {
    proof: 'not applicable',
    confidence: isWeak ? 'low' : 'medium',
    ...details,
    reason: 'it decodes to a user and a password',
  };
}

/** A short or plain word: what documentation and tests use. */
const weakWord = (password: string): string | undefined =>
  password.length < 4 || (/^[a-z]+$/i.test(password) && wordScore(password.toLowerCase()) > WORD_LIKE)
    ? 'a word'
    : undefined;

/** UTF-8 text without control characters, or undefined. */
function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  return text.includes('\ufffd') || /[\x00-\x08\x0a-\x1f\x7f]/.test(text) ? undefined : text;
}
