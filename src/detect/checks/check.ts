import type { Confidence, Proof } from '../../types.ts';

/** What an offline check read out of one matched secret. */
export interface CheckResult {
  readonly proof: Proof;
  /** Set where the check itself says how sure a match is; else the proof decides. */
  readonly confidence?: Confidence;
  /** Facts about the credential (account, issuer, expiry). Never the secret. */
  readonly details?: Readonly<Record<string, string>>;
  /** Set when the check knows a better identity than the text, e.g. `spki:<sha256>` of a key. */
  readonly identity?: string;
  /** One short plain sentence, without the secret. */
  readonly reason?: string;
}

/** An offline check: takes the matched secret as latin1 text (one character a byte) and never throws. */
export type Check = (secret: string) => CheckResult;

/** The answer when the text is not of the form the check knows, so nothing can be said. */
export const NOT_APPLICABLE: CheckResult = { proof: 'not applicable' };

/**
 * The answer of a checksum comparison.
 * @param passed whether the computed checksum is the one in the token
 * @param what name of the checksum, for the reason
 * @param details facts to carry along in either case
 */
export function checksumResult(passed: boolean, what: string, details?: Readonly<Record<string, string>>): CheckResult {
  return {
    proof: passed ? 'valid' : 'invalid',
    reason: passed ? `its ${what} checksum is right` : `its ${what} checksum is wrong`,
    ...(details === undefined ? {} : { details }),
  };
}
