/** What the key reader says of one private key. */
export interface KeyExtraction {
  /** 0-based offsets in the given text: the header's first dash to the end of the END marker, or of the last body character. */
  readonly start: number;
  readonly end: number;
  /** RSA, EC, Ed25519, X25519, DSA … or the container where the algorithm is of less interest: OpenSSH, PGP, PuTTY, SSH2, PKCS#8. */
  readonly kind: string;
  /** parsed: the structure is whole and proven · shape: it looks like a key · truncated: its end is missing. */
  readonly grade: 'parsed' | 'shape' | 'truncated';
  readonly encrypted: boolean;
  /** `spki:<sha256 of the public key's DER>` when parsed and in the clear, else `key:<sha256 of the decoded body>`. */
  readonly identity: string;
  /** type, bits, curve, comment, cipher … Never key material. */
  readonly details: Readonly<Record<string, string>>;
  readonly reasons: readonly string[];
}

/** A header that no key follows: a label in code, a sample in a document. */
export interface KeyRefusal {
  readonly start: number;
  readonly end: number;
  /** Why, as a short plain sentence. */
  readonly refused: string;
}

/** How far the bytes of a body could be understood. */
export interface Interpretation {
  /** proven: whole and the key checks out (or is encrypted) · complete: whole, not proven · incomplete: cut off · unknown. */
  readonly state: 'proven' | 'complete' | 'incomplete' | 'unknown';
  readonly kind: string;
  readonly encrypted: boolean;
  /** Hex sha256 of the SPKI. */
  readonly spki?: string;
  /** Bytes that belong to the key, when the format says so. */
  readonly length?: number;
  readonly details: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** Fewest bytes of body that can be a key: an Ed25519 or X25519 key in PKCS#8 has 48. */
export const SMALLEST_KEY = 48;
/** Characters after the header that are read at most. */
export const LONGEST_BODY = 65_536;
