/** The words every room shares. Nothing here does anything: types and the few tables that order them. */

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** secret: grants something · id: names an account, not secret alone · public: meant to be published. */
export type SecretKind = 'secret' | 'id' | 'public';

/** What an offline check says of a match. `invalid` lowers confidence, it never drops. */
export type Proof = 'valid' | 'invalid' | 'not applicable';

/**
 * Where the bytes of an item come from. Paths use '/' and are relative to the scanned root; bytes that are not UTF-8
 * are kept as lone surrogates (see sources/path-bytes.ts).
 */
export type Origin =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'stdin'; readonly path: string }
  | { readonly type: 'blob'; readonly oid: string }
  | { readonly type: 'staged'; readonly oid: string; readonly path: string }
  | { readonly type: 'commit-message'; readonly oid: string }
  | { readonly type: 'tag-message'; readonly oid: string };

/** A place in an item's text. Lines and columns are 1-based; columns count UTF-16 code units; ends are exclusive. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** 0-based byte offsets in the item as stored (before any transcoding), end exclusive. */
  readonly byteStart: number;
  readonly byteEnd: number;
}

/** What the detector found in one item's bytes. */
export interface Match {
  readonly ruleId: string;
  /** The secret itself. Stays in memory: only fingerprints and redactions are reported. */
  readonly secret: string;
  /** What the fingerprint is taken over: the secret, or for key material `spki:<sha256>` so that every encoding agrees. */
  readonly identity: string;
  /** 0-based byte offsets of the secret in the item, end exclusive. For decoded text: of the encoded span. */
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly proof: Proof;
  /** Decodings passed through, outermost first: `['base64', 'base64']`. Empty for plain text. */
  readonly chain: readonly string[];
  /** Why it is believed, as short plain sentences without the secret. */
  readonly reasons: readonly string[];
  /** Facts read out of the secret or around it (key type, account id, variable name). Never the secret. */
  readonly details: Readonly<Record<string, string>>;
  /** Ids of other rules that matched the same text and gave way. */
  readonly alsoMatched: readonly string[];
  /** The id that is needed to use it and that stands near; offsets as above. */
  readonly companion?: {
    readonly ruleId: string;
    readonly secret: string;
    readonly start: number;
    readonly end: number;
  };
  /** Set on an id that is reported as the companion of a secret: that secret's rule. */
  readonly partOf?: string;
  /** The text that the rule's whole form took; kept for allowlists that look at it. Stays in memory, as the secret does. */
  readonly form?: string;
}

/** A match that judgement refused, kept for `--explain` and counted in the receipt. */
export interface Dropped {
  readonly ruleId: string;
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** A match with its place in the text and one redacted line around it. */
export interface LocatedMatch extends Match {
  readonly region: Region;
  /** At most 200 characters of the secret's first line; every secret found in it is redacted. */
  readonly context: string;
  /** Where its companion stands. */
  readonly companionRegion?: Region;
  /** The lines that the secret stands on; kept for allowlists that look at them. Stays in memory, as the secret does. */
  readonly lines?: string;
}

export interface CommitInfo {
  readonly oid: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601 with offset. */
  readonly authorDate: string;
  readonly subject: string;
}

/** Where a git finding stands today. */
export type Reach = 'at HEAD' | 'history only' | 'unreachable';

/** One place where a secret stands. */
export interface Occurrence {
  readonly origin: Origin;
  /** Path shown to people and put into SARIF; undefined for messages and for objects no tree names. */
  readonly path?: string;
  readonly region: Region;
  readonly context: string;
  readonly chain: readonly string[];
  /** Where the id stands that belongs to it. */
  readonly companionRegion?: Region;
  /** The first commit that holds it (git sources only). */
  readonly commit?: CommitInfo;
  readonly reach?: Reach;
  /** What else is to be known of its place in git: 'only a reflog still leads to it', 'staged in the index, …'. */
  readonly note?: string;
  /** Range and staged mode: false when the line was there before. */
  readonly introduced?: boolean;
}

/** Why a finding does not gate, when it does not. */
export type FindingStatus = 'active' | 'pre-existing' | 'allowed' | 'baseline';

/** One secret, wherever it stands. Identity is the fingerprint. */
export interface Finding {
  /** Keyed hash of the secret: 32 hex digits. */
  readonly fingerprint: string;
  readonly rule: RuleFacts;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly proof: Proof;
  /** Shown only with --show-secrets. */
  readonly secret: string;
  /** Safe to print: at most a few leading characters, never enough to use. */
  readonly redacted: string;
  readonly reasons: readonly string[];
  readonly details: Readonly<Record<string, string>>;
  readonly alsoMatched: readonly string[];
  /** The id that stands with it, its name and what of it may be shown. */
  readonly companion?: { readonly ruleId: string; readonly name: string; readonly redacted: string };
  /** Sorted; the first one is the place to show. Never empty. */
  readonly occurrences: readonly Occurrence[];
  readonly status: FindingStatus;
}

/** What reports say of a rule. */
export interface RuleFacts {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly kind: SecretKind;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly description?: string;
  readonly remediation?: Remediation;
}

export interface Remediation {
  /** Page where the credential is revoked or rotated. */
  readonly revoke?: string;
  /** The vendor's documentation of the credential. */
  readonly docs?: string;
  readonly steps?: readonly string[];
}

/** Something that was not read, and why. */
export interface Skipped {
  /** Short kind: 'unreadable file', 'missing object', 'shallow clone', 'absent submodule', … */
  readonly reason: string;
  /** Path, object id or other name; may be empty when it is about the whole source. */
  readonly where: string;
  /** True when it makes the scan incomplete; false for what is left out on purpose (an --exclude, a symlink). */
  readonly incomplete: boolean;
  readonly detail?: string;
}

/** What was read, what was not, and why. Every report carries it. */
export interface Receipt {
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: string;
  readonly mode: string;
  readonly items: number;
  readonly bytes: number;
  /** Items by origin type. */
  readonly itemsByType: Readonly<Record<string, number>>;
  /** Up to SKIPPED_SHOWN entries; `skippedCounts` counts all. */
  readonly skipped: readonly Skipped[];
  readonly skippedCounts: Readonly<Record<string, number>>;
  /** Matches judged not to be secrets, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly rules: number;
  /** Regex engine of user rules: 're2' or 're2js'; 'v8' for the shipped ones alone. */
  readonly engine: string;
  readonly durationMs: number;
  readonly complete: boolean;
  readonly interrupted: boolean;
}

/** All that a reporter needs. */
export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly receipt: Receipt;
  readonly gate: Gate;
  /** With --explain: what judgement refused, and where. */
  readonly droppedMatches?: readonly (Dropped & { readonly path: string; readonly line: number })[];
}

export interface Gate {
  readonly failOn: Severity;
  readonly minConfidence: Confidence;
  /** Number of active findings at or above the gate. */
  readonly blocking: number;
  readonly exitCode: number;
}
