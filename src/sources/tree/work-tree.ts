/** Lists the files of a git work tree: the tracked ones and those that are untracked but not ignored. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SourceError } from '../../errors.ts';
import { errorCode } from './errno.ts';
import { isIgnored, listIgnored, listTracked, listUntracked, type Tracked, type Untracked } from './ls-files.ts';
import { notOnDisk, specialSkipped, unreadable } from './open.ts';
import { below, diskPath, type Sink, type Start } from './sink.ts';
import { walk } from './walk.ts';

/** A directory of a work tree, and what it is called. */
interface Place extends Start {
  /** Absolute path of the directory that holds `.git`. */
  readonly top: string;
  /** Path of `dir` below `top`, '' for the top itself. */
  readonly within: string;
}

interface Answers {
  readonly tracked: readonly Tracked[];
  readonly untracked: Untracked;
  readonly ignored: readonly string[];
}

/**
 * Puts the files of a directory into the sink: those that git names when it lies in a work tree, else all of them.
 * Repositories inside it, submodules included, are asked in their own right.
 */
export async function listDirectory(start: Start, sink: Sink): Promise<void> {
  const top = findTop(start.dir);
  const repository = (inner: Start) => listInner(inner, sink);
  // Git is started in a directory given as text, so one whose name is not text is walked.
  if (top === undefined || typeof diskPath(top) !== 'string') return walk(start, sink, repository);
  const place: Place = { ...start, top, within: start.dir.slice(top.length).replace(/^\/+/, '') };
  // Whoever names .git, or something in it, means it.
  if (place.within.split('/').includes('.git')) return walk(start, sink);
  if (sink.ignored) return listAll(place, sink, repository);
  const answers = await ask(place, sink);
  if (answers === undefined) return walk(start, sink, repository);
  const nested = [...addTracked(answers.tracked, place, sink), ...addUntracked(answers.untracked, place, sink)];
  for (const name of answers.ignored) {
    sink.skip({ reason: 'ignored by git', where: shownAs(name.replace(/\/$/, ''), place), incomplete: false });
  }
  for (const inner of nested) await repository(inner);
}

/** A directory below the one that is being listed: asked for its own files if it is a repository, else walked. */
async function listInner(inner: Start, sink: Sink): Promise<void> {
  if (holdsRepository(inner.dir)) await listDirectory(inner, sink);
  else await walk(inner, sink, (deeper) => listInner(deeper, sink));
}

/** Everything on disk, and the submodules that are not. */
async function listAll(place: Place, sink: Sink, repository: (inner: Start) => Promise<void>): Promise<void> {
  await walk(place, sink, repository);
  try {
    const tracked = await listTracked(place.top, place.within);
    addSubmodules(
      tracked.filter(({ type }) => type === 'submodule'),
      place,
      sink,
    );
  } catch (error) {
    sink.skip(gitSilent(error, place));
  }
}

/** Git's answers, or undefined when the directory has to be walked. */
async function ask({ top, within, ...place }: Place, sink: Sink): Promise<Answers | undefined> {
  try {
    if (within !== '' && (await isIgnored(top, within))) return undefined;
    const [tracked, untracked, ignored] = await Promise.all([
      listTracked(top, within),
      listUntracked(top, within),
      listIgnored(top, within),
    ]);
    return { tracked, untracked, ignored };
  } catch (error) {
    sink.skip(gitSilent(error, place));
    return undefined;
  }
}

/** Without git's answers more is read, not less, so nothing is missed. */
function gitSilent(error: unknown, { prefix }: Start) {
  if (!(error instanceof SourceError)) throw error;
  return { reason: 'ignore rules unknown', where: prefix.slice(0, -1), incomplete: false, detail: error.message };
}

