import { crypto } from '../crypto.ts';
import { BITCOIN, decodeBase58, RIPPLE } from './base58.ts';
import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';

/** Version bytes in hex and what they stand for (BIP-32, Bitcoin's chainparams, XRPL base58 encodings). */
const VERSIONS: readonly (readonly [string, string])[] = [
  ['0488ade4', 'extended private key'],
  ['04358394', 'extended private key (test network)'],
  ['01e14b', 'Ripple Ed25519 seed'],
  ['80', 'wallet import format'],
  ['ef', 'wallet import format (test network)'],
  ['21', 'Ripple seed'],
];

/** Base58 with the first four bytes of a double SHA-256 at its end, in Bitcoin's alphabet or Ripple's. */
export const base58check: Check = (secret) => {
  if (!/^[1-9A-HJ-NP-Za-km-z]{12,120}$/.test(secret)) return NOT_APPLICABLE;
  for (const alphabet of [BITCOIN, RIPPLE]) {
    const bytes = decodeBase58(secret, alphabet);
    if (!checksumFits(bytes)) continue;
    const hex = bytes.toString('hex');
    const form = VERSIONS.find(([version]) => hex.startsWith(version))?.[1];
    return checksumResult(true, 'Base58Check', form === undefined ? {} : { form });
  }
  return checksumResult(false, 'Base58Check');
};

function checksumFits(bytes: Buffer): boolean {
  if (bytes.length < 6) return false;
  const once = crypto().createHash('sha256').update(bytes.subarray(0, -4)).digest();
  const twice = crypto().createHash('sha256').update(once).digest();
  return twice.subarray(0, 4).equals(bytes.subarray(-4));
}
