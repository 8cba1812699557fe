import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bip39 } from '../../../src/detect/checks/bip39.ts';
import { wordIndices } from '../../../src/detect/checks/bip39-words.ts';
import { seededBytes } from './seeded-bytes.ts';

const WORDS = [...wordIndices().keys()];

/** The mnemonic of the entropy, computed with numbers of any size rather than with text of bits. */
function mnemonic(entropy: Buffer): string[] {
  const checksumBits = BigInt(entropy.length / 4);
  const sum = BigInt(createHash('sha256').update(entropy).digest()[0]!) >> (8n - checksumBits);
  let value = (BigInt(`0x${entropy.toString('hex')}`) << checksumBits) | sum;
  const words: string[] = [];
  for (let left = (entropy.length * 3) / 4; left > 0; left--, value >>= 11n)
    words.unshift(WORDS[Number(value & 2047n)]!);
  return words;
}

describe('the list of words', () => {
  test('is that of BIP-39', () => {
    const hash = createHash('sha256')
      .update(`${WORDS.join('\n')}\n`)
      .digest('hex');
    expect(hash).toBe('2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda');
  });
});

describe('a mnemonic', () => {
  test.each([
    [Buffer.alloc(16), 'abandon', 'about'],
    [Buffer.alloc(32), 'abandon', 'art'],
    [Buffer.alloc(16, 0xff), 'zoo', 'wrong'],
    [Buffer.alloc(32, 0xff), 'zoo', 'vote'],
  ])('of the published vectors is valid (%#)', (entropy, repeated, last) => {
    const count = (entropy.length * 3) / 4;
    const words = [...Array<string>(count - 1).fill(repeated), last];
    expect(mnemonic(entropy)).toEqual(words);
    expect(bip39(words.join(' '))).toMatchObject({ proof: 'valid', details: { words: String(count) } });
  });

  test.each([16, 20, 24, 28, 32])('of %d bytes is valid, in capitals and over lines too', (length) => {
    const words = mnemonic(seededBytes(length, length));
    expect(bip39(words.join(' ')).proof).toBe('valid');
    expect(bip39(` ${words.join('\n').toUpperCase()} `).proof).toBe('valid');
  });

  test('with another last word is valid once in 16 times only', () => {
    const words = mnemonic(seededBytes(16, 7)).slice(0, -1);
    const proofs = WORDS.map((word) => bip39([...words, word].join(' ')).proof);
    expect(proofs.filter((proof) => proof === 'valid')).toHaveLength(128);
    expect(proofs.filter((proof) => proof === 'invalid')).toHaveLength(1920);
  });

  test('with a word of no list, or in the order of the list, is invalid', () => {
    const words = mnemonic(seededBytes(16, 9));
    expect(bip39(['leakgate', ...words.slice(1)].join(' ')).proof).toBe('invalid');
    expect(bip39(WORDS.slice(40, 52).join(' '))).toMatchObject({
      proof: 'invalid',
      reason: expect.stringContaining('alphabetical'),
    });
  });

  test.each([0, 1, 11, 13, 25, 400])('of %d words is not judged', (count) => {
    expect(bip39(Array<string>(count).fill('abandon').join(' '))).toEqual({ proof: 'not applicable' });
  });
});
