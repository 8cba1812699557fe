import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A key made for the test run, in one of its encodings. */
export interface GeneratedKey {
  readonly name: string;
  readonly lines: readonly string[];
  readonly kind: string;
  /** Undefined when encrypted: then the identity is taken over the body. */
  readonly spki: string | undefined;
}

export const spkiOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    .digest('hex');

type Export = { readonly type: 'pkcs1' | 'sec1' | 'pkcs8'; readonly cipher?: string; readonly passphrase?: string };

function encode(name: string, kind: string, key: KeyObject, form: Export): GeneratedKey {
  const pem = key.export({ format: 'pem', ...form }) as string;
  return { name, kind, lines: pem.trimEnd().split('\n'), spki: form.cipher === undefined ? spkiOf(key) : undefined };
}

/** A key pair of each kind in each encoding that Node writes. */
export function generateKeys(): GeneratedKey[] {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
  const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const x25519 = generateKeyPairSync('x25519').privateKey;
  const lock = { cipher: 'aes-128-cbc', passphrase: 'made up' } as const;
  return [
    encode('RSA in PKCS#1', 'RSA', rsa, { type: 'pkcs1' }),
    encode('RSA in PKCS#8', 'RSA', rsa, { type: 'pkcs8' }),
    encode('EC P-256 in SEC1', 'EC', p256, { type: 'sec1' }),
    encode('EC P-256 in PKCS#8', 'EC', p256, { type: 'pkcs8' }),
    encode('EC P-384 in SEC1', 'EC', p384, { type: 'sec1' }),
    encode('EC secp256k1 in PKCS#8', 'EC', k1, { type: 'pkcs8' }),
    encode('DSA in PKCS#8', 'DSA', dsa, { type: 'pkcs8' }),
    encode('Ed25519 in PKCS#8', 'Ed25519', ed25519, { type: 'pkcs8' }),
    encode('X25519 in PKCS#8', 'X25519', x25519, { type: 'pkcs8' }),
    encode('RSA in encrypted PKCS#8', 'PKCS#8', rsa, { type: 'pkcs8', ...lock }),
    encode('EC in encrypted PKCS#8', 'PKCS#8', p256, { type: 'pkcs8', ...lock }),
    encode('RSA in encrypted PKCS#1', 'RSA', rsa, { type: 'pkcs1', ...lock }),
    encode('EC in encrypted SEC1', 'EC', p256, { type: 'sec1', ...lock }),
  ];
}
