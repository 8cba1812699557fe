import { publicHalf } from '../keys/curve25519.ts';
import { publishedAt } from '../keys/known.ts';
import { BITCOIN, decodeBase58, encodeBase58 } from './base58.ts';
import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

const SEED = 32;
const PAIR = 64;

/** 64 bytes in base64: an Ed25519 seed and its public key (RFC 8032), as NaCl and Coinbase's CDP keys have them. */
export const ed25519Keypair: Check = (secret) => {
  const bytes = /^[A-Za-z0-9+/_-]{86}(?:==)?$/.test(secret) ? decodeBase64(secret) : undefined;
  return bytes?.length === PAIR ? judge(bytes, () => ({})) : NOT_APPLICABLE;
};

/**
 * Solana key pairs: the same 64 bytes as a JSON array (solana-keygen) or in base58 (wallets). Signatures of
 * transactions look like the latter, and fail. The account's address, which is public, is told.
 */
export const solanaEd25519Pair: Check = (secret) => {
  const bytes = readNumbers(secret) ?? readBase58(secret);
  if (bytes?.length !== PAIR) return NOT_APPLICABLE;
  return judge(bytes, (publicKey) => ({ account: encodeBase58(publicKey) }));
};

function judge(bytes: Buffer, tell: (publicKey: Buffer) => Record<string, string>): CheckResult {
  const { publicKey, spki } = publicHalf('ed25519', bytes.subarray(0, SEED));
  if (!publicKey.equals(bytes.subarray(SEED))) {
    return { proof: 'invalid', reason: 'its second half is not the public key of the first' };
  }
  const identity = `spki:${spki}`;
  const known = publishedAt(identity);
  return {
    proof: 'valid',
    ...(known === undefined ? {} : { confidence: 'low' as const }),
    identity,
    details: { type: 'Ed25519', ...tell(publicKey), ...(known === undefined ? {} : { known }) },
    reason: known === undefined ? 'its two halves make an Ed25519 key pair' : 'it is a key published for tests',
  };
}

/** `[1, 2, …]`: 64 numbers of one byte. */
function readNumbers(text: string): Buffer | undefined {
  if (!/^\[(?:\s{0,8}\d{1,3}\s{0,8},){63}\s{0,8}\d{1,3}\s{0,8}\]$/.test(text)) return undefined;
  const numbers = text.match(/\d+/g)!.map(Number);
  return numbers.every((number) => number < 256) ? Buffer.from(numbers) : undefined;
}

const readBase58 = (text: string): Buffer | undefined =>
  /^[1-9A-HJ-NP-Za-km-z]{64,88}$/.test(text) ? decodeBase58(text, BITCOIN) : undefined;
