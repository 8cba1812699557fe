import { execFileSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TreeListing } from '../../../src/sources/tree/list.ts';

/** A new directory that is gone after the test, with the given files in it. */
export function makeTree(files: Readonly<Record<string, string>> = {}): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'tree-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  write(dir, files);
  return dir;
}

export function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** A new repository with the given files committed, tracked even where they are ignored. */
export function makeRepository(files: Readonly<Record<string, string>> = {}): string {
  const dir = makeTree(files);
  initRepository(dir);
  return dir;
}

export function initRepository(dir: string): void {
  run(dir, 'init', '-q');
  run(dir, 'add', '-f', '.');
  run(dir, 'commit', '-q', '--allow-empty', '-m', 'files');
}

export function run(dir: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return execFileSync('git', [...identity, ...args], {
    cwd: dir,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** What was skipped, as `reason: where`, sorted; `!` marks what makes the scan incomplete. */
export function skips({ skipped }: Pick<TreeListing, 'skipped'>): string[] {
  return skipped.map(({ reason, where, incomplete }) => `${reason}: ${where}${incomplete ? ' !' : ''}`).sort();
}

export const NOBODY = 65534;

/** Whether permissions can be made to deny: root has to become somebody else first, which only a main thread can. */
export const canBeDenied = process.getuid !== undefined && (process.getuid() !== 0 || process.seteuid !== undefined);

/** Runs something as a user whom permissions hold; as root the tree is given to that user first. */
export async function denied<T>(tree: string, action: () => T | Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return action();
  giveAway(tree);
  const home = process.env.HOME;
  process.env.HOME = tree;
  process.seteuid!(NOBODY);
  try {
    return await action();
  } finally {
    process.seteuid!(0);
    process.env.HOME = home;
  }
}

function giveAway(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  chownSync(path, NOBODY, NOBODY);
  if (stats.isDirectory()) for (const name of readdirSync(path)) giveAway(join(path, name));
}