/** Adds the files of the index; returns the submodules that hold files. */
function addTracked(tracked: readonly Tracked[], place: Place, sink: Sink): Start[] {
  const isReal = createDirectoryCheck(place.top);
  const submodules: Tracked[] = [];
  let last = '';
  for (const entry of tracked) {
    // A file in conflict has up to three entries.
    if (entry.name === last) continue;
    last = entry.name;
    if (entry.type === 'submodule') {
      submodules.push(entry);
      continue;
    }
    const name = shownAs(entry.name, place);
    if (sink.excluded(name)) continue;
    if (!isReal(entry.name)) sink.skip(notOnDisk(name));
    else if (entry.type === 'symlink') addUnknown(name, below(place.top, entry.name), sink);
    else sink.add(name, below(place.top, entry.name));
  }
  return addSubmodules(submodules, place, sink);
}

function addSubmodules(submodules: readonly Tracked[], place: Place, sink: Sink): Start[] {
  const present: Start[] = [];
  const isReal = createDirectoryCheck(place.top);
  for (const { name: inTop } of submodules) {
    const name = shownAs(inTop, place);
    const dir = below(place.top, inTop);
    if (sink.excluded(name)) continue;
    const isThere = isReal(below(inTop, '.git'));
    if (!isThere || !holdsRepository(dir)) {
      sink.skip({ reason: 'absent submodule', where: name, incomplete: true, detail: 'not checked out' });
    }
    if (isThere && holdsFiles(dir)) present.push({ dir, prefix: `${name}/` });
  }
  return present;
}

/** Adds untracked files; returns the repositories among them. */
function addUntracked(untracked: Untracked, place: Place, sink: Sink): Start[] {
  const repositories: Start[] = [];
  for (const inTop of untracked.names) {
    const isRepository = inTop.endsWith('/');
    const bare = isRepository ? inTop.slice(0, -1) : inTop;
    const name = shownAs(bare, place);
    if (sink.excluded(name)) continue;
    if (isRepository) repositories.push({ dir: below(place.top, bare), prefix: `${name}/` });
    else addUnknown(name, below(place.top, bare), sink);
  }
  for (const { name, detail } of untracked.unread) {
    sink.skip({ reason: 'unreadable directory', where: shownAs(name, place), incomplete: true, detail });
  }
  return repositories;
}

/** Adds a file whose kind git does not tell. */
function addUnknown(name: string, file: string, sink: Sink): void {
  try {
    const stats = lstatSync(diskPath(file));
    if (stats.isSymbolicLink()) sink.skipLink(name, file);
    else if (stats.isFile()) sink.add(name, file);
    else sink.skip(specialSkipped(stats, name));
  } catch (error) {
    sink.skip(errorCode(error) === 'ENOENT' ? notOnDisk(name) : unreadable(error, name));
  }
}

/**
 * Makes a test that says whether every directory on the way to a tracked file is one. Where a symbolic link has taken a
 * directory's place, the files of the index would be read somewhere else.
 */
function createDirectoryCheck(top: string): (name: string) => boolean {
  const known = new Map<string, boolean>([['', true]]);
  function isReal(dir: string): boolean {
    const answer = known.get(dir) ?? (isReal(parent(dir)) && isDirectory(below(top, dir)));
    known.set(dir, answer);
    return answer;
  }
  return (name) => isReal(parent(name));
}

function parent(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0));
}

function isDirectory(dir: string): boolean {
  try {
    return lstatSync(diskPath(dir)).isDirectory();
  } catch (error) {
    // What can't be looked at may well be there: opening its files will tell.
    return errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR';
  }
}

function holdsFiles(dir: string): boolean {
  try {
    return readdirSync(diskPath(dir)).length > 0;
  } catch (error) {
    return errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR';
  }
}

/** The name of something that git names relative to the top; a submodule may be the very directory that is listed. */
function shownAs(inTop: string, { within, prefix }: Pick<Place, 'within' | 'prefix'>): string {
  if (inTop === within) return prefix.slice(0, -1);
  return prefix + (within === '' ? inTop : inTop.slice(within.length + 1));
}

function holdsRepository(dir: string): boolean {
  return existsSync(diskPath(below(dir, '.git')));
}

function findTop(dir: string): string | undefined {
  for (let at = dir; ; at = dirname(at)) {
    if (holdsRepository(at)) return at;
    if (dirname(at) === at) return undefined;
  }
}
