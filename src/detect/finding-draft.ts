import type { Confidence, Proof, Severity } from '../types.ts';

/** What a regex or a reader found in a layer, before overlaps are resolved. Offsets are the layer's. */
export interface Draft {
  readonly start: number;
  readonly end: number;
  /** UTF-8 text of the secret. */
  readonly secret: string;
  readonly identity: string;
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly proof: Proof;
  readonly reasons: readonly string[];
  readonly details: Readonly<Record<string, string>>;
  readonly chain: readonly string[];
  /** Added to the rule's rank in overlaps. */
  readonly weight?: number;
  /** As in Match. */
  readonly form?: string;
}

/** A candidate that judgement refused. */
export interface Refusal {
  readonly start: number;
  readonly end: number;
  readonly refused: string;
}

/** The UTF-8 text of bytes held as Latin-1 characters; the Latin-1 text itself where they are not UTF-8. */
export const utf8Of = (latin1: string): string => {
  for (let i = 0; i < latin1.length; i++) {
    if (latin1.charCodeAt(i) > 127) {
      const text = Buffer.from(latin1, 'latin1').toString('utf8');
      return text.includes('\ufffd') ? latin1 : text;
    }
  }
  return latin1;
};
