import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundAt, type JsonReport, leakgate, leakgateJson } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { seeded } from '../support/random.ts';
import { ed25519Key, githubToken, password } from '../support/tokens.ts';

const random = seeded(20_006);
const TOKEN_RULE = 'github-classic-pat';
let repo: TestRepository;

beforeAll(async () => {
  repo = await makeRepository();
  await repo.commitFiles('start', { 'README.md': '# app\n', '.gitattributes': '*.conf binary -diff\n' });
  await repo.commitFiles(`Ship ${githubToken(random)}`, {
    'a.conf': `token ${githubToken(random)}\n`,
    'INIT.env': `DB_PASSWORD=${password(random)}\n`,
    'keys/id.pem': `${ed25519Key()}\n`,
  });
  await repo.commitFiles('move', { 'a.conf': 'token\n', 'b.env': `T=${githubToken(random)}\nMODE=x\n` });
  repo.write('staged.env', `T=${githubToken(random)}\n`);
  await repo.git('add', 'staged.env');
});
afterAll(() => repo.remove());

const MODES = [['git'], ['git', '--range', 'HEAD~2..HEAD'], ['git', '--staged'], ['dir', '.'], ['.']] as const;

/** Everything a report says that time does not change. */
const facts = ({ findings, receipt, gate }: JsonReport) => {
  const { durationMs: _, ...rest } = receipt as JsonReport['receipt'] & { durationMs: number };
  return { findings, receipt: rest, gate };
};

const scanAll = async (env: Readonly<Record<string, string | undefined>>, extra: readonly string[] = []) => {
  const reports: unknown[] = [];
  for (const mode of MODES)
    reports.push(facts((await leakgateJson([...mode, ...extra], { cwd: repo.dir, env })).report));
  return reports;
};

let usual: unknown[];
beforeAll(async () => {
  usual = await scanAll({});
  expect(usual.map((report) => (report as JsonReport).findings.length)).toEqual([6, 5, 1, 4, 6]);
});

/** A git configuration through the environment, as `git -c` hands it to hooks. */
const configured = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(Object.keys(settings).length)],
    ...Object.entries(settings).flatMap(([name, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, name],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]) as Record<string, string>;

describe('the report stays the same to the byte with', () => {
  it.each([
    ['colours forced', { 'color.ui': 'always', 'color.diff': 'always', 'color.status': 'always' }],
    ['other prefixes', { 'diff.noprefix': 'true', 'diff.mnemonicPrefix': 'true' }],
    [
      'renames and an external diff',
      { 'diff.renames': 'copies', 'diff.external': 'false', 'diff.algorithm': 'patience' },
    ],
    ['quoted paths, NUL-less output and a pager', { 'core.quotePath': 'true', 'core.pager': 'false' }],
    ['other encodings and signatures', { 'i18n.logOutputEncoding': 'ISO-8859-1', 'log.showSignature': 'true' }],
    ['another abbreviation and date', { 'core.abbrev': '4', 'log.date': 'relative', 'format.pretty': 'oneline' }],
    ['line ends converted', { 'core.autocrlf': 'true', 'core.safecrlf': 'true' }],
    ['case ignored and precomposed names', { 'core.ignoreCase': 'true', 'core.precomposeUnicode': 'true' }],
  ])('a git configuration of %s', async (_, settings) => {
    expect(await scanAll(configured(settings))).toEqual(usual);
  });

  it.each(['tr_TR.UTF-8', 'de_DE.ISO-8859-1', 'ja_JP.eucJP', 'nowhere_XX', 'POSIX'])(
    'the locale %s',
    async (locale) => {
      expect(await scanAll({ LC_ALL: locale, LANG: locale, LANGUAGE: locale })).toEqual(usual);
    },
  );

  it('variables that make git trace, page or replace', async () => {
    const env = {
      GIT_TRACE: '1',
      GIT_PAGER: 'false',
      GIT_EXTERNAL_DIFF: 'false',
      GIT_NOGLOB_PATHSPECS: '1',
      TZ: 'Asia/Tokyo',
    };
    expect(await scanAll(env)).toEqual(usual);
  });

  it('one thread and two', async () => {
    expect(await scanAll({}, ['--jobs', '1'])).toEqual(usual);
    expect(await scanAll({}, ['--jobs', '2'])).toEqual(usual);
  });

  it('a git without a user, a home or a configuration', async () => {
    expect(await scanAll({ HOME: '/nonexistent', XDG_CONFIG_HOME: undefined })).toEqual(usual);
  });

  it('a start from a folder below the top, for what git holds', async () => {
    const { report } = await leakgateJson(['git'], { cwd: `${repo.dir}/keys` });
    expect(report.findings).toEqual((usual[0] as JsonReport).findings);
  });
});

