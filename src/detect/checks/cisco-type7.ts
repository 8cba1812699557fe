import { identifierReason } from '../judge/identifier.ts';
import { placeholderReason } from '../judge/placeholder.ts';
import { type Check, NOT_APPLICABLE } from './check.ts';

/** The key is the same in every device and public since 1995; in parts, for it looks like a secret. */
const KEY = ['dsfd;kfoA,.iye', 'wrkldJKDHSUBs', 'gvca69834ncx', 'v9873254k;fg87'].join('');

/** Fewest characters of a password that prove anything: noise is printable by chance once in 2.7 a character. */
const PROVING_LENGTH = 8;

/**
 * Cisco's type 7 passwords: two digits say where in a fixed key to start, hex bytes follow that are XORed with it. Everybody can
 * decode them (https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html).
 */
export const ciscoType7: Check = (secret) => {
  const parts = /^([0-4]\d|5[0-2])((?:[0-9A-Fa-f]{2}){1,128})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  const start = Number(parts[1]);
  const password = Buffer.from(parts[2]!, 'hex').map((byte, at) => byte ^ KEY.charCodeAt((start + at) % KEY.length));
  const text = Buffer.from(password).toString('latin1');
  if (!/^[\x20-\x7e]+$/.test(text)) return { proof: 'invalid', reason: 'it does not decode to text' };
  const isWeak = (placeholderReason(text) ?? identifierReason(text)) !== undefined;
  return {
    proof: text.length < PROVING_LENGTH ? 'not applicable' : 'valid',
    ...(isWeak ? { confidence: 'low' as const } : {}),
    details: { passwordLength: String(text.length) },
    reason: isWeak ? 'it decodes to a placeholder' : 'it decodes to a password without any key',
  };
};
