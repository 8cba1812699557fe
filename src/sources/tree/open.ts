/** Opens and reads files of a listing without ever blocking or following a link. Synchronous, for worker threads. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { Skipped } from '../../types.ts';
import { errorCode, inWords } from './errno.ts';

/** A regular file, open for reading. Whoever asked for it closes `fd`. */
export interface OpenFile {
  readonly fd: number;
  /** Bytes, when it was opened. Only a hint: files grow and shrink, and those of /proc say 0. */
  readonly size: number;
}

/** Windows has neither flag: there links are looked for beforehand. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;
const FLAGS = constants.O_RDONLY | (NO_FOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file for reading.
 *
 * A symbolic link in the last part of the path is not followed (one named on the command line was resolved when it was
 * listed), a named pipe does not block, and what turns out to be no regular file is closed unread.
 *
 * @param file what `fileOf` says
 * @param where the name it is reported by
 * @returns the open file, or why it can't be read; never throws
 */
export function openForScan(file: string | Buffer, where: string): OpenFile | Skipped {
  let fd: number;
  try {
    if (NO_FOLLOW === undefined && lstatSync(file).isSymbolicLink()) return linkSkipped(where);
    fd = openSync(file, FLAGS);
  } catch (error) {
    return openFailure(error, where);
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, size: stats.size };
    closeSync(fd);
    return specialSkipped(stats, where);
  } catch (error) {
    closeSync(fd);
    return openFailure(error, where);
  }
}

/**
 * Reads the next bytes of an open file until `length` of them are there or the file ends.
 *
 * @param fd from openForScan
 * @param target where the bytes go, from `offset` on
 * @param length most bytes to read; `offset + length <= target.length`
 * @param where the name it is reported by
 * @returns the number of bytes read, less than `length` only at the end of the file; or why it can't be read
 */
export function readInto(
  fd: number,
  target: Uint8Array,
  offset: number,
  length: number,
  where: string,
): number | Skipped {
  let done = 0;
  try {
    while (done < length) {
      const count = readSync(fd, target, offset + done, length - done, null);
      if (count === 0) break;
      done += count;
    }
    return done;
  } catch (error) {
    return unreadable(error, where);
  }
}

/** What is said of a file that can't be opened. A file that is not there is no gap: the tree does not hold it. */
function openFailure(error: unknown, where: string): Skipped {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return notOnDisk(where);
  // FreeBSD says EMLINK where others say ELOOP.
  if (code === 'ELOOP' || code === 'EMLINK') return linkSkipped(where);
  if (code === 'ENXIO' || code === 'ENODEV' || code === 'EOPNOTSUPP') {
    return { reason: 'special file', where, incomplete: false, detail: 'a socket or device' };
  }
  return unreadable(error, where);
}

/** A file that exists but can't be read, with the system's reason in words. */
export function unreadable(error: unknown, where: string, kind: 'file' | 'directory' = 'file'): Skipped {
  return { reason: `unreadable ${kind}`, where, incomplete: true, detail: inWords(error) };
}

/** A file that was deleted after it was listed, or that git tracks and the disk does not hold. */
export function notOnDisk(where: string): Skipped {
  return { reason: 'not on disk', where, incomplete: false, detail: 'deleted, or never checked out' };
}

/** What is neither a regular file nor a link: it holds no stored bytes, so nothing is missed. */
export function specialSkipped(kind: Pick<Stats, SpecialTest>, where: string): Skipped {
  return { reason: 'special file', where, incomplete: false, detail: specialName(kind) };
}

type SpecialTest = 'isDirectory' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice';

function specialName(kind: Pick<Stats, SpecialTest>): string {
  if (kind.isDirectory()) return 'a directory';
  if (kind.isFIFO()) return 'a named pipe';
  if (kind.isSocket()) return 'a socket';
  return kind.isBlockDevice() || kind.isCharacterDevice() ? 'a device' : 'of unknown kind';
}

function linkSkipped(where: string): Skipped {
  return { reason: 'symlink', where, incomplete: false, detail: 'symbolic links are not followed' };
}
