/** System errors in plain words. */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'path too long',
  EIO: 'input/output error',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files in the system',
  ENOMEM: 'out of memory',
  EBUSY: 'in use',
  ESTALE: 'stale network file handle',
  ETIMEDOUT: 'timed out',
  ETXTBSY: 'in use by a running program',
  EISDIR: 'is a directory',
  EINVAL: 'not supported by the file system',
  EOVERFLOW: 'too large for the system',
};

/** The code of a system error (`'EACCES'`), or the empty string for anything else that was thrown. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? '';
}

/** A system error in plain words, without the path; an unknown one by its code. */
export function inWords(error: unknown): string {
  const code = errorCode(error);
  return WORDS[code] ?? (code === '' ? 'unknown error' : code);
}
