import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError, UsageError } from '../../../src/errors.ts';
import { addedLines } from '../../../src/sources/git/added-lines.ts';
import { rangeItems, resolveRange } from '../../../src/sources/git/range.ts';
import { git } from '../../../src/sources/git/run.ts';
import { pathFromBytes } from '../../../src/sources/path-bytes.ts';
import { type Scratch, scratch, scratchDirectory } from './scratch.ts';

const NULL_ID = '0'.repeat(40);

describe('resolveRange', () => {
  it('lists the commits of A..B, parents first', async () => {
    const { at, ids } = linear(4);
    const repo = await at.open();
    expect(await resolveRange(repo, `${ids[0]}..${ids[2]}`)).toEqual({
      base: ids[0],
      head: ids[2],
      commits: [ids[1], ids[2]],
      tags: [],
      skipped: [],
    });
  });

  it('takes an empty head for HEAD and a single ref for A..HEAD', async () => {
    const { at, ids } = linear(3);
    const repo = await at.open();
    for (const spec of [`${ids[1]}..`, `${ids[1]}`, `HEAD~1..HEAD`, `HEAD^..@`]) {
      expect(await resolveRange(repo, spec)).toMatchObject({ base: ids[1], head: ids[2], commits: [ids[2]] });
    }
    expect(await resolveRange(repo, `HEAD..${ids[0]}`)).toMatchObject({ base: ids[2], head: ids[0], commits: [] });
    expect(await resolveRange(repo, 'main..main')).toMatchObject({ commits: [] });
  });

  it('compares A...B from the merge base', async () => {
    const { at, ids } = linear(2);
    at.git('checkout', '-q', '-b', 'topic', ids[0]!);
    at.write('topic', 'x\n');
    const topic = at.commit();
    const repo = await at.open();
    expect(await resolveRange(repo, 'main...topic')).toMatchObject({ base: ids[0], head: topic, commits: [topic] });
    expect(await resolveRange(repo, 'main..topic')).toMatchObject({ base: ids[1], head: topic, commits: [topic] });
  });

  it('has no base for unrelated histories', async () => {
    const { at } = linear(1);
    at.git('checkout', '-q', '--orphan', 'other');
    const other = at.commit('unrelated');
    expect(await resolveRange(await at.open(), 'main...other')).toMatchObject({ base: undefined, commits: [other] });
  });

  it('lists the same commits for a criss-cross history however it is written', async () => {
    const { at, left, right } = crissCross();
    const repo = await at.open();
    const two = await resolveRange(repo, `${left}..${right}`);
    const three = await resolveRange(repo, `${left}...${right}`);
    expect(three.commits).toEqual(two.commits);
    expect(three.base).not.toBe(left);
  });

  it('peels annotated tags and lists those the head names', async () => {
    const { at, ids } = linear(2);
    at.git('tag', '-a', '-m', 'one', 'v1', ids[0]!);
    at.git('tag', '-a', '-m', 'two', 'v2', ids[1]!);
    at.git('tag', '-a', '-m', 'nested', 'v3', 'v2');
    const tag = (name: string) => at.git('rev-parse', `refs/tags/${name}`);
    expect(await resolveRange(await at.open(), 'v1..v3')).toMatchObject({
      base: ids[0],
      head: ids[1],
      tags: [tag('v3'), tag('v2')],
    });
  });

  it.each([
    ['', 'base'],
    ['..', 'base'],
    ['..HEAD', 'base'],
    ['nowhere..HEAD', 'base'],
    ['HEAD..nowhere', 'head'],
    ['nowhere...HEAD', 'base'],
    ['nowhere', 'base'],
    [`${'1'.repeat(40)}..HEAD`, 'base'],
    ['--output=stolen..HEAD', 'base'],
    ['HEAD..--output=stolen', 'head'],
    ['^HEAD..HEAD', 'base'],
    ['HEAD:file..HEAD', 'base'],
    ['HEAD..HEAD\nHEAD', 'head'],
  ])('refuses %j and names the %s', async (spec, side) => {
    const { at } = linear(2);
    const refused = resolveRange(await at.open(), spec);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(`the ${side} of the range`);
    expect(existsSync(join(at.dir, 'stolen'))).toBe(false);
  });

  it('says that a shallow clone cuts the range, unless the cut lies before it', async () => {
    const { at, ids } = linear(5);
    const clone = at.at(join(scratchDirectory(), 'clone'));
    at.git('clone', '-q', '--depth=2', `file://${at.dir}`, clone.dir);
    const repo = await clone.open();
    expect((await resolveRange(repo, `${ids[3]}..HEAD`)).skipped).toEqual([]);
    const all = await resolveRange(repo, `${NULL_ID}..HEAD`);
    expect(all.commits).toEqual([ids[3], ids[4]]);
    expect(all.skipped).toMatchObject([{ reason: 'shallow clone', where: ids[3], incomplete: true }]);
    await expect(resolveRange(repo, `${ids[1]}..HEAD`)).rejects.toMatchObject({
      name: 'UsageError',
      hint: expect.stringContaining('shallow'),
    });
  });

  it('fails when a commit of the range is missing', async () => {
    const { at, ids } = linear(4);
    at.git('update-ref', 'refs/heads/base', ids[0]!);
    rmSync(join(at.dir, '.git/objects', ids[2]!.slice(0, 2), ids[2]!.slice(2)));
    await expect(resolveRange(await at.open(), 'base..main')).rejects.toThrow(SourceError);
  });
});

