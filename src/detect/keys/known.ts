import { PUBLISHED_KEYS } from './published-keys.ts';

const KNOWN: ReadonlyMap<string, string> = new Map(
  Object.entries(PUBLISHED_KEYS).flatMap(([where, hashes]) => hashes.map((hash) => [hash, where] as const)),
);

/**
 * Where a key is published, or undefined when it is not known to be.
 * @param identity `spki:<hex sha256>`; other identities are never known
 */
export function publishedAt(identity: string): string | undefined {
  return identity.startsWith('spki:') ? KNOWN.get(identity.slice(5)) : undefined;
}

/** The hashes, in hex. */
export const KNOWN_PUBLIC_KEYS: ReadonlySet<string> = new Set(KNOWN.keys());
