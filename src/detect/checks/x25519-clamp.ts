import { publicHalf } from '../keys/curve25519.ts';
import { publishedAt } from '../keys/known.ts';
import { decode32Bytes, NOT_32_BYTES } from './base64-32bytes.ts';
import { type Check, NOT_APPLICABLE } from './check.ts';

/**
 * WireGuard private keys: base64 of 32 bytes of which `wg genkey` sets five bits (wireguard-tools, curve25519.h; RFC 7748 section 5).
 * One text in 32 fits by chance and other programs may leave the bits alone, so that nothing is proven either way. The public key,
 * which `wg show` lists, is told.
 */
export const x25519Clamp: Check = (secret) => {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(secret)) return NOT_APPLICABLE;
  const bytes = decode32Bytes(secret);
  if (bytes === undefined) return NOT_32_BYTES;
  const isClamped = (bytes[0]! & 7) === 0 && (bytes[31]! & 0xc0) === 0x40;
  if (!isClamped) {
    return { proof: 'not applicable', confidence: 'medium', reason: 'its bits are not those that wg genkey sets' };
  }
  const { publicKey, spki } = publicHalf('x25519', bytes);
  const identity = `spki:${spki}`;
  const known = publishedAt(identity);
  return {
    proof: 'not applicable',
    confidence: known === undefined ? 'high' : 'low',
    identity,
    details: { publicKey: publicKey.toString('base64'), ...(known === undefined ? {} : { known }) },
    reason: known === undefined ? 'its bits are those that wg genkey sets' : 'it is a key published for tests',
  };
};
