import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { mergedOids, OID_BYTES, type OidSet, sortedOidSet } from '../sources/git/oid-set.ts';
import { TOOL_VERSION } from '../version.ts';

/**
 * Remembers which objects of a repository held nothing at all, neither a finding nor anything refused, so that the next
 * scan with the same rules reads only the others. The file holds object ids and nothing else. Losing it costs time only.
 *
 * Layout: MAGIC, key (32 bytes), ids (20 bytes each, ascending), SHA-256 of all that.
 */
export interface CleanCache {
  /** What is remembered; undefined when there is nothing, or nothing that can be trusted. */
  load(): OidSet | undefined;
  /** Adds ids, 20 bytes each. A cache that can't be written is given up without a word. */
  add(known: OidSet | undefined, ids: readonly Uint8Array[]): void;
}

const MAGIC = Buffer.from('LKCLEAN1', 'latin1');
const SUM_BYTES = 32;
const HEAD = MAGIC.length + SUM_BYTES;
/** Fewer objects are read as fast as a file is written. */
const LEAST_IDS = 5000;
/** 100 MB. */
const MOST_IDS = 5_000_000;

/**
 * The user's folder for caches (XDG Base Directory Specification; LOCALAPPDATA on Windows; Library/Caches on macOS).
 * Undefined when the user has none.
 */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | undefined => {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, 'leakgate');
  if (platform === 'win32') return local ? path.join(local, 'leakgate', 'cache') : undefined;
  const home = env.HOME ?? homedir();
  if (!home || !path.isAbsolute(home)) return undefined;
  return platform === 'darwin'
    ? path.join(home, 'Library', 'Caches', 'leakgate')
    : path.join(home, '.cache', 'leakgate');
};

const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * The cache of a repository.
 * @param repository what tells the repository from others: the path of its objects
 * @param detection what decides on findings: hash of the rules, ids of those that are on
 */
export const createCleanCache = (folder: string, repository: string, detection: readonly string[]): CleanCache => {
  const key = sha256(JSON.stringify([TOOL_VERSION, ...detection]));
  const file = path.join(folder, `clean-${sha256(repository, key).toString('hex').slice(0, 32)}.bin`);
  return {
    load: () => {
      const bytes = readQuietly(file);
      if (!bytes || bytes.length < HEAD + SUM_BYTES) return undefined;
      const end = bytes.length - SUM_BYTES;
      const isOurs = bytes.subarray(0, HEAD).equals(Buffer.concat([MAGIC, key]));
      if (!isOurs || (end - HEAD) % OID_BYTES !== 0 || !sha256(bytes.subarray(0, end)).equals(bytes.subarray(end)))
        return undefined;
      return sortedOidSet(bytes.subarray(HEAD, end));
    },
    add: (known, ids) => {
      const count = ids.reduce((sum, part) => sum + part.length / OID_BYTES, 0);
      if (count === 0 || count + (known?.size ?? 0) < LEAST_IDS || count + (known?.size ?? 0) > MOST_IDS) return;
      const content = Buffer.concat([MAGIC, key, mergedOids(known, ids)]);
      writeQuietly(folder, file, Buffer.concat([content, sha256(content)]));
    },
  };
};

const readQuietly = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    // There is none yet, or it can't be read: everything is scanned.
    return undefined;
  }
};

/** Written beside and moved into place, so that a scan at the same time reads the old file or the new one. */
const writeQuietly = (folder: string, file: string, bytes: Buffer): void => {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, bytes, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A full disk or a folder without permission: the next scan takes as long as this one.
    if (existsSync(temporary)) rmSync(temporary, { force: true });
  }
};
