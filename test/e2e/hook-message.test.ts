import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { leakgate } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { attempt, doneInSilence, install, refused } from '../support/hooked.ts';
import { seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_021);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const leak = () => `TOKEN=${githubToken(random)}`;

const hooked = async (): Promise<TestRepository> => {
  const repo = await makeRepository();
  repositories.push(repo);
  await repo.commitFiles('start', { 'a.env': 'A=1\n' });
  await install(repo, 'commit-msg');
  repo.write('a.env', 'A=2\n');
  await repo.git('add', '-A');
  return repo;
};

/** An editor that puts lines in front of what git wrote. */
const editor = (repo: TestRepository, lines: string): Record<string, string> => {
  writeFileSync(repo.beside('lines'), lines);
  const file = repo.beside('editor');
  writeFileSync(file, `#!/bin/sh\ncat "${repo.beside('lines')}" "$1" > "$1.new" && mv "$1.new" "$1"\n`);
  chmodSync(file, 0o755);
  return { GIT_EDITOR: file };
};

const PLACE = '.git/COMMIT_EDITMSG';

describe('commit-msg', () => {
  it('refuses a message with a secret, and says how to go on', async () => {
    const repo = await hooked();
    const result = await attempt(repo, ['commit', '-q', '-m', 'subject', '-m', `body ${leak()}`]);
    refused(result, PLACE);
    expect(result.output).toContain(`${PLACE}:3:12`);
    expect(result.output).toContain('git commit --edit --file=');
    doneInSilence(await attempt(repo, ['commit', '-q', '-m', 'subject']));
  });

  it('reads a comment that git keeps because no editor was open, and not one that it takes out', async () => {
    const repo = await hooked();
    refused(await attempt(repo, ['commit', '-q', '-m', `# ${leak()}`]), PLACE);
    doneInSilence(await attempt(repo, ['commit', '-q'], editor(repo, `subject\n# ${leak()}\n`)));
  });

  it('reads what was written in an editor', async () => {
    const repo = await hooked();
    refused(await attempt(repo, ['commit', '-q'], editor(repo, `subject\n\n${leak()}\n`)), PLACE);
  });

  it('takes the comment character that is configured', async () => {
    const repo = await hooked();
    for (const character of [';', 'auto']) {
      await repo.git('config', 'core.commentChar', character);
      const line = character === 'auto' ? `# ${leak()}` : `# ${leak()}\n; ${leak()}`;
      const result = await attempt(repo, ['commit', '-q'], editor(repo, `subject\n${line}\n`));
      if (character === ';') refused(result, PLACE);
      else doneInSilence(result);
    }
  });

  it('leaves out the diff that commit -v shows below the scissors', async () => {
    const repo = await hooked();
    repo.write('a.env', `${leak()}\n`);
    await repo.git('add', '-A');
    await repo.git('commit', '-q', '--no-verify', '-m', 'leak');
    repo.write('a.env', 'A=3\n');
    doneInSilence(await attempt(repo, ['commit', '-q', '-a', '-v'], editor(repo, 'removes it\n')));
    repo.write('a.env', 'A=4\n');
    refused(await attempt(repo, ['commit', '-q', '-a', '-v'], editor(repo, `${leak()}\n`)), PLACE);
  });

  it('works in a linked worktree and for merges', async () => {
    const repo = await hooked();
    await repo.git('commit', '-q', '--no-verify', '-m', 'second');
    await repo.git('worktree', 'add', '-q', '-b', 'linked', repo.beside('linked'), 'HEAD~1');
    const linked = repo.at(repo.beside('linked'));
    refused(await attempt(linked, ['commit', '-q', '--allow-empty', '-m', leak()]), 'COMMIT_EDITMSG');
    doneInSilence(await attempt(linked, ['commit', '-q', '--allow-empty', '-m', 'third']));
    refused(await attempt(linked, ['merge', '-q', '--no-ff', '-m', leak(), 'main']), 'MERGE_MSG');
  });

  it('ends with 3 when there is no such file, and with 2 without a name', async () => {
    const repo = await hooked();
    expect(await leakgate(['hook', 'run', 'commit-msg', '--', 'nowhere'], { cwd: repo.dir })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect(await leakgate(['hook', 'run', 'commit-msg'], { cwd: repo.dir })).toMatchObject({ code: 2 });
  });

  it('has nothing against an empty message', async () => {
    const repo = await hooked();
    doneInSilence(await attempt(repo, ['commit', '-q', '--allow-empty-message', '-m', '']));
  });
});
