import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** More than anyone has: a chain of alternates that is longer is refused, as git does. */
const DEEPEST = 5;

/**
 * The object directories of a repository: its own and those that it borrows from, each once, its own first.
 * Source: gitrepository-layout(5), "objects/info/alternates", and GIT_ALTERNATE_OBJECT_DIRECTORIES in git(1).
 * @param objectsDir absolute path of the repository's own
 * @returns undefined when a list of alternates is written in a way that only git understands
 */
export const objectDirs = (objectsDir: string, env: NodeJS.ProcessEnv = process.env): string[] | undefined => {
  const dirs: string[] = [];
  const seen = new Set<string>();
  const visit = (dir: string, depth: number): boolean => {
    const real = realPath(dir);
    // What is gone is no error: git passes over it too. What was seen closes a cycle.
    if (real === undefined || seen.has(real)) return true;
    if (depth > DEEPEST) return false;
    seen.add(real);
    dirs.push(real);
    const lines = alternatesOf(real);
    return lines?.every((line) => visit(path.resolve(real, line), depth + 1)) ?? false;
  };
  const extra = env.GIT_ALTERNATE_OBJECT_DIRECTORIES ?? '';
  if (extra.includes('"')) return undefined;
  const isRead = [objectsDir, ...extra.split(path.delimiter).filter(Boolean)].every((dir) => visit(dir, 0));
  return isRead ? dirs : undefined;
};

const realPath = (dir: string): string | undefined => {
  try {
    return realpathSync(dir);
  } catch {
    return undefined;
  }
};

const alternatesOf = (dir: string): string[] | undefined => {
  const file = path.join(dir, 'info', 'alternates');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const paths = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return paths.some((line) => line.startsWith('"') || line.includes('\ufffd')) ? undefined : paths;
};
