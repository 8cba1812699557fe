import { afterEach, describe, expect, it } from 'vitest';
import { type CliOptions, foundAt, leakgate, leakgateJson } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { mixedText, prose, seeded } from '../support/random.ts';
import { ecKey, ed25519Key, githubToken } from '../support/tokens.ts';

const random = seeded(20_002);
const repositories: TestRepository[] = [];
afterEach(async () => {
  for (const repository of repositories.splice(0)) await repository.remove();
});

const newRepository = async (files: Readonly<Record<string, Buffer | string>> = { 'README.md': '# app\n' }) => {
  const repo = await makeRepository();
  repositories.push(repo);
  await repo.commitFiles('start', files);
  return repo;
};

const scan = (repo: TestRepository, args: readonly string[] = [], options: CliOptions = {}) =>
  leakgateJson(['git', ...args], { cwd: repo.dir, ...options });

const TOKEN_RULE = 'github-classic-pat';

/** A merge whose result holds a line that neither side has. */
const mergeWithResolution = async (repo: TestRepository, resolution: string) => {
  await repo.git('checkout', '-q', '-b', 'side');
  await repo.commitFiles('side', { 'app.env': 'MODE=side\n' });
  await repo.git('checkout', '-q', 'main');
  await repo.commitFiles('main', { 'app.env': 'MODE=main\n' });
  await repo.git('merge', '-q', 'side').catch(() => undefined);
  return repo.commitFiles('Merge side', { 'app.env': resolution });
};

