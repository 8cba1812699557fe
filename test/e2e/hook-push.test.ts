import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leakgate } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { type Attempt, attempt, doneInSilence, install } from '../support/hooked.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_011);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const leak = () => `TOKEN=${githubToken(random)}\n`;
const NULL_ID = '0'.repeat(40);

/** A clone with one commit that its bare remote has too. */
const cloned = async (): Promise<{ repo: TestRepository; server: TestRepository }> => {
  const repo = await makeRepository();
  repositories.push(repo);
  const server = repo.at(repo.beside('server.git'));
  mkdirSync(server.dir);
  await server.git('init', '-q', '--bare', '-b', 'main');
  await repo.git('remote', 'add', 'origin', server.dir);
  await repo.commitFiles('start', { 'a.env': 'A=1\n' });
  await repo.git('push', '-q', 'origin', 'main');
  return { repo, server };
};

/** Expects that the push was stopped because of these places, and of no others. */
const refused = ({ done, output }: Attempt, ...places: string[]): void => {
  const found = [...output.matchAll(/^(?:remote: )? {4}(\S+):\d+:\d+/gm)].map(([, place = '']) =>
    place.replace(/^(commit|tag)\/[0-9a-f]{40}\/message$/, '$1-message'),
  );
  expect(found.sort(), output).toEqual(places.sort());
  expect(done).toBe(false);
};

const push = (repo: TestRepository, ...args: string[]) => attempt(repo, ['push', '-q', ...args]);

