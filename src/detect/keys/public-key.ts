import type { JsonWebKey, KeyObject } from 'node:crypto';
import { crypto } from '../crypto.ts';

/** What OpenSSL says of a private key that it accepts. */
export interface ProvenKey {
  /** Hex sha256 of the public half's SubjectPublicKeyInfo in DER. */
  readonly spki: string;
  /** RSA, EC, Ed25519, X25519, DSA … */
  readonly kind: string;
  readonly details: Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ec: 'EC',
  dsa: 'DSA',
  dh: 'DH',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  x448: 'X448',
};
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

export const sha256 = (bytes: Buffer | string): string => crypto().createHash('sha256').update(bytes).digest('hex');

/** Lets OpenSSL read a private key in the clear; undefined when it refuses. */
export function provePrivateKey(bytes: Buffer, type: 'pkcs1' | 'sec1' | 'pkcs8'): ProvenKey | undefined {
  try {
    return describe(crypto().createPrivateKey({ key: bytes, format: 'der', type }));
  } catch {
    // refusal is the answer; the error would quote nothing useful
    return undefined;
  }
}

/** The same for a private key in JWK form (RFC 7517). */
export function provePrivateJwk(jwk: Readonly<Record<string, unknown>>): ProvenKey | undefined {
  try {
    return describe(crypto().createPrivateKey({ key: jwk, format: 'jwk' }));
  } catch {
    // as above
    return undefined;
  }
}

function describe(key: KeyObject): ProvenKey {
  const kind = KINDS[key.asymmetricKeyType ?? ''] ?? key.asymmetricKeyType ?? 'unknown';
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const details: Record<string, string> = { type: kind };
  if (modulusLength !== undefined) details.bits = String(modulusLength);
  if (namedCurve !== undefined) details.curve = CURVES[namedCurve] ?? namedCurve;
  return { spki: sha256(spkiOf(key)), kind, details };
}

/** EC keys may come with a compressed point, which OpenSSL keeps: by way of JWK the point is always written in full. */
function spkiOf(key: KeyObject): Buffer {
  const publicKey = crypto().createPublicKey(key);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const jwk = key.asymmetricKeyType === 'ec' ? jwkOf(key) : undefined;
  if (jwk === undefined) return spki;
  return crypto().createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
}

/** OpenSSL takes the public half of an EC key as written: throws when it is not that of the private half. */
function jwkOf(key: KeyObject): JsonWebKey | undefined {
  const jwk = exportJwk(key);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (jwk === undefined || curve === undefined) return undefined;
  const ecdh = crypto().createECDH(curve);
  ecdh.setPrivateKey(Buffer.from(jwk.d!, 'base64url'));
  const stated = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x!, 'base64url'), Buffer.from(jwk.y!, 'base64url')]);
  if (!ecdh.getPublicKey().equals(stated)) throw new Error('the halves of the key do not belong together');
  return jwk;
}

function exportJwk(key: KeyObject): JsonWebKey | undefined {
  try {
    return key.export({ format: 'jwk' });
  } catch {
    // a curve that JWK has no name for
    return undefined;
  }
}
