import {
  der,
  derInteger,
  type Element,
  INTEGER,
  OCTET_STRING,
  OID,
  oidText,
  readElement,
  readElements,
  SEQUENCE,
  unsigned,
} from './der.ts';
import type { Interpretation } from './key.ts';
import { provePrivateKey } from './public-key.ts';

const ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10045.2.1': 'EC',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.113549.1.3.1': 'DH',
  '1.3.101.110': 'X25519',
  '1.3.101.111': 'X448',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
/** Password-based encryption: PKCS#5 and PKCS#12 (RFC 8018, RFC 7292). */
const PASSWORD_SCHEMES = /^1\.2\.840\.113549\.1\.(?:5|12\.1)\./;
const DSA_OID = Buffer.from([OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]);

/** ML-KEM, ML-DSA, SLH-DSA: newer versions of OpenSSL read them, older ones do not, and the answer must not hang on that. */
const POST_QUANTUM: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.4.1': 'ML-KEM-512',
  '2.16.840.1.101.3.4.4.2': 'ML-KEM-768',
  '2.16.840.1.101.3.4.4.3': 'ML-KEM-1024',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
};

type Found = Omit<Interpretation, 'length'>;

/**
 * Interprets DER as PKCS#1 (RFC 8017), SEC1 (RFC 5915), PKCS#8 (RFC 5208, RFC 5958), encrypted PKCS#8 or OpenSSL's DSA form, and
 * has OpenSSL confirm it.
 * @param kind what the header's label says, for bodies that do not tell
 */
export function interpretDer(bytes: Buffer, kind: string): Interpretation {
  const outer = readElement(bytes, 0);
  if (outer?.tag !== SEQUENCE) return unknown(kind);
  const { elements, whole } = readElements(outer.content);
  if (outer.end > bytes.length) return cutOff(elements, kind);
  const inner = bytes.subarray(0, outer.end);
  const found = whole ? recognize(inner, elements) : undefined;
  return found === undefined ? { ...unknown(kind), length: outer.end } : { ...found, length: outer.end };
}

const unknown = (kind: string): Interpretation => ({
  state: 'unknown',
  kind,
  encrypted: false,
  details: {},
  reason: 'its body is not the structure of a known private key',
});

/** The form by its elements' tags; each form has its own. */
function recognize(bytes: Buffer, elements: readonly Element[]): Found | undefined {
  const tags = elements.map((element) => element.tag);
  if (tags.length >= 9 && tags.slice(0, 9).every((tag) => tag === INTEGER)) return pkcs1(bytes, elements);
  if (tags.length === 6 && tags.every((tag) => tag === INTEGER)) return dsa(elements);
  if (tags[0] === INTEGER && tags[1] === OCTET_STRING) return proven(bytes, 'sec1', 'EC');
  if (tags[0] === INTEGER && tags[1] === SEQUENCE && tags[2] === OCTET_STRING) {
    return pkcs8(bytes, elements);
  }
  if (tags.length === 2 && tags[0] === SEQUENCE && tags[1] === OCTET_STRING) return encryptedPkcs8(elements);
  return undefined;
}

function proven(bytes: Buffer, type: 'pkcs1' | 'sec1' | 'pkcs8', kind: string): Found {
  const key = provePrivateKey(bytes, type);
  if (key !== undefined) return { state: 'proven', encrypted: false, ...key, reason: 'the private key parses' };
  return unproven(kind, 'its structure is whole but OpenSSL does not accept it as a key');
}

const unproven = (kind: string, reason: string): Found => ({
  state: 'complete',
  kind,
  encrypted: false,
  details: { type: kind },
  reason,
});

function pkcs1(bytes: Buffer, elements: readonly Element[]): Found {
  return primesFit(elements)
    ? proven(bytes, 'pkcs1', 'RSA')
    : unproven('RSA', 'its structure is whole but its numbers are not those of one RSA key');
}

/** OpenSSL does not multiply the primes when it reads a key, so a key of random numbers would pass. */
function primesFit(elements: readonly Element[]): boolean {
  const [version, modulus, , , p, q] = elements.map((element) => unsigned(element.content));
  return version !== 0n || (p !== undefined && q !== undefined && modulus === p * q);
}

function pkcs8(bytes: Buffer, elements: readonly Element[]): Found {
  const oid = readElement(elements[1]!.content, 0);
  const postQuantum = oid?.tag === OID ? POST_QUANTUM[oidText(oid.content)] : undefined;
  if (postQuantum !== undefined) return unproven(postQuantum, 'its structure is whole');
  const kind = algorithmOf(elements[1]!) ?? 'PKCS#8';
  if (
    kind === 'RSA' &&
    !primesFit(readElements(readElement(elements[2]!.content, 0)?.content ?? Buffer.alloc(0)).elements)
  ) {
    return unproven('RSA', 'its structure is whole but its numbers are not those of one RSA key');
  }
  return proven(bytes, 'pkcs8', kind);
}

/** OpenSSL's DSA form: version, p, q, g, y, x. Put into PKCS#8, which takes p, q, g and x. */
function dsa(elements: readonly Element[]): Found {
  const [p, q, g, , x] = elements.slice(1).map((element) => derInteger(element.content));
  const parameters = der(SEQUENCE, DSA_OID, der(SEQUENCE, p!, q!, g!));
  return proven(der(SEQUENCE, Buffer.from([INTEGER, 1, 0]), parameters, der(OCTET_STRING, x!)), 'pkcs8', 'DSA');
}

function algorithmOf(element: Element): string | undefined {
  const oid = readElement(element.content, 0);
  return oid?.tag === OID ? ALGORITHMS[oidText(oid.content)] : undefined;
}

function encryptedPkcs8(elements: readonly Element[]): Found | undefined {
  const oid = readElement(elements[0]!.content, 0);
  if (oid?.tag !== OID || !PASSWORD_SCHEMES.test(oidText(oid.content))) return undefined;
  return {
    state: 'proven',
    kind: 'PKCS#8',
    encrypted: true,
    details: {},
    reason: 'the private key is encrypted with a passphrase',
  };
}

/** The front of a key still tells what it was. */
function cutOff(elements: readonly Element[], label: string): Interpretation {
  const [first, second] = elements;
  const details: Record<string, string> = {};
  let kind = label;
  if (first?.tag === INTEGER && second?.tag === SEQUENCE) kind = algorithmOf(second) ?? label;
  if (first?.tag === INTEGER && second?.tag === INTEGER && first.content.length === 1) {
    kind = label === 'DSA' ? 'DSA' : 'RSA';
    const length = second.end - second.start - 1;
    if (length >= 64 && length <= 2048) details.bits = String(length * 8);
  }
  const plausible = first !== undefined && (first.tag === INTEGER || first.tag === SEQUENCE);
  return {
    state: plausible ? 'incomplete' : 'unknown',
    kind,
    encrypted: first?.tag === SEQUENCE,
    details,
    reason: plausible
      ? 'the end of the private key is missing'
      : 'its body is not the structure of a known private key',
  };
}
