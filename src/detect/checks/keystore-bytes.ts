import { decodeBase64 } from './codec.ts';

/** Characters of base64 that are decoded at most: key stores of some hundred certificates. */
const LONGEST = 1_048_576;

/** Bytes of a file in base64, line breaks (also escaped ones) left out; undefined when it is none or very long. */
export function keystoreBytes(secret: string): Buffer | undefined {
  return secret.length > LONGEST ? undefined : decodeBase64(secret.replace(/\\[nr]|\s+/g, ''));
}