/** What is pushed, by hook: the same on the way out and on the way in. */
describe.each(['pre-push', 'pre-receive'])('%s', (hook) => {
  const hooked = async () => {
    const both = await cloned();
    await install(hook === 'pre-push' ? both.repo : both.server, hook);
    return both;
  };

  it('refuses a leak of a new branch, also one that a later commit takes out, and names its commit', async () => {
    const { repo, server } = await hooked();
    await repo.git('checkout', '-q', '-b', 'topic');
    const commit = await repo.commitFiles('leak', { 'b.env': leak() });
    await repo.commitFiles('gone again', { 'b.env': 'B=\n' });
    const result = await push(repo, 'origin', 'topic');
    refused(result, 'b.env');
    expect(result.output).toContain(`git rebase --interactive ${commit.slice(0, 8)}~1`);
    expect(await server.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    await expect(server.git('cat-file', '-e', commit)).rejects.toThrow();
  });

  it('lets a branch without a leak pass, and one whose leak the other side has', async () => {
    const { repo } = await hooked();
    await repo.commitFiles('leak', { 'b.env': leak() });
    await repo.git('checkout', '-q', '-b', 'known');
    doneInSilence(await push(repo, '--no-verify', 'origin', 'HEAD~1:refs/heads/clean'));
    const config = hook === 'pre-push' ? ['--no-verify'] : [];
    // The server takes it once, as from before it had the hook.
    if (hook === 'pre-receive') rmSync(join(repo.beside('server.git'), 'hooks'), { recursive: true });
    doneInSilence(await push(repo, ...config, 'origin', 'known'));
    if (hook === 'pre-receive') await install({ dir: repo.beside('server.git') }, hook);
    await repo.git('checkout', '-q', '-b', 'more');
    await repo.commitFiles('more', { 'c.env': 'C=1\n' });
    doneInSilence(await push(repo, 'origin', 'more'));
  });

  it('looks at every ref of a push', async () => {
    const { repo } = await hooked();
    await repo.git('checkout', '-q', '-b', 'good');
    await repo.commitFiles('good', { 'good.env': 'G=1\n' });
    await repo.git('checkout', '-q', '-b', 'bad', 'main');
    await repo.commitFiles('bad', { 'bad.env': leak() });
    refused(await push(repo, 'origin', 'good', 'bad'), 'bad.env');
    doneInSilence(await push(repo, 'origin', 'good'));
  });

  it('has nothing against a ref that is deleted, or where nothing is new', async () => {
    const { repo } = await hooked();
    doneInSilence(await push(repo, 'origin', 'main:refs/heads/topic'));
    doneInSilence(await push(repo, 'origin', 'main'));
    doneInSilence(await push(repo, 'origin', ':topic'));
  });

  it('refuses what a forced push brings in, and not what was there', async () => {
    const { repo } = await hooked();
    await repo.commitFiles('second', { 'a.env': 'A=2\n' });
    doneInSilence(await push(repo, 'origin', 'main'));
    repo.write('b.env', leak());
    await repo.git('add', '-A');
    await repo.git('commit', '-q', '--amend', '-m', 'second, again');
    refused(await push(repo, '--force', 'origin', 'main'), 'b.env');
    await repo.git('reset', '-q', '--hard', 'HEAD@{1}~1');
    doneInSilence(await push(repo, '--force', 'origin', 'main'));
  });

  it('reads messages of commits and of annotated tags', async () => {
    const { repo } = await hooked();
    await repo.commit(`a message with ${leak()}`);
    refused(await push(repo, 'origin', 'main'), 'commit-message');
    await repo.git('tag', '-a', '-m', 'start', 'good', 'HEAD~1');
    doneInSilence(await push(repo, 'origin', 'good'));
    await repo.git('tag', '-a', '-m', `a tag with ${leak()}`, 'bad', 'HEAD~1');
    refused(await push(repo, 'origin', 'bad'), 'tag-message');
  });

  it('reads what tags of blobs and of trees name', async () => {
    const { repo } = await hooked();
    repo.write('loose', leak());
    await repo.git('tag', 'blob', await repo.git('hash-object', '-w', 'loose'));
    refused(await push(repo, 'origin', 'blob'), 'refs/tags/blob');
    await repo.git('add', 'loose');
    await repo.git('tag', '-a', '-m', 'a tree', 'tree', await repo.git('write-tree'));
    refused(await push(repo, 'origin', 'tree'), 'refs/tags/tree/loose');
  });

  it('refuses what a merge resolution adds, and not what comes from a side that is known', async () => {
    const { repo } = await hooked();
    await repo.git('checkout', '-q', '-b', 'side');
    await repo.commitFiles('side', { 'side.env': 'S=1\n' });
    doneInSilence(await push(repo, 'origin', 'side'));
    await repo.git('checkout', '-q', 'main');
    await repo.commitFiles('main', { 'main.env': 'M=1\n' });
    await repo.git('merge', '-q', '--no-commit', '--no-ff', 'side');
    repo.write('main.env', leak());
    await repo.commit('merged');
    refused(await push(repo, 'origin', 'main'), 'main.env');
  });

  it('ends with 3 for input that git does not write', async () => {
    const { repo, server } = await hooked();
    const where = hook === 'pre-push' ? repo : server;
    const id = await repo.id('HEAD');
    const missing = 'f'.repeat(40);
    const lines =
      hook === 'pre-push'
        ? [
            'nonsense\n',
            `refs/heads/x ${id.slice(1)} refs/heads/x ${id}\n`,
            `refs/heads/x ${missing} refs/heads/x ${NULL_ID}\n`,
          ]
        : ['nonsense\n', `${id} ${id}\n`, `${NULL_ID} ${missing} refs/heads/x\n`, ''];
    for (const stdin of lines) {
      const args = ['hook', 'run', hook, '--', 'origin', server.dir];
      const { code, stdout, stderr } = await leakgate(args, { cwd: where.dir, stdin });
      expect({ code, stdout }, stdin).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('refused');
    }
  });
});

describe('pre-push', () => {
  it('knows what a remote has that is called by its address', async () => {
    const { repo, server } = await cloned();
    await repo.commitFiles('leak', { 'b.env': leak() });
    await repo.git('push', '-q', 'origin', 'main');
    await install(repo, 'pre-push');
    await repo.git('checkout', '-q', '-b', 'topic');
    await repo.commitFiles('topic', { 'c.env': 'C=1\n' });
    doneInSilence(await push(repo, server.dir, 'topic'));
    // Of another one nothing is known: it is given the whole history.
    const other = repo.at(repo.beside('other.git'));
    mkdirSync(other.dir);
    await other.git('init', '-q', '--bare');
    refused(await push(repo, other.dir, 'topic'), 'b.env');
  });

  it('tells remotes apart whose names lie within each other, and knows itself', async () => {
    const { repo } = await cloned();
    await repo.commitFiles('leak', { 'b.env': leak() });
    const inner = repo.at(repo.beside('inner.git'));
    mkdirSync(inner.dir);
    await inner.git('init', '-q', '--bare');
    await repo.git('remote', 'add', 'origin/inner', inner.dir);
    await repo.git('push', '-q', 'origin/inner', 'main');
    await install(repo, 'pre-push');
    refused(await push(repo, 'origin', 'main:refs/heads/other'), 'b.env');
    doneInSilence(await push(repo, 'origin/inner', 'main:refs/heads/other'));
    doneInSilence(await push(repo, '.', 'main:refs/heads/other'));
  });

  it('takes a local ref with blanks', async () => {
    const { repo } = await cloned();
    await install(repo, 'pre-push');
    await repo.commitFiles('leak', { 'b.env': leak() });
    refused(await push(repo, 'origin', 'HEAD@{0 seconds ago}:refs/heads/odd'), 'b.env');
  });

  it('is no good without the arguments of git', async () => {
    const { repo } = await cloned();
    const { code, stderr } = await leakgate(['hook', 'run', 'pre-push'], { cwd: repo.dir });
    expect(code).toBe(2);
    expect(stderr).toContain('leakgate hook run pre-push -- "$@"');
  });

  it('runs behind the hook that was there, and gives both the refs', async () => {
    const { repo } = await cloned();
    const file = join(repo.dir, '.git/hooks/pre-push');
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\ncat > '${repo.beside('refs')}'; echo "$@" >> '${repo.beside('refs')}'\n`);
    chmodSync(file, 0o755);
    await install(repo, 'pre-push');
    const commit = await repo.commitFiles('leak', { 'b.env': leak() });
    refused(await push(repo, 'origin', 'main'), 'b.env');
    expect(readFileSync(repo.beside('refs'), 'utf8')).toMatch(
      new RegExp(`^refs/heads/main ${commit} refs/heads/main [0-9a-f]{40}\norigin .*server.git\n$`),
    );
  });
});

describe('pre-receive', () => {
  it.each(['1', '1000'])('reads the quarantine, packed or loose (unpackLimit %s), in SHA-256 too', async (limit) => {
    for (const objectFormat of ['sha1', 'sha256'] as const) {
      const repo = await makeRepository({ objectFormat });
      repositories.push(repo);
      const server = repo.at(repo.beside('server.git'));
      mkdirSync(server.dir);
      await server.git('init', '-q', '--bare', `--object-format=${objectFormat}`);
      await server.git('config', 'receive.unpackLimit', limit);
      await install(server, 'pre-receive');
      await repo.commitFiles('start', { 'a.env': leak() });
      const result = await push(repo, server.dir, 'main');
      refused(result, 'a.env');
      expect(result.output).toContain('runs on the server');
      expect(await server.git('for-each-ref')).toBe('');
      await repo.git('rm', '-q', 'a.env');
      await repo.git('commit', '-q', '--amend', '--allow-empty', '-m', 'start');
      doneInSilence(await push(repo, server.dir, 'main'));
    }
  });

  it('is what a bare repository gets by default', async () => {
    const { server } = await cloned();
    const { stdout } = await leakgate(['hook', 'install'], { cwd: server.dir });
    expect(stdout).toBe('pre-receive: hooks/pre-receive installed\n');
  });
});
