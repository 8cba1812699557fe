import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase32 } from './codec.ts';

/**
 * AWS access key ids (`AKIA…`, `ASIA…` and their kin). The 16 base32 characters of ids issued since 2019 hold the account number
 * (https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489). They hold no checksum, so nothing is proven.
 */
export const awsKeyId: Check = (secret) => {
  if (!/^A[0-9A-Z]{19}$/.test(secret)) return NOT_APPLICABLE;
  if (secret.endsWith('EXAMPLE'))
    return {
      proof: 'invalid',
      confidence: 'low',
      details: { known: 'a sample of the AWS documentation' },
      reason: 'it is a sample key id from the AWS documentation',
    };
  const bytes = decodeBase32(secret.slice(4));
  if (bytes === undefined) return { proof: 'invalid', reason: 'it has characters that AWS key ids never have' };
  const account = accountOf(secret, bytes);
  return account === undefined ? NOT_APPLICABLE : { proof: 'not applicable', details: { account } };
};

/** Twelve digits; undefined for ids of the old form (fifth character I or J) and for numbers that no account has. */
function accountOf(secret: string, bytes: Buffer): string | undefined {
  if (secret[4] === 'I' || secret[4] === 'J') return undefined;
  const number = Number((BigInt(bytes.readUIntBE(0, 6)) & 0x7fffffffff80n) >> 7n);
  return number > 999_999_999_999 ? undefined : String(number).padStart(12, '0');
}
