/** Gathers what a listing finds: names, where they are on disk, and what is left out. */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import type { Skipped } from '../../types.ts';
import { createExclude } from '../exclude.ts';
import { pathToBytes } from '../path-bytes.ts';
import { errorCode } from './errno.ts';

/** A directory to list: where it is and what its files are called. */
export interface Start {
  /** Absolute path on disk, free of symbolic links, '/' as separator. */
  readonly dir: string;
  /** What names begin with: '' or something that ends with '/'. */
  readonly prefix: string;
}

/** Collects one listing. Names use '/'; directories' names have no '/' at the end. */
export interface Sink {
  /** List what git ignores, too. */
  readonly ignored: boolean;
  /** Adds a file; `file` is its path on disk. */
  add(name: string, file: string): void;
  skip(skipped: Skipped): void;
  /** Says whether a file or directory is left out by the user's globs, and notes it. */
  excluded(name: string): boolean;
  /** Notes a symbolic link and where it leads. */
  skipLink(name: string, file: string): void;
}

/** What a sink has gathered. */
export interface Gathered {
  readonly names: string[];
  /** Path on disk of those that are not at `root/name`. */
  readonly elsewhere: Map<string, string>;
  readonly skipped: Skipped[];
}

export interface SinkOptions {
  /** Absolute path that names are relative to. */
  readonly root: string;
  readonly ignored: boolean;
  readonly exclude: readonly string[];
  /** Real paths of what is scanned: links that lead there are harmless. */
  readonly scanned: readonly string[];
}

/** Makes an empty sink and the gathering it fills. Throws UsageError for a glob that is empty or begins with '!'. */
export function createSink(options: SinkOptions): { sink: Sink; gathered: Gathered } {
  const gathered: Gathered = { names: [], elsewhere: new Map(), skipped: [] };
  const isExcluded = createExclude(options.exclude);
  const base = below(options.root, '');
  const skip = (skipped: Skipped) => gathered.skipped.push(skipped);
  const sink: Sink = {
    ignored: options.ignored,
    skip,
    add(name, file) {
      gathered.names.push(name);
      if (file.length !== base.length + name.length || !file.startsWith(base)) gathered.elsewhere.set(name, file);
    },
    excluded(name) {
      if (!isExcluded(name)) return false;
      skip({ reason: 'excluded', where: name, incomplete: false });
      return true;
    },
    skipLink: (name, file) => skip(describeLink(name, file, options.scanned)),
  };
  return { sink, gathered };
}

function describeLink(name: string, file: string, scanned: readonly string[]): Skipped {
  const skipped = { where: name, incomplete: false };
  try {
    const target = realpathSync.native(diskPath(file));
    if (scanned.some((top) => isWithin(target, top))) {
      return { ...skipped, reason: 'symlink', detail: 'leads to a place inside what is scanned' };
    }
    return { ...skipped, reason: 'symlink out of the tree', detail: 'leads to a place outside what is scanned' };
  } catch (error) {
    const detail = errorCode(error) === 'ELOOP' ? 'leads in a circle' : 'leads nowhere';
    return { ...skipped, reason: 'symlink', detail };
  }
}

function isWithin(path: string, top: string): boolean {
  const rest = relative(top, path);
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}

/** The path of something in a directory; the root directory ends with '/' by itself. */
export function below(dir: string, name: string): string {
  return dir.endsWith('/') ? dir + name : `${dir}/${name}`;
}

/**
 * A path as the functions of node:fs want it.
 *
 * @param path a path in which bytes that are not UTF-8 stand as lone surrogates
 * @returns the path itself, or its bytes when it is not well-formed
 */
export function diskPath(path: string): string | Buffer {
  return /\p{Surrogate}/u.test(path) ? pathToBytes(path) : path;
}