describe('resolveRange with a null base', () => {
  it('takes all commits when there is no remote', async () => {
    const { at, ids } = linear(3);
    expect(await resolveRange(await at.open(), `${NULL_ID}..HEAD`)).toMatchObject({ base: undefined, commits: ids });
  });

  it('takes the commits that no remote-tracking ref has, before a push', async () => {
    const { at, ids } = linear(3);
    at.git('update-ref', 'refs/remotes/origin/main', ids[0]!);
    at.git('branch', 'unpushed', ids[1]!);
    const range = await resolveRange(await at.open(), `${NULL_ID}..${ids[2]}`);
    expect(range.commits).toEqual([ids[1], ids[2]]);
  });

  it('does not count the remote-tracking ref of the very branch, as in a CI checkout of it', async () => {
    const { at, ids } = linear(3);
    at.git('update-ref', 'refs/remotes/origin/main', ids[0]!);
    at.git('update-ref', 'refs/remotes/origin/new/topic', ids[2]!);
    at.git('checkout', '-q', '-B', 'new/topic', ids[2]!);
    at.git('branch', '-q', '-D', 'main');
    const repo = await at.open();
    for (const head of [ids[2], 'HEAD', 'new/topic', 'refs/heads/new/topic']) {
      expect((await resolveRange(repo, `${NULL_ID}..${head}`)).commits).toEqual([ids[1], ids[2]]);
    }
    at.git('checkout', '-q', '--detach');
    at.git('branch', '-q', '-D', 'new/topic');
    for (const head of [ids[2], 'HEAD', 'origin/new/topic', 'refs/remotes/origin/new/topic']) {
      expect((await resolveRange(repo, `${NULL_ID}..${head}`)).commits).toEqual([ids[1], ids[2]]);
    }
  });

  it('does not count it either when it has moved on since', async () => {
    const { at, ids } = linear(4);
    at.git('update-ref', 'refs/remotes/origin/main', ids[0]!);
    at.git('update-ref', 'refs/remotes/origin/topic', ids[3]!);
    at.git('branch', 'topic', ids[2]!);
    expect((await resolveRange(await at.open(), `${NULL_ID}..topic`)).commits).toEqual([ids[1], ids[2]]);
  });

  it('takes nothing for a new branch that stands where the default branch stands', async () => {
    const { at, ids } = linear(3);
    at.git('update-ref', 'refs/remotes/origin/main', ids[2]!);
    at.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    at.git('checkout', '-q', '-b', 'new');
    const repo = await at.open();
    expect((await resolveRange(repo, `${NULL_ID}..${ids[2]}`)).commits).toEqual([]);
    at.git('checkout', '-q', '--detach');
    at.git('branch', '-q', '-D', 'new', 'main');
    expect((await resolveRange(repo, `${NULL_ID}..${ids[2]}`)).commits).toEqual([]);
  });

  it('takes nothing for a deleted branch', async () => {
    const { at, ids } = linear(2);
    expect((await resolveRange(await at.open(), `${ids[0]}..${NULL_ID}`)).commits).toEqual([]);
  });
});