describe('file names that are hard to handle', () => {
  const NAMES: readonly (readonly [string, Buffer, string])[] = [
    ['a line end', Buffer.from('new\nline.env'), 'new%0Aline.env'],
    [
      'quotes and a backslash',
      Buffer.from(`"double" 'single' \\back.env`),
      '%22double%22%20%27single%27%20%5Cback.env',
    ],
    ['bytes that are not UTF-8', Buffer.from([0x66, 0xe9, 0xff, 0x2e, 0x65, 0x6e, 0x76]), 'f%E9%FF.env'],
    ['a leading dash', Buffer.from('--output=x.env'), '--output%3Dx.env'],
    ['a leading colon, as of a pathspec', Buffer.from(':(glob)star.env'), '%3A%28glob%29star.env'],
    ['a terminal escape', Buffer.from('\u001b[31mred.env'), '%1B%5B31mred.env'],
    ['spaces and emoji', Buffer.from(' späce 🔑.env'), '%20sp%C3%A4ce%20%F0%9F%94%91.env'],
  ];
  let odd: TestRepository;
  beforeAll(async () => {
    odd = await makeRepository();
    await odd.commitFiles('start', { 'README.md': '# app\n' });
    for (const [, name] of NAMES) odd.write(name, `T=${githubToken(random)}\n`);
    await odd.git('add', '-A');
  });
  afterAll(() => odd.remove());

  const decoded = (uri: string) =>
    uri.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const expected = NAMES.map(([, name]) => name.toString('latin1')).sort();

  it.each([
    ['--staged', ['git', '--staged']],
    ['dir', ['dir', '.']],
    ['dir with each name after --', ['dir', '--']],
  ])('are scanned by %s and reported exactly', async (_, args) => {
    const paths = args.at(-1) === '--' ? NAMES.flatMap(([, name]) => (isUtf8(name) ? [name.toString()] : [])) : [];
    // Options come before the paths.
    const { stdout } = await leakgate([args[0]!, '-f', 'json', ...args.slice(1), ...paths], { cwd: odd.dir });
    const report = JSON.parse(stdout) as JsonReport;
    const uris = report.findings.map(({ occurrences }) => decoded(occurrences[0]!.uri)).sort();
    const wanted = paths.length > 0 ? expected.filter((name) => isUtf8(Buffer.from(name, 'latin1'))) : expected;
    expect(uris).toEqual(wanted);
  });

  it('are found in the history and named in the text report without acting on the terminal', async () => {
    await odd.git('commit', '-q', '-m', 'odd names');
    const { report } = await leakgateJson(['git'], { cwd: odd.dir });
    expect(report.findings.map(({ occurrences }) => decoded(occurrences[0]!.uri)).sort()).toEqual(expected);
    const { stdout } = await leakgate(['git', '--no-color', '--verbose'], { cwd: odd.dir });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(stdout).toContain('red.env');
  });

  it('are found by a range', async () => {
    const { report, code } = await leakgateJson(['git', '--range', 'HEAD~1..HEAD'], { cwd: odd.dir });
    expect(report.findings.map(({ occurrences }) => decoded(occurrences[0]!.uri)).sort()).toEqual(expected);
    expect(code).toBe(1);
  });

  const isUtf8 = (name: Buffer) => Buffer.from(name.toString()).equals(name);
});

describe('a repository is read as it is:', () => {
  it('replaced objects and grafts hide nothing', async () => {
    const other = await makeRepository();
    try {
      await other.commitFiles('start', { 'a.env': `T=${githubToken(random)}\n` });
      const clean = (await other.feed('T=\n', 'hash-object', '-w', '--stdin')).toString().trim();
      await other.git('replace', await other.id('HEAD:a.env'), clean);
      const { report } = await leakgateJson(['git'], { cwd: other.dir });
      expect(foundAt(report)).toEqual([`${TOKEN_RULE} a.env:1`]);
    } finally {
      await other.remove();
    }
  });

  it('no program that the repository names is started', async () => {
    const other = await makeRepository();
    try {
      const mark = other.beside('started');
      const command = `touch '${mark}'`;
      await other.commitFiles('start', { '.gitattributes': '* filter=evil diff=evil\n', 'a.env': 'A=1\n' });
      for (const name of [
        'core.fsmonitor',
        'filter.evil.clean',
        'filter.evil.smudge',
        'filter.evil.process',
        'diff.evil.textconv',
        'diff.evil.command',
        'core.pager',
        'core.sshCommand',
      ]) {
        await other.git('config', name, command);
      }
      for (const mode of MODES) await leakgate([...mode], { cwd: other.dir });
      await leakgate(['git', '--range', 'HEAD..HEAD'], { cwd: other.dir });
      expect(() => execFileSync('ls', [mark], { stdio: 'ignore' })).toThrow();
    } finally {
      await other.remove();
    }
  });
});
