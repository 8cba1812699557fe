/**
 * SHA-256 of the SubjectPublicKeyInfo of private keys printed in standards or shipped on purpose. Hashes only: none of the keys
 * can be read back from here.
 */
const KNOWN: Readonly<Record<string, string>> = {
  '06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9':
    'RFC 8032 section 7.1 test 1, RFC 8037 appendix A',
  deb2ded39dc26fce0e6085b6fc34bf6b5941913bbfe2ea614113cff9e004c170: 'RFC 8032 section 7.1 test 2',
  '8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5': 'RFC 8032 section 7.1 test 3',
  '291c5293e030452a599851a7c7298f3f16c3ff1bdfafcb598927f2631f9fa641': 'RFC 7748 section 6.1, Alice',
  e80c4532355b04160b97b1bee8a3e13cc7369c22a786afdfe63b1f7acbc34b52: 'RFC 7748 section 6.1, Bob',
  '2bd1bb0c44a897c30a7aa0991cde38d8062fe441de50da0f46825344f602e827': 'RFC 7515 appendix A.3',
  '51b944cdfa544d4c3273aa6bf350625a7dd53bbb6a71723274f538b19a207760': 'RFC 7517 appendix A.2',
  '5a7a78cca4a0f420d9bc62bb669c3c2759e39f723d3ae10dcbe0f0815a07ecd4': 'RFC 6979 appendix A.2.5',
  bde93142b0780b2a66d27977d35f4f542e71cc538d491fe6609e2380b747a027: 'the insecure RSA key of Vagrant',
  a7279699e5c6a4ad971f9f205c2409a1cfb05216522b53b3d894dd3ede5e9675: 'the insecure Ed25519 key of Vagrant',
};

/**
 * Where a key is published, or undefined when it is not known to be.
 * @param identity `spki:<hex sha256>`; other identities are never known
 */
export function publishedAt(identity: string): string | undefined {
  const hash = identity.startsWith('spki:') ? identity.slice(5) : '';
  return Object.hasOwn(KNOWN, hash) ? KNOWN[hash] : undefined;
}

/** The hashes, in hex. */
export const KNOWN_PUBLIC_KEYS: ReadonlySet<string> = new Set(Object.keys(KNOWN));
