/** Lists a directory by reading it: for places outside a repository, and for files that git ignores. */
import { type Dirent, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pathFromBytes } from '../path-bytes.ts';
import { errorCode } from './errno.ts';
import { notOnDisk, specialSkipped, unreadable } from './open.ts';
import { below, diskPath, type Sink, type Start } from './sink.ts';

/** Directories read between two chances for timers and signals. */
const BREATH = 200;

interface Named {
  readonly name: string;
  readonly entry: Dirent;
}

/**
 * Puts every file below a directory into the sink. Symbolic links are noted, not followed; `.git` is noted, not entered.
 *
 * @param start the directory
 * @param sink takes names and what is left out
 * @param repository called for a directory below the first one that holds `.git`, in place of walking it
 */
export async function walk(start: Start, sink: Sink, repository?: (start: Start) => Promise<void>): Promise<void> {
  const open: Start[] = [start];
  for (let count = 1; open.length > 0; count++) {
    const place = open.pop()!;
    const entries = readDirectory(place, sink);
    const isRepository = place !== start && entries.some(({ name }) => name === '.git');
    if (isRepository && repository !== undefined) await repository(place);
    else for (const named of entries) visit(named, place, sink, open);
    if (count % BREATH === 0) await setImmediate();
  }
}

function visit({ name: last, entry }: Named, place: Start, sink: Sink, open: Start[]): void {
  const name = place.prefix + last;
  const file = below(place.dir, last);
  if (last === '.git') sink.skip({ reason: 'git directory', where: name, incomplete: false });
  else if (sink.excluded(name)) return;
  else if (entry.isFile()) sink.add(name, file);
  else if (entry.isDirectory()) open.push({ dir: file, prefix: `${name}/` });
  else if (entry.isSymbolicLink()) sink.skipLink(name, file);
  else sink.skip(specialSkipped(entry, name));
}

function readDirectory(place: Start, sink: Sink): Named[] {
  const dir = diskPath(place.dir);
  try {
    const entries = readdirSync(dir, { withFileTypes: true });
    // U+FFFD is what Node makes of bytes that are not UTF-8: such names must be read as bytes.
    if (!entries.some(({ name }) => name.includes('\ufffd')))
      return entries.map((entry) => ({ name: entry.name, entry }));
    const raw = readdirSync(dir, { withFileTypes: true, encoding: 'buffer' });
    return raw.map((entry) => ({ name: pathFromBytes(entry.name), entry: entry as unknown as Dirent }));
  } catch (error) {
    const where = place.prefix.slice(0, -1);
    sink.skip(errorCode(error) === 'ENOENT' ? notOnDisk(where) : unreadable(error, where, 'directory'));
    return [];
  }
}
