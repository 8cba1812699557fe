import type { Located } from '../findings/grouping.ts';
import type { HistoryLimits } from '../sources/git/limits.ts';
import type { PushedRef, Receiver } from '../sources/git/pushed.ts';
import type { Confidence, Severity, Skipped } from '../types.ts';
import type { DetectorSetup } from './setup.ts';

/** What is scanned. */
export type Target =
  | { readonly mode: 'dir'; readonly paths: readonly string[]; readonly ignored: boolean }
  | { readonly mode: 'history'; readonly dir: string; readonly limits?: HistoryLimits }
  | { readonly mode: 'repository'; readonly dir: string; readonly ignored: boolean }
  | { readonly mode: 'range'; readonly dir: string; readonly range: string }
  | { readonly mode: 'staged'; readonly dir: string }
  | { readonly mode: 'push'; readonly dir: string; readonly refs: readonly PushedRef[]; readonly receiver: Receiver }
  | { readonly mode: 'message'; readonly name: string; readonly text: Uint8Array }
  | { readonly mode: 'stdin'; readonly name: string; readonly input: AsyncIterable<Uint8Array> };

/** How a history is read: packs directly where they can be, or everything through `git cat-file`. */
export const GIT_BACKENDS = ['auto', 'pack', 'cat-file'] as const;
export type GitBackend = (typeof GIT_BACKENDS)[number];

/** How far a scan has come; `total` is what is known so far. */
export interface Progress {
  readonly phase: string;
  readonly items: number;
  readonly bytes: number;
  readonly totalItems?: number;
  readonly totalBytes?: number;
}

/** A match that counts and, where its place or text makes it harmless, why it is accepted. */
export interface Reviewed {
  readonly placed: Located;
  readonly allowed?: string;
}

/** Decides on matches once it is known where they stand; those that do not count are left out of the answer. */
export type Review = (placed: readonly Located[]) => readonly Reviewed[];

export interface ScanOptions {
  readonly detector: DetectorSetup;
  readonly failOn: Severity;
  /** Findings below it are not reported. */
  readonly minConfidence: Confidence;
  readonly exitZero: boolean;
  readonly allowIncomplete: readonly string[];
  /** Fingerprints that are accepted. */
  readonly allow: readonly string[];
  /** Conditions and allowlists of an imported configuration. */
  readonly review?: Review;
  /** What of a configuration is not applied: entries for the receipt. */
  readonly notApplied?: readonly Skipped[];
  /** Globs of paths that are left out, and counted. */
  readonly exclude: readonly string[];
  /** Worker threads; by default as many as there are cores. */
  readonly jobs?: number;
  /** Keeps what judgement refused, with places. */
  readonly explain: boolean;
  /** 'auto' when undefined. */
  readonly gitBackend?: GitBackend;
  /** Folder for what is remembered of histories; nothing is remembered when undefined. */
  readonly cacheFolder?: string;
  readonly fingerprintKey?: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
