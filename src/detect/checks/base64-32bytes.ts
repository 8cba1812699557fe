import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';

const KEY_SIZE = 32;

/** Bytes of 44 base64 or base64url characters whose unused last bits are zero, as every encoder writes them; else undefined. */
export function decode32Bytes(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** What is said of 44 characters that no encoder makes of 32 bytes. */
export const NOT_32_BYTES: CheckResult = { proof: 'invalid', reason: 'it is not base64 of 32 bytes' };

/**
 * Symmetric keys of 32 bytes in base64: Fernet (https://github.com/fernet/spec), WireGuard's preshared keys. Any 32 bytes will do, so
 * nothing is proven; three in four texts of that length are no such key.
 */
export const base64Of32Bytes: Check = (secret) => {
  if (!/^[A-Za-z0-9+/_-]{43}=$/.test(secret)) return NOT_APPLICABLE;
  const bytes = decode32Bytes(secret);
  if (bytes === undefined) return NOT_32_BYTES;
  const isFilled = bytes.length === KEY_SIZE && bytes.every((byte) => byte === bytes[0]);
  return isFilled
    ? { proof: 'invalid', reason: 'it is one byte repeated' }
    : { proof: 'not applicable', reason: 'it decodes to 32 bytes' };
};
