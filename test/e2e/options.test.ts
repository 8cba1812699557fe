import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { foundAt, type JsonReport, leakgate, leakgateJson } from '../support/cli.ts';
import { makeFolder, type TestFolder } from '../support/folder.ts';
import { mixedText, seeded } from '../support/random.ts';
import { ed25519Key, githubToken, password, stripeKey } from '../support/tokens.ts';

const random = seeded(20_007);
const folders: TestFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const newFolder = (files: Readonly<Record<string, Buffer | string>>): TestFolder => {
  const folder = makeFolder(files);
  folders.push(folder);
  return folder;
};

/** A token that is critical and sure, and a password that is high and less sure. */
const twoFindings = () =>
  newFolder({ 'token.env': `T=${githubToken(random)}\n`, 'sub/app.env': `DB_PASSWORD=${password(random)}\n` });

describe('exit codes:', () => {
  it('0 when nothing is found, with a receipt that says what was read', async () => {
    const { code, stdout, stderr } = await leakgate(['dir', '.'], { cwd: newFolder({ 'a.txt': 'hello\n' }).dir });
    expect(stdout).toMatch(/^No secrets found\.\nScanned .* 1 item .*6 B/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('1 when something is found, 0 for the same with --exit-zero', async () => {
    const { dir } = twoFindings();
    const codes = [(await leakgate(['dir', '.'], { cwd: dir })).code];
    codes.push((await leakgate(['dir', '.', '--exit-zero'], { cwd: dir })).code);
    expect(codes).toEqual([1, 0]);
  });

  it('3 stays under --exit-zero, and goes with its reason under --allow-incomplete only', async () => {
    const { dir } = newFolder({});
    const run = async (...args: string[]) => (await leakgate(['dir', '.', ...args], { cwd: dir })).code;
    expect(await run()).toBe(3);
    expect(await run('--exit-zero')).toBe(3);
    expect(await run('--allow-incomplete', 'shallow clone')).toBe(3);
    expect(await run('--allow-incomplete', 'nothing scanned')).toBe(0);
    expect(await run('--allow-incomplete', 'shallow clone', '--allow-incomplete', 'nothing-scanned')).toBe(0);
  });
});

describe('what is reported and what blocks:', () => {
  it('--fail-on lets lower findings pass but shows them', async () => {
    const { dir } = newFolder({ 'app.env': `DB_PASSWORD=${password(random)}\n` });
    const { code, report } = await leakgateJson(['dir', '.', '--fail-on', 'critical'], { cwd: dir });
    expect(report.findings.map(({ blocking }) => blocking)).toEqual([false]);
    expect(code).toBe(0);
    const strict = await leakgate(['dir', '.', '--fail-on', 'high'], { cwd: dir });
    expect(strict.code).toBe(1);
  });

  it('--min-confidence leaves out what is less sure', async () => {
    const { dir } = twoFindings();
    const { report } = await leakgateJson(['dir', '.', '--min-confidence', 'high'], { cwd: dir });
    expect(foundAt(report)).toEqual(['github-classic-pat token.env:1']);
  });

  it('--only runs these rules alone, and names an unknown one', async () => {
    const { dir } = twoFindings();
    const { report } = await leakgateJson(['dir', '.', '--only', 'generic-secret', '--only', 'private-key'], {
      cwd: dir,
    });
    expect(foundAt(report)).toEqual(['generic-secret sub/app.env:1']);
    const { code, stderr } = await leakgate(['dir', '.', '--only', 'github-clasic-pat'], { cwd: dir });
    expect(stderr).toContain('did you mean "github-');
    expect(code).toBe(2);
  });

  it('--exclude leaves paths out and counts them', async () => {
    const { dir } = twoFindings();
    const { report } = await leakgateJson(['dir', '.', '--exclude', 'sub/**', '--exclude', '*.md'], { cwd: dir });
    expect(foundAt(report)).toEqual(['github-classic-pat token.env:1']);
    expect(report.receipt.skippedCounts).toHaveProperty('excluded');
    expect(report.receipt.complete).toBe(true);
  });

  it('--rules adds rules, and replaces one with the same id', async () => {
    const rule = (id: string, name: string, shape: string) =>
      `provider: Acme\nrules:\n  - id: ${id}\n    name: ${name}\n    kind: secret\n    severity: low\n    confidence: high\n    shape: "${shape}"\n`;
    const folder = newFolder({
      'a.txt': `x acme_${mixedText(random, 18)} y\n`,
      'b.txt': `T=${githubToken(random)}\n`,
      'more/acme.yaml': rule('acme-token', 'Acme token', "'acme_' base62{18}"),
      'other/github.yaml': rule('github-classic-pat', 'Never', "'neverthere' base62{18}"),
    });
    const added = await leakgateJson(['dir', 'a.txt', 'b.txt', '--rules', 'more'], { cwd: folder.dir });
    expect(foundAt(added.report)).toEqual(['acme-token a.txt:1', 'github-classic-pat b.txt:1']);
    const replaced = await leakgateJson(['dir', 'b.txt', '--only', 'github-classic-pat', '--rules', 'other'], {
      cwd: folder.dir,
    });
    expect(replaced.report.findings).toEqual([]);
  });

  it('--config sets what the command line does not, and the command line wins', async () => {
    const folder = twoFindings();
    folder.write('leakgate.yaml', 'fail-on: critical\nexclude: ["token.env"]\ndisable: [private-key]\n');
    const set = await leakgateJson(['dir', '.', '--config', 'leakgate.yaml'], { cwd: folder.dir });
    expect(foundAt(set.report)).toEqual(['generic-secret sub/app.env:1']);
    expect(set.code).toBe(0);
    const won = await leakgate(['dir', '.', '--config', 'leakgate.yaml', '--fail-on', 'low'], { cwd: folder.dir });
    expect(won.code).toBe(1);
  });

  it('a configuration that merely lies there changes nothing', async () => {
    const folder = twoFindings();
    for (const name of ['leakgate.yaml', '.leakgate.yaml', '.leakgate.yml']) folder.write(name, 'exclude: ["**"]\n');
    const { report } = await leakgateJson(['dir', '.'], { cwd: folder.dir });
    expect(report.findings).toHaveLength(2);
  });

  it('--explain lists what was refused and why', async () => {
    const { dir } = newFolder({ 'a.env': 'DB_PASSWORD=changeme\n' });
    const { stdout, code } = await leakgate(['dir', '.', '--explain'], { cwd: dir });
    expect(stdout).toMatch(/Judged not to be secrets\n {2}a\.env:1 {2}generic-secret {2}\S/);
    expect(code).toBe(0);
    expect((await leakgate(['dir', '.'], { cwd: dir })).stdout).not.toContain('generic-secret');
  });

  it('--quiet prints nothing when there is nothing to say, and the findings when there are some', async () => {
    const clean = newFolder({ 'a.txt': 'a\n' });
    const { code, stdout, stderr } = await leakgate(['dir', '.', '--quiet'], { cwd: clean.dir });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const leaky = await leakgate(['dir', '.', '-q'], { cwd: twoFindings().dir });
    expect(leaky.stdout).toContain('github-classic-pat');
    const empty = await leakgate(['dir', '.', '-q'], { cwd: newFolder({}).dir });
    expect(empty.stdout).toContain('INCOMPLETE');
  });

  it('--jobs 1 and 2 give the same report for a tree of many files', async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 900; n++)
      files[`d${n % 7}/f${n}.env`] = n % 30 === 0 ? `T=${githubToken(random)}\n` : `N=${n}\n`;
    const { dir } = newFolder(files);
    const [one, two] = [
      await leakgateJson(['dir', '.', '--jobs', '1', '--explain'], { cwd: dir }),
      await leakgateJson(['dir', '.', '-j', '2', '--explain'], { cwd: dir }),
    ];
    const stable = (stdout: string) => stdout.replace(/"durationMs":\d+/, '');
    expect(one.report.findings).toHaveLength(30);
    expect(stable(two.stdout)).toBe(stable(one.stdout));
  });

  it('a path may come after --, and begin with a dash', async () => {
    const { dir } = newFolder({
      '-token.env': `T=${githubToken(random)}\n`,
      'other.env': `T=${githubToken(random)}\n`,
    });
    const { stdout } = await leakgate(['dir', '-f', 'json', '--', '-token.env'], { cwd: dir });
    expect(foundAt(JSON.parse(stdout) as JsonReport)).toEqual(['github-classic-pat -token.env:1']);
  });
});

describe('formats:', () => {
  it('each can go to a file, several at once, beside the text on standard output', async () => {
    const folder = twoFindings();
    const formats = ['sarif=out.sarif', 'json=out.json', 'jsonl=out.jsonl', 'text=out.txt', 'text'].flatMap((one) => [
      '-f',
      one,
    ]);
    const { code, stdout } = await leakgate(['dir', 'token.env', 'sub', ...formats], { cwd: folder.dir });
    const read = (name: string) => readFileSync(folder.path(name), 'utf8');
    expect(code).toBe(1);
    expect(stdout).toContain('github-classic-pat');
    expect(JSON.parse(read('out.sarif'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{}, {}] }] });
    expect(JSON.parse(read('out.json'))).toMatchObject({ findings: [{}, {}], gate: { exitCode: 1 } });
    const lines = read('out.jsonl').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['finding', 'finding', 'receipt']);
    expect(read('out.txt')).toContain('token.env:1:3');
  });

  it.each(['sarif', 'json'])('%s on standard output is one valid document, with nothing beside it', async (format) => {
    const { stdout, stderr } = await leakgate(['dir', '.', '--format', format], { cwd: twoFindings().dir });
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toBe('');
  });

  it('an unknown one, a file that can not be written, and two for one output are refused before the scan', async () => {
    const { dir } = twoFindings();
    const run = async (...args: string[]) => {
      const { code, stderr, stdout } = await leakgate(['dir', '.', ...args], { cwd: dir });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await run('-f', 'xml')).toContain('text, sarif, json, jsonl');
    expect(await run('-f', 'json=gone/out.json')).toContain('gone/out.json');
    expect(await run('-f', 'json=')).toContain("can't be written");
    expect(await run('-f', 'json', '-f', 'sarif')).toContain('only one report');
    expect(await run('-f')).toMatch(/^leakgate: Not enough arguments following: f/);
  });

  it('colours are for terminals, for FORCE_COLOR and --color; NO_COLOR and --no-color win over the first two', async () => {
    const { dir } = twoFindings();
    const colours = async (env: Record<string, string>, ...args: string[]) =>
      (await leakgate(['dir', '.', ...args], { cwd: dir, env })).stdout.includes('\u001b[');
    expect(await colours({})).toBe(false);
    expect(await colours({ FORCE_COLOR: '1' })).toBe(true);
    expect(await colours({}, '--color')).toBe(true);
    expect(await colours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await colours({ FORCE_COLOR: '1' }, '--no-color')).toBe(false);
  });
});

