import { provePrivateJwk, sha256 } from './public-key.ts';

export interface JwkReading {
  /** RSA, EC, Ed25519, X25519 … or oct for a symmetric key. */
  readonly kind: string;
  /** `spki:<sha256>` for a key pair, as in every other encoding of it; else `key:<sha256 of the private bytes>`. */
  readonly identity: string;
}

/**
 * Reads a private JSON Web Key (RFC 7517).
 * @param text one JSON object, also one whose quotes are escaped once
 * @returns undefined when it is not JSON, or a public key
 */
export function readJwk(text: string): JwkReading | undefined {
  const jwk = parse(text) ?? (text.includes('\\"') ? parse(unquote(text)) : undefined);
  if (jwk === undefined) return undefined;
  const { kty, d, k } = jwk;
  if (kty === 'oct') return bytesOf(k) === undefined ? undefined : { kind: 'oct', identity: keyIdentity(k) };
  if ((kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') || bytesOf(d) === undefined) return undefined;
  const key = provePrivateJwk(jwk);
  if (key !== undefined) return { kind: key.kind, identity: `spki:${key.spki}` };
  return { kind: kty, identity: keyIdentity(d) };
}

const keyIdentity = (value: unknown): string => `key:${sha256(bytesOf(value)!)}`;

/** Bytes of a base64url member; undefined when it is none or has fewer than 16. */
function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{22,}={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, 'base64url');
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // not JSON: the caller asks for exactly that
    return undefined;
  }
}

function unquote(text: string): string | undefined {
  try {
    const inner: unknown = JSON.parse(`"${text}"`);
    return typeof inner === 'string' ? inner : undefined;
  } catch {
    // not an escaped text either
    return undefined;
  }
}
