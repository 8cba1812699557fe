import { isObjectType, type ObjectType } from './objects.ts';
import type { Repository } from './repository.ts';
import { git, gitLines } from './run.ts';

export interface Ref {
  /** Full name: refs/heads/main. */
  readonly name: string;
  readonly oid: string;
  readonly type: ObjectType | 'missing';
  /** What is left after following annotated tags, tags of tags included. The same as `oid` for anything else. */
  readonly peeled: string;
  readonly peeledType: ObjectType | 'missing';
}

type Options = { readonly signal?: AbortSignal };

/** All refs, notes and stash included, in git's order. A ref whose object is gone has the type 'missing'. */
export async function listRefs(repo: Pick<Repository, 'dir'>, options: Options = {}): Promise<Ref[]> {
  const lines = await gitLines(['for-each-ref', '--format=%(objectname) %(refname)'], { cwd: repo.dir, ...options });
  const named = lines.map((line) => {
    const space = line.indexOf(' ');
    return { oid: line.slice(0, space), name: line.slice(space + 1) };
  });
  if (named.length === 0) return [];
  const answers = await gitLines(['cat-file', '--batch-check=%(objectname) %(objecttype)', '--buffer'], {
    cwd: repo.dir,
    input: named.map(({ oid }) => `${oid}\n${oid}^{}\n`).join(''),
    ...options,
  });
  return named.map(({ oid, name }, at) => {
    const self = readAnswer(answers[2 * at], oid);
    const peeled = readAnswer(answers[2 * at + 1], oid);
    return { name, oid, type: self.type, peeled: peeled.oid, peeledType: peeled.type };
  });
}

function readAnswer(line: string | undefined, asked: string): { oid: string; type: ObjectType | 'missing' } {
  const [oid = asked, type = ''] = line?.split(' ') ?? [];
  return isObjectType(type) ? { oid, type } : { oid: asked, type: 'missing' };
}

/** Blobs of a tree-ish with their paths, submodules left out. Throws GitError when a tree is missing. */
export async function treeBlobs(
  repo: Pick<Repository, 'dir'>,
  treeish: string,
  visit: (oid: string, path: Buffer) => void,
  options: Options = {},
): Promise<void> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', treeish];
  visitEntries(await git(args, { cwd: repo.dir, ...options }), (words, path) => {
    if (words[1] === 'blob') visit(words[2] ?? '', path);
  });
}

/** Blobs in the index with their paths, unmerged stages included, submodules left out. */
export async function indexBlobs(
  repo: Pick<Repository, 'dir'>,
  visit: (oid: string, path: Buffer) => void,
  options: Options = {},
): Promise<void> {
  visitEntries(await git(['ls-files', '--stage', '-z'], { cwd: repo.dir, ...options }), (words, path) => {
    if (words[0] !== '160000') visit(words[1] ?? '', path);
  });
}

/** `words TAB path NUL`, as ls-tree and ls-files print. */
function visitEntries(output: Buffer, visit: (words: string[], path: Buffer) => void): void {
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    visit(output.toString('latin1', start, tab).split(' '), output.subarray(tab + 1, end));
    start = end + 1;
  }
}