describe('--show-secrets', () => {
  it('is refused when standard output is no terminal', async () => {
    const { dir } = twoFindings();
    const { code, stdout, stderr } = await leakgate(['dir', '.', '--show-secrets'], { cwd: dir });
    expect(stderr).toContain('--force');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('prints the secret when forced', async () => {
    const token = githubToken(random);
    const { dir } = newFolder({ 'a.env': `T=${token}\n` });
    const { stdout } = await leakgate(['dir', '.', '--show-secrets', '--force'], { cwd: dir });
    expect(stdout).toContain(token);
  });
});

describe('fingerprints', () => {
  it('are the same for the same secret wherever it stands, and others under another key', async () => {
    const token = githubToken(random);
    const { dir } = newFolder({ 'a.env': `T=${token}\n`, 'b/c.json': JSON.stringify({ moved: token }) });
    const print = async (file: string, key?: string) => {
      const env = { LEAKGATE_FINGERPRINT_KEY: key };
      return (await leakgateJson(['dir', file], { cwd: dir, env })).report.findings[0]!.fingerprint;
    };
    const first = await print('a.env');
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await print('b/c.json')).toBe(first);
    expect(await print('a.env', 'another key')).not.toBe(first);
  });
});

describe('leakgate PATH picks by itself:', () => {
  it('a folder is scanned as files, a file as a file', async () => {
    const { dir } = twoFindings();
    const folder = await leakgateJson([dir]);
    expect(folder.report.receipt).toMatchObject({ mode: 'dir', items: 2 });
    const file = await leakgateJson(['token.env'], { cwd: dir });
    expect(file.report.receipt).toMatchObject({ mode: 'dir', items: 1 });
  });
});

describe('leakgate stdin', () => {
  it('reports under the name given, and as stdin without one', async () => {
    const input = `\n${ed25519Key()}\n${stripeKey(random)}\n`;
    const named = await leakgateJson(['stdin', '--name', 'logs/web.log'], { stdin: input });
    expect(foundAt(named.report)).toEqual(['private-key logs/web.log:2', 'stripe-live-secret-key logs/web.log:5']);
    expect(named.code).toBe(1);
    const plain = await leakgateJson(['stdin'], { stdin: input });
    expect(plain.report.findings[0]!.occurrences[0]!.path).toBe('stdin');
  });
});
