import type { RuleFacts } from '../../types.ts';
import type { AnchorTest } from '../kernel/image.ts';

export const CHARACTER_NEEDS = ['digit', 'lower', 'upper', 'letter', 'symbol'] as const;
export type CharacterNeed = (typeof CHARACTER_NEEDS)[number];

/** Readers that find what a regex can't; see detect/readers.ts. */
export const EXTRACTORS = ['private-key', 'assignment', 'kubernetes-secret', 'service-account'] as const;
export type ExtractorName = (typeof EXTRACTORS)[number];

/** A rule as its YAML file says it (schema/rule.schema.json). Exactly one of shape, pattern and extract is there. */
export interface RuleSource extends RuleFacts {
  readonly shape?: string;
  readonly pattern?: string;
  readonly extract?: ExtractorName;
  readonly anchors?: readonly string[];
  readonly nocase?: boolean;
  readonly context?: readonly string[];
  readonly within?: number;
  readonly entropy?: number;
  readonly needs?: readonly CharacterNeed[];
  readonly check?: string;
  readonly pair?: string;
  readonly include?: readonly string[];
  readonly boundary?: 'token' | 'none';
  /** The form carries any credential (a URL, a header, a command line). */
  readonly carrier?: boolean;
  /** Not part of the default set: runs only where it is enabled by name. */
  readonly optional?: boolean;
  /** Number of the capturing group of `pattern` that is the secret, 0 for the first that takes text (imported rules). */
  readonly secretGroup?: number;
  readonly generate?: string;
  readonly live?: Readonly<Record<string, unknown>>;
  readonly examples?: {
    /** The variable that such a credential is kept in; made of the id when not given. */
    readonly variable?: string;
    readonly positive: readonly string[];
    readonly negative: readonly string[];
  };
}

/** How far below the head of a section (`acme:`) its lines are searched, in bytes. */
export const SECTION_REACH = 400;

/** An anchor of a rule: where it may stand in a match (bytes from the match's start) and what must follow it. */
export interface RuleAnchor {
  readonly literal: string;
  readonly nocase: boolean;
  readonly minOffset: number;
  readonly maxOffset: number;
  readonly test: AnchorTest;
}

/**
 * How a rule is looked for.
 * form: the regex holds the anchor · context: the regex stands behind an anchoring word · extract: a reader starts at
 * the anchor · everywhere: the regex runs over the whole text (user rules only), if that holds one of the anchors where
 * there are any.
 */
export type RuleMode = 'form' | 'context' | 'extract' | 'everywhere';

/** What an imported rule asks of a match, in place of judgement: nothing but this refuses one. */
export interface ImportedConditions {
  /** The secret has more Shannon bits a character than this; 0 asks for nothing. */
  readonly entropyAbove: number;
}

/** A rule ready to run: plain data, as it stands in the compiled rule set. */
export interface CompiledRule {
  readonly facts: RuleFacts;
  readonly mode: RuleMode;
  /** The form as its author wrote it. */
  readonly written: string;
  readonly anchors: readonly RuleAnchor[];
  /** Regex text that V8, RE2 and re2js read alike; empty for extract. */
  readonly source: string;
  readonly hasSecretGroup: boolean;
  /** Shipped rules run on V8 (proved equal by test), user rules on RE2. */
  readonly engine: 'v8' | 're2';
  readonly minLength: number;
  readonly maxLength: number;
  /** 256 characters of '0' and '1': bytes a match can start with, and end with. */
  readonly first: string;
  readonly last: string;
  readonly lastOpen: boolean;
  readonly boundary: 'token' | 'none';
  /** Its secret is free text: judged as a password is, and given way to any form that knows more. */
  readonly carrier: boolean;
  /** Asleep unless enabled: the kernel has no anchors of it. It still serves as the companion of other rules. */
  readonly optional: boolean;
  /** Context words in lower case without separators. */
  readonly context: readonly string[];
  readonly within: number;
  readonly entropy: number;
  readonly needs: readonly CharacterNeed[];
  readonly check?: string;
  readonly extract?: ExtractorName;
  readonly pair?: string;
  readonly include: readonly string[];
  readonly imported?: ImportedConditions;
  /** Matches keep the text of the whole form, where that is more than the secret. */
  readonly keepsForm?: boolean;
  /** How much a match of this rule says. The higher wins an overlap; see specificityOf in compile.ts. */
  readonly specificity: number;
}
