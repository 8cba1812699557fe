import type { Place } from './table.ts';

/** What an imported file says, before anything is made of it. Names are those of the file, documented in docs/gitleaks.md. */
export interface GitleaksDocument {
  readonly file: string;
  readonly title: string | undefined;
  readonly extend: GitleaksExtend;
  readonly rules: readonly GitleaksRule[];
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly untranslated: readonly Untranslated[];
}

export interface GitleaksExtend {
  readonly useDefault: boolean;
  readonly path: string | undefined;
  readonly pathPlace: Place;
  readonly disabledRules: readonly string[];
  readonly disabledPlace: Place;
}

export type RuleField = 'regex' | 'secretGroup' | 'entropy' | 'path' | 'keywords';

export interface GitleaksRule {
  readonly id: string;
  readonly place: Place;
  /** Where the fields that are there stand. */
  readonly places: Readonly<Partial<Record<RuleField, Place>>>;
  readonly description: string | undefined;
  readonly regex: string | undefined;
  readonly secretGroup: number | undefined;
  readonly entropy: number | undefined;
  readonly path: string | undefined;
  readonly keywords: readonly string[];
  readonly skipReport: boolean;
  readonly required: readonly GitleaksRequired[];
  readonly allowlists: readonly GitleaksAllowlist[];
}

/** Another rule that must match near. Without distances: anywhere in the same file. */
export interface GitleaksRequired {
  readonly id: string;
  readonly place: Place;
  readonly withinLines: number | undefined;
  readonly withinColumns: number | undefined;
}

export interface GitleaksAllowlist {
  readonly place: Place;
  readonly description: string | undefined;
  /** True: all kinds of criteria that are given must hold; false: one is enough. */
  readonly all: boolean;
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  readonly regexTarget: 'secret' | 'match' | 'line';
  readonly regexes: readonly string[];
  readonly stopwords: readonly string[];
  /** Ids of rules that a global allowlist is for; all when empty. */
  readonly targetRules: readonly string[];
}

/** Something in a file that leakgate does not do. */
export interface Untranslated {
  readonly place: Place;
  readonly message: string;
}