describe('rangeItems', () => {
  it('lists what each commit of a linear range introduces, with the version before', async () => {
    const at = scratch();
    at.write('a', 'one\n');
    at.write('dir/b', 'bee\n');
    const first = at.commit();
    at.write('a', 'one\ntwo\n');
    const second = at.commit();
    at.write('a', 'one\ntwo\nthree\n');
    at.git('rm', '-q', 'dir/b');
    const third = at.commit();
    const { introduced, commitMessages, skipped } = await items(at, `${first}..`);
    expect(introduced).toEqual([
      { oid: oid(at, second, 'a'), path: 'a', olds: [oid(at, first, 'a')], mode: '100644', commit: second },
      { oid: oid(at, third, 'a'), path: 'a', olds: [oid(at, second, 'a')], mode: '100644', commit: third },
    ]);
    expect(commitMessages).toEqual([second, third]);
    expect(skipped).toEqual([]);
  });

  it('takes everything in a root commit for new', async () => {
    const at = scratch();
    at.write('a', 'one\n');
    at.write('b', 'two\n');
    at.commit();
    expect(await added(at, `${NULL_ID}..HEAD`)).toEqual(['a: one', 'b: two']);
  });

  it('starts no git for an empty range', async () => {
    const { at } = linear(2);
    expect(await items(at, 'HEAD..HEAD')).toEqual({ introduced: [], commitMessages: [], tags: [], skipped: [] });
  });

  it('finds what one commit adds and a later one removes', async () => {
    const { at, ids } = linear(1);
    at.write('oops', 'leaked\n');
    at.commit();
    at.git('rm', '-q', 'oops');
    at.commit();
    expect(await added(at, `${ids[0]}..`)).toEqual(['oops: leaked']);
  });

  it('finds what a revert brings back', async () => {
    const { at } = linear(1);
    at.write('oops', 'leaked\n');
    at.commit();
    at.git('rm', '-q', 'oops');
    const removal = at.commit();
    at.git('revert', '--no-edit', removal);
    expect(await added(at, `${removal}..`)).toEqual(['oops: leaked']);
  });

  it('finds nothing in a clean merge but what its commits add', async () => {
    const { at, base } = forked();
    at.merge(['topic']);
    expect(at.git('show', 'HEAD:file')).toContain('ours');
    expect((await added(at, `${base}..`)).sort()).toEqual(['file: ours', 'file: theirs']);
    expect(await added(at, 'HEAD^1..')).toEqual(['file: theirs']);
  });

  it('does not blame a topic branch for what it merged from the main branch', async () => {
    const { at } = forked();
    at.git('checkout', '-q', 'topic');
    at.merge(['main']);
    expect(await added(at, 'main..topic')).toEqual(['file: theirs']);
    expect(await added(at, 'main...topic')).toEqual(['file: theirs']);
  });

  it('finds a line that only the merge has', async () => {
    const { at } = forked();
    const parents = [at.git('rev-parse', 'main'), at.git('rev-parse', 'topic')];
    const merge = at.merge(['topic'], () => {
      at.write('file', `${at.git('show', ':file')}\nevil\n`);
      at.write('new', 'evil too\n');
    });
    const { introduced } = await items(at, 'HEAD^1..');
    expect(introduced.filter((blob) => blob.commit === merge)).toMatchObject([
      { path: 'file', olds: parents.map((parent) => oid(at, parent, 'file')) },
      { path: 'new', olds: [undefined, undefined] },
    ]);
    expect(await added(at, 'HEAD^1..')).toEqual(['file: theirs', 'file: evil', 'new: evil too']);
  });

  it('reads merges with many parents', async () => {
    const { at, ids } = linear(1);
    const branches = ['b1', 'b2', 'b3'];
    for (const branch of branches) {
      at.git('checkout', '-q', '-b', branch, ids[0]!);
      at.write(branch, `${branch}\n`);
      at.commit();
    }
    at.git('checkout', '-q', 'main');
    const merge = at.merge(branches, () => at.write('b2', 'b2\nevil\n'));
    expect(at.git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(5);
    const { introduced } = await items(at, `${ids[0]}..`);
    const b2 = introduced.find((blob) => blob.commit === merge);
    expect(b2?.path).toBe('b2');
    expect(b2?.olds.filter((old) => old !== undefined)).toEqual([oid(at, 'b2', 'b2')]);
    expect((await added(at, `${ids[0]}..`)).sort()).toEqual(['b1: b1', 'b2: b2', 'b2: evil', 'b3: b3']);
  });

  it('reads criss-cross merges', async () => {
    const { at, left, right } = crissCross();
    expect(await added(at, `${left}..${right}`)).toEqual(['right: evil in the right merge']);
  });

  it('compares a renamed file with the file it was', async () => {
    const { at, ids } = linear(1);
    at.git('mv', 'file', 'renamed');
    at.write('renamed', `${content(1)}edited\n`);
    const commit = at.commit();
    const { introduced } = await items(at, `${ids[0]}..`);
    expect(introduced).toEqual([
      { oid: oid(at, commit, 'renamed'), path: 'renamed', olds: [oid(at, ids[0]!, 'file')], mode: '100644', commit },
    ]);
    expect(await added(at, `${ids[0]}..`)).toEqual(['renamed: edited']);
  });

  it('compares a file renamed on one side of a merge with both sides', async () => {
    const { at, ids } = linear(1);
    at.git('checkout', '-q', '-b', 'topic');
    at.git('mv', 'file', 'renamed');
    at.commit();
    at.git('checkout', '-q', 'main');
    at.write('file', `${content(1)}ours\n`);
    at.commit();
    at.merge(['topic'], () => at.write('renamed', `${content(1)}ours\nevil\n`));
    expect(await added(at, `${ids[0]}..`)).toEqual(['file: ours', 'renamed: evil']);
  });

  it('takes a copied file for new', async () => {
    const { at, ids } = linear(1);
    at.write('copy', content(1));
    at.commit();
    expect((await items(at, `${ids[0]}..`)).introduced).toMatchObject([{ path: 'copy', olds: [undefined] }]);
  });

  it('finds nothing in a change of mode or a plain rename', async () => {
    const { at, ids } = linear(1);
    at.git('update-index', '--chmod=+x', 'file');
    at.git('commit', '-q', '-m', 'mode');
    at.git('mv', 'file', 'elsewhere');
    at.git('commit', '-q', '-m', 'rename');
    expect((await items(at, `${ids[0]}..`)).introduced).toEqual([]);
  });

  it('reads the targets of symlinks and follows files that become links and back', async () => {
    const { at, ids } = linear(1);
    at.git('rm', '-q', 'file');
    at.link('/etc/target', 'file');
    at.commit();
    at.git('rm', '-q', 'file');
    at.write('file', 'a file again\n');
    at.commit();
    const { introduced } = await items(at, `${ids[0]}..`);
    expect(introduced.map(({ mode }) => mode)).toEqual(['120000', '100644']);
    expect(await added(at, `${ids[0]}..`)).toEqual(['file: /etc/target', 'file: a file again']);
  });

  it('lists submodules as skipped', async () => {
    const { at, ids } = linear(2);
    at.git('update-index', '--add', '--cacheinfo', `160000,${ids[0]},module`);
    at.git('commit', '-q', '-m', 'a submodule');
    at.git('config', 'diff.ignoreSubmodules', 'all');
    at.git('config', 'submodule.module.ignore', 'all');
    const { introduced, skipped } = await items(at, `${ids[1]}..`);
    expect(introduced).toEqual([]);
    expect(skipped).toEqual([{ reason: 'submodule', where: 'module', incomplete: false, detail: `commit ${ids[0]}` }]);
  });

  it('reads file names of any bytes', async () => {
    const { at, ids } = linear(1);
    const names = ['line\nbreak', '"quoted"', '-rf', ':100644 colons', 'tab\there', 'ünïcödé', ids[0]!, ' '];
    for (const name of names) at.write(name, `in ${name.length}\n`);
    const raw = Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x80]);
    at.write(raw, 'not UTF-8\n');
    at.commit();
    const { introduced } = await items(at, `${ids[0]}..`);
    expect(introduced.map(({ path }) => path).sort()).toEqual([...names, pathFromBytes(raw)].sort());
  });

  it('is not led astray by attributes or configuration', async () => {
    const { at, ids } = linear(1);
    at.write('.gitattributes', 'hidden binary\nfile -diff\nconverted diff=convert\n* ident export-subst\n');
    at.write('hidden', 'not binary\n');
    at.write('converted', 'kept\n');
    at.write('file', `${content(1)}more\n`);
    at.commit();
    at.git('mv', 'file', 'moved');
    at.write('moved', `${content(1)}more\nand more\n`);
    at.commit();
    const plain = await added(at, `${ids[0]}..`);
    expect(plain).toContain('hidden: not binary');
    expect(plain).toContain('moved: and more');
    expect(plain).not.toContain('moved: more');
    for (const [key, value] of [
      ['color.ui', 'always'],
      ['color.diff', 'always'],
      ['diff.noprefix', 'true'],
      ['diff.renames', 'false'],
      ['diff.renameLimit', '1'],
      ['diff.relative', 'true'],
      ['diff.external', '/bin/false'],
      ['diff.convert.textconv', '/bin/false'],
      ['diff.orderFile', 'no/such/file'],
      ['core.quotePath', 'true'],
      ['core.abbrev', '5'],
      ['core.pager', '/bin/false'],
      ['log.showRoot', 'false'],
      ['log.showSignature', 'true'],
      ['diff.algorithm', 'patience'],
      ['diff.wordRegex', '.'],
    ]) {
      at.git('config', key!, value!);
    }
    expect(await added(at, `${ids[0]}..`)).toEqual(plain);
  });

  it('reads the range in a linked worktree and in a bare clone', async () => {
    const { at, ids } = linear(3);
    const worktree = at.at(join(scratchDirectory(), 'worktree'));
    at.git('worktree', 'add', '-q', worktree.dir, ids[1]!);
    expect(await added(worktree, `${ids[0]}..`)).toEqual(['file: line 2']);
    const bare = at.at(join(scratchDirectory(), 'bare'));
    at.git('clone', '-q', '--bare', at.dir, bare.dir);
    expect(await added(bare, `${ids[1]}..main`)).toEqual(['file: line 3']);
  });

  it('reads SHA-256 repositories', async () => {
    const at = scratch('--object-format=sha256');
    at.write('a', 'one\n');
    const first = at.commit();
    at.write('a', 'one\ntwo\n');
    at.commit();
    expect(await added(at, `${first}..`)).toEqual(['a: two']);
    expect(await added(at, `${'0'.repeat(64)}..HEAD`)).toEqual(['a: one', 'a: two']);
  });

  it('fails when a tree is missing', async () => {
    const { at, ids } = linear(3);
    const tree = at.git('rev-parse', `${ids[1]}^{tree}`);
    rmSync(join(at.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    await expect(items(at, `${ids[0]}..`)).rejects.toThrow(SourceError);
  });

  it('reads a partial clone without fetching, edited renames as new', async () => {
    const { at, ids } = linear(2);
    at.git('mv', 'file', 'renamed');
    at.write('renamed', `${content(2)}edited\n`);
    at.commit();
    at.git('config', 'uploadpack.allowFilter', 'true');
    const clone = at.at(join(scratchDirectory(), 'clone'));
    at.git('clone', '-q', '--bare', '--filter=blob:none', `file://${at.dir}`, clone.dir);
    const { introduced } = await items(clone, `${ids[0]}..HEAD`);
    expect(introduced).toMatchObject([{ path: 'file' }, { path: 'renamed', olds: [undefined] }]);
    const missing = clone.git('rev-list', '--objects', '--all', '--missing=print').match(/^\?/gm);
    expect(missing).toHaveLength(3);
  });

  it('agrees with whole trees on random histories with merges', async () => {
    const step = fc.record({
      branch: fc.nat(2),
      merge: fc.boolean(),
      path: fc.constantFrom('a', 'b', 'c/d'),
      remove: fc.boolean(),
      text: fc.constantFrom('1\n', '2\n', '3\n', '1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\n5\nX\n'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        const at = scratch();
        const head = buildHistory(at, steps);
        const { introduced } = await items(at, `${NULL_ID}..${head}`);
        checkAgainstTrees(at, head, introduced);
      }),
      { numRuns: 12 },
    );
  });
});

interface Step {
  readonly branch: number;
  readonly merge: boolean;
  readonly path: string;
  readonly remove: boolean;
  readonly text: string;
}

/** Commits made without a work tree: each step changes one path of its branch, some merge the branch before it. */
function buildHistory(at: Scratch, steps: readonly Step[]): string {
  const tips: { commit?: string; files: Map<string, string> }[] = [0, 1, 2].map(() => ({ files: new Map() }));
  let last = '';
  for (const step of steps) {
    const tip = tips[step.branch]!;
    const other = tips[(step.branch + 1) % 3]!;
    const parents = [tip.commit, ...(step.merge ? [other.commit] : [])].filter((commit) => commit !== undefined);
    if (step.merge) for (const [path, text] of other.files) tip.files.set(path, text);
    if (step.remove) tip.files.delete(step.path);
    else tip.files.set(step.path, step.text);
    at.git('read-tree', '--empty');
    for (const [path, text] of tip.files) {
      at.write('scratch', text);
      at.git('update-index', '--add', '--cacheinfo', `100644,${at.git('hash-object', '-w', 'scratch')},${path}`);
    }
    last = at.git('commit-tree', at.git('write-tree'), '-m', 'm', ...parents.flatMap((parent) => ['-p', parent]));
    tip.commit = last;
  }
  return last;
}

/** What no parent has anywhere must be listed; what a parent has at the same path must not. */
function checkAgainstTrees(
  at: Scratch,
  head: string,
  introduced: readonly { commit: string; path: string; oid: string }[],
) {
  const trees = new Map<string, Map<string, string>>();
  const tree = (commit: string) => {
    const known = trees.get(commit);
    if (known !== undefined) return known;
    const lines = at.git('ls-tree', '-r', '--format=%(objectname) %(path)', commit).split('\n').filter(Boolean);
    const files = new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
    trees.set(commit, files);
    return files;
  };
  const listed = new Set(introduced.map(({ commit, path, oid }) => `${commit} ${path} ${oid}`));
  const allowed = new Set<string>();
  for (const line of at.git('rev-list', '--parents', head).split('\n')) {
    const [commit = '', ...parents] = line.split(' ');
    const before = parents.map(tree);
    for (const [path, oid] of tree(commit)) {
      if (before.some((files) => files.get(path) === oid)) continue;
      allowed.add(`${commit} ${path} ${oid}`);
      if (before.some((files) => [...files.values()].includes(oid))) continue;
      expect(listed).toContain(`${commit} ${path} ${oid}`);
    }
  }
  for (const one of listed) expect(allowed).toContain(one);
}

function content(lines: number): string {
  const text = Array.from({ length: 20 }, (_, at) => `common text ${at}\n`).join('');
  return text + Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`).join('');
}

/** Commits that each add one line to `file`. */
function linear(count: number): { at: Scratch; ids: string[] } {
  const at = scratch();
  const ids = Array.from({ length: count }, (_, index) => {
    at.write('file', content(index + 1));
    return at.commit();
  });
  return { at, ids };
}

/** main has a line at the start of `file`, topic one at its end. */
function forked(): { at: Scratch; base: string } {
  const { at, ids } = linear(1);
  at.git('checkout', '-q', '-b', 'topic');
  at.write('file', `${content(1)}theirs\n`);
  at.commit();
  at.git('checkout', '-q', 'main');
  at.write('file', `ours\n${content(1)}`);
  at.commit();
  return { at, base: ids[0]! };
}

/** Two branches that merge each other's first commit. */
function crissCross(): { at: Scratch; left: string; right: string } {
  const { at } = linear(1);
  at.git('branch', 'right');
  at.write('left', 'left\n');
  const left = at.commit();
  at.git('checkout', '-q', 'right');
  at.write('right', 'right\n');
  at.commit();
  at.git('branch', 'old-right');
  const mergedRight = at.merge([left], () => at.write('right', 'right\nevil in the right merge\n'));
  at.git('checkout', '-q', 'main');
  const mergedLeft = at.merge(['old-right']);
  return { at, left: mergedLeft, right: mergedRight };
}

async function items(at: Scratch, spec: string) {
  const repo = await at.open();
  return rangeItems(repo, await resolveRange(repo, spec));
}

function oid(at: Scratch, commit: string, path: string): string {
  return at.git('rev-parse', `${commit}:${path}`);
}

/** The new lines of the range as `path: line`, in order of commits. */
async function added(at: Scratch, spec: string): Promise<string[]> {
  const read = (id: string) => git(['cat-file', 'blob', id], { cwd: at.dir });
  const lines: string[] = [];
  for (const { oid, path, olds } of (await items(at, spec)).introduced) {
    const blob = await read(oid);
    const known = await Promise.all(olds.map((old) => (old === undefined ? undefined : read(old))));
    const fresh = addedLines(blob, known);
    const text = blob.toString().split('\n');
    lines.push(...text.filter((_, index) => fresh.has(index + 1)).map((line) => `${path}: ${line}`));
  }
  return lines;
}
