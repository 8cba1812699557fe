/** Lists the files that `leakgate dir` reads. */
import { realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Skipped } from '../../types.ts';
import { pathToBytes } from '../path-bytes.ts';
import { errorCode, inWords } from './errno.ts';
import { specialSkipped, unreadable } from './open.ts';
import { below, createSink, diskPath, type Sink } from './sink.ts';
import { listDirectory } from './work-tree.ts';

export interface TreeOptions {
  /** Files and directories to list, relative to the root or absolute. Default: the root itself. */
  readonly paths?: readonly string[];
  /** Also list what git ignores. Default: false. */
  readonly ignored?: boolean;
  /** picomatch globs on names (relative, '/'); one that matches a directory leaves out all that is in it. */
  readonly exclude?: readonly string[];
}

/** The files of a tree. Plain data, so that it can be sent to worker threads; `fileOf` finds a file on disk. */
export interface TreeListing {
  /** Absolute path that names are relative to, free of symbolic links, '/' as separator. */
  readonly root: string;
  /**
   * Names of the files in the order of their bytes, each once: relative to the root with '/', absolute for what lies
   * outside it; bytes that are not UTF-8 as lone surrogates (path-bytes.ts).
   */
  readonly paths: readonly string[];
  /** Absolute path on disk of those that are not at `root/name`: below a symbolic link that was given. */
  readonly elsewhere: ReadonlyMap<string, string>;
  readonly skipped: readonly Skipped[];
}

/** The root as it was given and as it is on disk. */
interface Root {
  readonly given: string;
  readonly real: string;
}

interface Given {
  readonly name: string;
  /** Absolute path, free of symbolic links. */
  readonly file: string;
  readonly stats: Stats;
}

/**
 * Lists files and directories.
 *
 * In a git work tree: what is tracked (ignored or not) and what is untracked but not ignored; submodules and nested
 * repositories in their own right. Elsewhere: everything. A path that is given by name is listed even if git ignores it,
 * and followed if it is a symbolic link; links found on the way are noted and never followed, `.git` is never entered.
 *
 * @param root directory that names are relative to
 * @throws UsageError for a path that does not exist, and for a glob that is empty or begins with '!'
 */
export async function listTree(root: string, options: TreeOptions = {}): Promise<TreeListing> {
  const base = findRoot(root);
  const failed: Skipped[] = [];
  const given = (options.paths ?? ['.']).flatMap((path) => {
    const one = look(base, path);
    if ('stats' in one) return [one];
    failed.push(one);
    return [];
  });
  const { sink, gathered } = createSink({
    root: base.real,
    ignored: options.ignored ?? false,
    exclude: options.exclude ?? [],
    scanned: given.map(({ file }) => file),
  });
  for (const skipped of failed) sink.skip(skipped);
  for (const one of given) await listGiven(one, sink);
  return {
    root: base.real,
    paths: sortNames(gathered.names),
    elsewhere: gathered.elsewhere,
    skipped: dropDoubles(gathered.skipped),
  };
}

/**
 * Finds a listed file on disk.
 *
 * @param listing `root` and `elsewhere` of a listing
 * @param name one of its names
 * @returns an absolute path for openForScan, in bytes where it is not UTF-8
 */
export function fileOf(listing: Pick<TreeListing, 'root' | 'elsewhere'>, name: string): string | Buffer {
  return diskPath(listing.elsewhere.get(name) ?? below(listing.root, name));
}

async function listGiven({ name, file, stats }: Given, sink: Sink): Promise<void> {
  if (name !== '' && sink.excluded(name)) return;
  if (stats.isDirectory()) await listDirectory({ dir: file, prefix: name === '' ? '' : `${name}/` }, sink);
  else if (stats.isFile()) sink.add(name, file);
  // It was asked for and can't be read: the scan lacks it.
  else sink.skip({ ...specialSkipped(stats, name), incomplete: true });
}

function findRoot(root: string): Root {
  const given = resolve(root);
  try {
    return { given, real: slashes(realPath(given)) };
  } catch (error) {
    throw new UsageError(`${shown(root)}: ${inWords(error)}`);
  }
}

function look(root: Root, path: string): Given | Skipped {
  if (path === '') throw new UsageError('a path is empty');
  const full = resolve(root.given, path);
  const name = nameOf(root, full);
  try {
    const stats = statSync(diskPath(full));
    return { name, file: slashes(realPath(full)), stats };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errorCode(error))) {
      throw new UsageError(`${shown(path)}: ${inWords(error)}`);
    }
    return unreadable(error, name);
  }
}

function shown(path: string): string {
  return path.replace(/\p{Cc}/gu, '?');
}

function realPath(path: string): string {
  const onDisk = diskPath(path);
  // Only paths that are text can be given on a command line.
  return typeof onDisk === 'string' ? realpathSync.native(onDisk) : path;
}

function nameOf(root: Root, full: string): string {
  const name = [root.given, root.real].map((base) => relative(base, full)).find((rest) => !leadsOut(rest));
  return slashes(name ?? full);
}

function leadsOut(rest: string): boolean {
  return /^\.\.(?:[\\/]|$)/.test(rest) || isAbsolute(rest);
}

/** Windows accepts '/' everywhere; elsewhere a backslash is part of a name. */
function slashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

/** Sorts by bytes and drops doubles. Below U+D800 the order of UTF-16 is the order of UTF-8. */
function sortNames(names: readonly string[]): string[] {
  const unique = [...new Set(names)];
  if (!unique.some((name) => /[\ud800-\uffff]/.test(name))) return unique.sort();
  const keyed = unique.map((name) => ({ name, bytes: pathToBytes(name) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ name }) => name);
}

/** Paths that are given twice, or lie in one another, tell the same twice. */
function dropDoubles(skipped: readonly Skipped[]): Skipped[] {
  return [...new Map(skipped.map((one) => [`${one.reason}\0${one.where}`, one])).values()];
}
