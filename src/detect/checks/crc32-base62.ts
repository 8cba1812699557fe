import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { BASE62, encodeDigits } from './codec.ts';
import { crc32 } from './crc32.ts';

const TAIL = 6;
const base62Of = (text: string): string => encodeDigits(crc32(text), BASE62, TAIL);

/**
 * GitHub's classic tokens, npm, NetBird, Polar, SaladCloud: after the last underscore stand random characters and then six
 * base62 digits of their CRC-32, the prefix left out.
 * https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
 */
export const crc32Base62Tail: Check = (secret) => {
  const body = secret.slice(secret.lastIndexOf('_') + 1);
  if (!/^[0-9A-Za-z]{36,249}$/.test(body)) return NOT_APPLICABLE;
  const passed = base62Of(body.slice(0, -TAIL)) === body.slice(-TAIL);
  // SaladCloud issues other lengths too, of which only this one is known to carry a checksum
  if (!passed && secret.startsWith('salad_cloud_') && body.length !== 49) return NOT_APPLICABLE;
  return checksumResult(passed, 'CRC-32');
};

/**
 * JSR, Matrix Synapse and Weights & Biases: six base62 digits of the CRC-32 of everything before them, prefix included
 * (jsr-io/jsr api/src/token.rs; element-hq/synapse handlers/auth.py, where an underscore parts the two).
 */
export const crc32Base62TailWithPrefix: Check = (secret) => {
  if (!/^[0-9A-Za-z_/+=-]{16,400}$/.test(secret)) return NOT_APPLICABLE;
  return checksumResult(base62Of(tailless(secret)) === secret.slice(-TAIL), 'CRC-32');
};

/** Matrix Authentication Service: as above, the digits least significant first, then padded on the left (tokens.rs). */
export const crc32Base62TailWithPrefixLsd: Check = (secret) => {
  if (!/^m[a-z]{2}_[0-9A-Za-z]{30}_[0-9A-Za-z]{6}$/.test(secret)) return NOT_APPLICABLE;
  const digits = [...encodeDigits(crc32(tailless(secret)), BASE62, 1)].reverse().join('').padStart(TAIL, '0');
  return checksumResult(digits === secret.slice(-TAIL), 'CRC-32');
};

/** Everything before the six digits; an underscore right before them parts them and is not covered. */
function tailless(secret: string): string {
  const body = secret.slice(0, -TAIL);
  return body.endsWith('_') ? body.slice(0, -1) : body;
}

/** Vercel (`vcp_`, `vci_`, `vca_`, `vcr_`, `vck_`): six base62 digits of the CRC-32 of the 50 characters after the prefix. */
export const vercelCrc32: Check = (secret) => {
  const parts = /^vc[a-z]_([0-9A-Za-z_-]{50})([0-9A-Za-z]{6})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  return checksumResult(base62Of(parts[1]!) === parts[2], 'CRC-32');
};
