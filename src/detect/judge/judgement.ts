import type { Confidence } from '../../types.ts';

/** Whether a match is believed. A drop always says why, so that it can be explained and counted. */
export type Judgement =
  | { readonly keep: true; readonly confidence: Confidence; readonly reasons: string[] }
  | { readonly keep: false; readonly reason: string };

/** The verdict that drops a match for `reason`, a short plain phrase without the secret. */
export function drop(reason: string): Judgement {
  return { keep: false, reason };
}