describe('the history scan finds a secret', () => {
  it('that only the resolution of a merge commit holds, and names that merge', async () => {
    const repo = await newRepository();
    const merge = await mergeWithResolution(repo, `MODE=both\nTOKEN=${githubToken(random)}\n`);
    const { report, code } = await scan(repo);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} app.env:2`]);
    expect(report.findings[0]!.occurrences[0]!.commit?.oid).toBe(merge);
    expect(code).toBe(1);
  });

  it('in a file that .gitattributes marks binary', async () => {
    const repo = await newRepository({ '.gitattributes': '*.conf binary\n' });
    await repo.commitFiles('settings', { 'a.conf': `token ${githubToken(random)}\n` });
    const { report } = await scan(repo);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} a.conf:1`]);
  });

  it('in UTF-16 and behind NUL bytes', async () => {
    const repo = await newRepository({
      'a.reg': Buffer.from(`\ufeffkey=${githubToken(random)}\r\n`, 'utf16le'),
      'b.dump': Buffer.concat([Buffer.alloc(64), Buffer.from(` ${githubToken(random)} `)]),
    });
    const { report } = await scan(repo);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} a.reg:1`, `${TOKEN_RULE} b.dump:1`]);
  });

  it('that was removed again, and says that only the history holds it', async () => {
    const repo = await newRepository();
    const added = await repo.commitFiles('add', { 'a.env': `T=${githubToken(random)}\n` });
    await repo.commitFiles('remove', { 'a.env': 'T=\n' });
    const { report } = await scan(repo);
    expect(report.findings[0]!.occurrences[0]).toMatchObject({
      path: 'a.env',
      reach: 'history only',
      commit: { oid: added },
    });
  });

  it('in a commit message', async () => {
    const repo = await newRepository();
    const oid = await repo.commitFiles(`Deploy\n\ncurl -H "token ${githubToken(random)}"`, { 'b.txt': 'b\n' });
    const { report } = await scan(repo);
    expect(report.findings[0]!.occurrences[0]).toMatchObject({
      origin: { type: 'commit-message', oid },
      commit: { oid },
    });
    expect(report.findings[0]!.occurrences[0]!.path).toBeUndefined();
  });

  it('in the message of an annotated tag', async () => {
    const repo = await newRepository();
    await repo.git('tag', '-a', 'v1', '-m', `Release\n\nwith ${githubToken(random)}`);
    const { report } = await scan(repo);
    expect(report.findings[0]!.occurrences[0]!.origin).toEqual({ type: 'tag-message', oid: await repo.id('v1') });
  });

  it('in a note', async () => {
    const repo = await newRepository();
    await repo.git('notes', 'add', '-m', `ran with ${githubToken(random)}`, 'HEAD');
    const { report } = await scan(repo);
    expect(report.findings.map(({ rule }) => rule.id)).toEqual([TOKEN_RULE]);
  });

  it('in the stash', async () => {
    const repo = await newRepository();
    repo.write('README.md', `# app\n${githubToken(random)}\n`);
    await repo.git('stash');
    const { report } = await scan(repo);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} README.md:2`]);
  });

  it('in a commit that only the reflog names', async () => {
    const repo = await newRepository();
    const lost = await repo.commitFiles('leak', { 'a.env': `T=${githubToken(random)}\n` });
    await repo.git('reset', '-q', '--hard', 'HEAD~1');
    const { report, code } = await scan(repo);
    expect(report.findings[0]!.occurrences[0]).toMatchObject({
      path: 'a.env',
      reach: 'unreachable',
      commit: { oid: lost },
    });
    expect(code).toBe(1);
  });

  it('in an object that nothing names at all', async () => {
    const repo = await newRepository();
    await repo.feed(`T=${githubToken(random)}\n`, 'hash-object', '-w', '--stdin');
    const { report } = await scan(repo);
    expect(report.findings[0]!.occurrences[0]!.reach).toBe('unreachable');
  });

  it('in a private key whose first line and body come in different commits', async () => {
    const [first = '', ...body] = ed25519Key().split('\n');
    const repo = await newRepository({ 'id.pem': `${first}\n` });
    const second = await repo.commitFiles('complete', { 'id.pem': `${[first, ...body].join('\n')}\n` });
    const { report } = await scan(repo);
    expect(foundAt(report)).toEqual(['private-key id.pem:1']);
    expect(report.findings[0]!.occurrences[0]!.commit?.oid).toBe(second);
  });

  it('twice when the body of a key is replaced between the same first and last line', async () => {
    const repo = await newRepository({ 'id.pem': `${ecKey()}\n` });
    await repo.commitFiles('rotate', { 'id.pem': `${ecKey()}\n` });
    const { report } = await scan(repo);
    expect(report.findings.map(({ rule }) => rule.id)).toEqual(['private-key', 'private-key']);
    expect(report.findings.map(({ occurrences }) => occurrences[0]!.reach).sort()).toEqual(['at HEAD', 'history only']);
  });

  it('in a Kubernetes Secret that a later commit fills', async () => {
    const head = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ntype: Opaque\ndata:\n  webhook:';
    const repo = await newRepository({ 'secret.yaml': `${head} ""\n` });
    const value = Buffer.from(mixedText(random, 24)).toString('base64');
    const filled = await repo.commitFiles('fill', { 'secret.yaml': `${head} ${value}\n` });
    const { report } = await scan(repo);
    expect(foundAt(report)).toEqual(['kubernetes-secret-data secret.yaml:7']);
    expect(report.findings[0]!.occurrences[0]!.commit?.oid).toBe(filled);
  });

  it('at the same places from packed objects as from loose ones', async () => {
    const repo = await newRepository();
    for (let version = 0; version < 5; version++) {
      await repo.commitFiles(`version ${version}`, {
        'a.txt': `${prose(seeded(version), 4000)}${githubToken(random)}\n`,
      });
    }
    const loose = await scan(repo);
    await repo.git('gc', '-q');
    const packed = await scan(repo);
    expect(packed.report.findings).toHaveLength(5);
    expect(packed.report.findings).toEqual(loose.report.findings);
  });
});

describe('the scan of a range', () => {
  it('finds what a merge resolution brings, and what was added and removed again', async () => {
    const repo = await newRepository();
    const base = await repo.id('HEAD');
    await repo.commitFiles('add', { 'a.env': `T=${githubToken(random)}\n` });
    await repo.commitFiles('remove', { 'a.env': 'T=\n' });
    await mergeWithResolution(repo, `TOKEN=${githubToken(random)}\n`);
    const { report, code } = await scan(repo, ['--range', `${base}..HEAD`]);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} a.env:1`, `${TOKEN_RULE} app.env:1`]);
    expect(code).toBe(1);
  });

  it('shows older secrets of a touched file as there before, and does not block on them', async () => {
    const repo = await newRepository({ 'a.env': `T=${githubToken(random)}\n` });
    await repo.commitFiles('touch', { 'a.env': `${await repo.git('show', 'HEAD:a.env')}\nMODE=x\n` });
    const { report, code } = await scan(repo, ['--range', 'HEAD~1..HEAD']);
    expect(report.findings.map(({ status, blocking }) => ({ status, blocking }))).toEqual([
      { status: 'pre-existing', blocking: false },
    ]);
    expect(code).toBe(0);
  });

  it('blocks on a second secret on a line next to an old one, and only on that', async () => {
    const repo = await newRepository({ 'a.env': `T=${githubToken(random)}\n` });
    await repo.commitFiles('second', {
      'a.env': `${await repo.git('show', 'HEAD:a.env')}\nU=${githubToken(random)}\n`,
    });
    const { report, code } = await scan(repo, ['--range', 'HEAD~1..HEAD']);
    expect(report.findings.filter(({ blocking }) => blocking)).toHaveLength(1);
    expect(report.findings).toHaveLength(2);
    expect(code).toBe(1);
  });

  it('reads the messages of its commits', async () => {
    const repo = await newRepository();
    await repo.commitFiles(`Use ${githubToken(random)}`, { 'b.txt': 'b\n' });
    const { report } = await scan(repo, ['--range', 'HEAD~1..HEAD']);
    expect(report.findings[0]!.occurrences[0]!.origin.type).toBe('commit-message');
  });
});

describe('the scan of what is staged', () => {
  it('finds a staged secret whose file on disk is clean', async () => {
    const repo = await newRepository();
    repo.write('a.env', `T=${githubToken(random)}\n`);
    await repo.git('add', 'a.env');
    repo.write('a.env', 'T=\n');
    const { report, code } = await scan(repo, ['--staged']);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} a.env:1`]);
    expect(code).toBe(1);
  });

  it('passes when what is staged is clean and only the file on disk has a secret', async () => {
    const repo = await newRepository();
    repo.write('a.env', 'T=\n');
    await repo.git('add', 'a.env');
    repo.write('a.env', `T=${githubToken(random)}\n`);
    const { report, code } = await scan(repo, ['--staged']);
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
  });

  it('says nothing and passes when nothing is staged', async () => {
    const repo = await newRepository();
    const { code, stdout, stderr } = await leakgate(['git', '--staged', '--quiet'], { cwd: repo.dir });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
