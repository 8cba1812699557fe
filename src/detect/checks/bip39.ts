import { crypto } from '../crypto.ts';
import { wordIndices } from './bip39-words.ts';
import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';

const LENGTHS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);
const BITS_A_WORD = 11;

/**
 * Mnemonics of wallets: 12 to 24 English words, 11 bits each, the last bits of which are the first of the SHA-256 of the others
 * (BIP-39). With 12 words one in 16 random choices fits, with 24 one in 256; that all are of the list is worth more.
 */
export const bip39: Check = (secret) => {
  const words = secret.trim().toLowerCase().split(/\s+/, 25);
  if (!LENGTHS.has(words.length)) return NOT_APPLICABLE;
  const indices = wordIndices();
  const places = words.map((word) => indices.get(word) ?? -1);
  if (places.includes(-1)) return { proof: 'invalid', reason: 'it has words that are not of the list of BIP-39' };
  if (places.every((place, at) => at === 0 || place > places[at - 1]!)) {
    return { proof: 'invalid', reason: 'its words are in alphabetical order, as in a list' };
  }
  return checksumResult(checksumFits(places), 'BIP-39', { words: String(words.length) });
};

function checksumFits(places: readonly number[]): boolean {
  const bits = places.map((place) => place.toString(2).padStart(BITS_A_WORD, '0')).join('');
  const checksumBits = bits.length / 33;
  const entropy = bits.slice(0, -checksumBits);
  const bytes = Buffer.from(entropy.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const first = crypto().createHash('sha256').update(bytes).digest()[0]!;
  return first.toString(2).padStart(8, '0').startsWith(bits.slice(-checksumBits));
}
