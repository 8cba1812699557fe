import { describe, expect, it } from 'vitest';
import { foundAt, leakgate, leakgateJson } from '../support/cli.ts';
import { folderMaker } from '../support/folder.ts';
import { HEX, mixedText, randomText, seeded } from '../support/random.ts';

const random = seeded(50);
const newFolder = folderMaker();

/** A rule of the default set, an optional one that belongs to it, and one of another provider. */
const RULES = `provider: Acme
homepage: https://acme.test
rules:
  - id: acme-token
    name: Acme API token
    description: Reads and writes all projects of an account.
    kind: secret
    severity: high
    confidence: high
    shape: "'acmetok_' base62{32}"
    entropy: 3
    needs: [digit, upper]
    pair: acme-account
    remediation:
      revoke: https://acme.test/tokens
      docs: https://acme.test/docs
  - id: acme-account
    name: Acme account
    kind: id
    severity: low
    confidence: medium
    optional: true
    shape: "hex{24}"
    context: [acme_account]
    within: 20
`;
const OTHER = `provider: Zeta Bank
rules:
  - id: zeta-pin
    name: Zeta PIN
    kind: secret
    severity: critical
    confidence: medium
    shape: "'zetapin' digit{12}"
`;
const withRules = (files: Readonly<Record<string, string>> = {}) =>
  newFolder({ 'rules/acme.yaml': RULES, 'rules/zeta.yaml': OTHER, ...files }).dir;
const own = ['--rules', 'rules'];

const token = () => `acmetok_${mixedText(random, 32)}`;
const account = () => `7c${randomText(random, 22, HEX)}`;

describe('rules list', () => {
  const idsIn = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await leakgate(['rules', 'list', ...own, ...args], { cwd: withRules() });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]!);
  };

  it.each([
    [
      ['--provider', 'acme'],
      ['acme-account', 'acme-token'],
    ],
    [
      ['--provider', 'ACME', '--provider', 'zeta-bank'],
      ['acme-account', 'acme-token', 'zeta-pin'],
    ],
    [['acmetoken'], ['acme-token']],
    [['zeta', 'pin'], ['zeta-pin']],
    [['--provider', 'acme', '--severity', 'high'], ['acme-token']],
    [['--provider', 'acme', '--confidence', 'medium'], ['acme-account']],
    [['--provider', 'acme', '--kind', 'id'], ['acme-account']],
    [['--provider', 'acme', '--optional'], ['acme-account']],
  ])('%j names the rules that pass all of it', async (args, ids) => {
    expect(await idsIn(...args)).toEqual(ids);
  });

  it('says of each rule what matters on one line', async () => {
    const { stdout } = await leakgate(['rules', 'list', 'acme', '--provider', 'acme', ...own], { cwd: withRules() });
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['acme-account', 'low', 'medium', 'id', 'Acme account (optional)'],
      ['acme-token', 'high', 'high', 'secret', 'Acme API token'],
      [''],
    ]);
  });

  it('--json is one object a line', async () => {
    const { code, stdout } = await leakgate(['rules', 'list', '--json', '--provider', 'acme', ...own], {
      cwd: withRules(),
    });
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(objects).toMatchObject([
      { id: 'acme-account', kind: 'id', optional: true, form: 'hex{24}' },
      { id: 'acme-token', provider: 'Acme', optional: false, remediation: { revoke: 'https://acme.test/tokens' } },
    ]);
    expect(code).toBe(0);
  });

  it('has exit code 1 and says so when no rule passes', async () => {
    const result = await leakgate(['rules', 'list', '--kind', 'public', 'acme', ...own], { cwd: withRules() });
    expect(result).toEqual({ code: 1, stdout: '', stderr: 'leakgate: no rule passes this filter\n' });
  });

  it('refuses a word that it does not know for an option', async () => {
    const { code, stderr } = await leakgate(['rules', 'list', '--severity', 'lowest']);
    expect(stderr).toMatch(/severity.*lowest/s);
    expect(code).toBe(2);
  });
});

describe('rules show', () => {
  const shown = async (id: string) => (await leakgate(['rules', 'show', id, ...own], { cwd: withRules() })).stdout;

  it('says in sentences what the rule looks for and what to do', async () => {
    const text = await shown('acme-token');
    for (const line of [
      'acme-token: Acme API token',
      'Reads and writes all projects of an account.',
      '- It is a secret of Acme; a leak is of high severity.',
      "- It looks like 'acmetok_' base62{32}",
      '- The search starts at acmetok_.',
      '- A match is unmistakable (confidence high).',
      '- It has at least 3 bits of entropy a character.',
      '- It always has digit and upper.',
      '- It is used together with Acme account (acme-account); near each other they are one finding.',
      '  1. Revoke or rotate it at https://acme.test/tokens',
      'Documentation: https://acme.test/docs',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/An invented example\n {2}acmetok_[A-Za-z0-9]{32}\n/);
    expect(text).toMatch(/\n {2}2\. Make a new one/);
  });

  it('says of an optional rule of a common form how it is switched on and what has to stand before a match', async () => {
    const text = await shown('acme-account');
    expect(text).toContain('- It is not in the default set: --enable acme-account switches it on.');
    expect(text).toMatch(/one of acme_account has to stand before it on its line \(within 20 characters\)/);
    expect(text).toContain('1. Nothing: it grants nothing alone');
    expect(text).not.toContain('2.');
  });

  it('explains rules that ship', async () => {
    for (const id of ['private-key', 'generic-secret', 'aws-secret-access-key', 'github-classic-pat']) {
      const { code, stdout } = await leakgate(['rules', 'show', id]);
      expect(stdout).toMatch(new RegExp(`^${id}: .*\\n(?:.*\\n)+- It is a secret of .*\\n(?:.*\\n)+When one leaked`));
      expect(code).toBe(0);
    }
  });

  it('points to the rules like it when there is none of that id', async () => {
    const { code, stdout, stderr } = await leakgate(['rules', 'show', 'github-tok']);
    expect(stderr).toBe(
      'leakgate: no rule has the id "github-tok"\n  "leakgate rules list github" lists those like it\n',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('rules test FILE', () => {
  it('says what matched, what was refused and which rules came near', async () => {
    const secret = token();
    const text = `T=${secret}\nT=acmetok_${'x'.repeat(32)}\nzetapin: none\n`;
    const dir = withRules({ 'a.env': text });
    const { code, stdout, stderr } = await leakgate(['rules', 'test', 'a.env', ...own], { cwd: dir });
    expect(stdout).toMatch(/^match {4}a\.env:1:3 {2}acme-token {2}high {2}\S+/m);
    expect(stdout).toMatch(/^refused {2}a\.env:2 {2}acme-token {2}\S/m);
    expect(stdout).toMatch(/^no match a\.env:3 {2}zeta-pin {2}"zetapin" is there, but what stands around it is not/m);
    expect(stdout).toMatch(/^1 matched, \d+ refused, \d+ came near\n$/m);
    expect(stdout).not.toContain(secret);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('tries optional rules too', async () => {
    const dir = withRules({ 'a.env': `acme_account=${account()}\n` });
    const { stdout } = await leakgate(['rules', 'test', 'a.env', ...own], { cwd: dir });
    expect(stdout).toMatch(/^match {4}a\.env:1:14 {2}acme-account {2}medium/m);
  });

  it.each([
    ['a file that is not there', 'gone.env', 'ENOENT'],
    ['a folder', 'rules', 'EISDIR'],
  ])('is refused for %s', async (_, file, why) => {
    const { code, stdout, stderr } = await leakgate(['rules', 'test', file], { cwd: withRules() });
    expect(stderr).toBe(`leakgate: can't read ${file}: ${why}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('optional rules', () => {
  const files = () => ({
    'src/a.env': `acme_account=${account()}\n`,
    'src/b.env': `zeta=zetapin${randomText(random, 12, '0123456789')}\n`,
  });
  const scan = async (dir: string, ...args: string[]) => {
    const { code, stderr, report } = await leakgateJson(['dir', 'src', ...own, ...args], { cwd: dir });
    expect(stderr).toBe('');
    return { code, found: foundAt(report) };
  };
  const ACCOUNT = 'acme-account src/a.env:1';
  const PIN = 'zeta-pin src/b.env:1';

  it('are asleep', async () => {
    expect(await scan(withRules(files()))).toEqual({ code: 1, found: [PIN] });
  });

  it.each([
    [
      ['--enable', 'acme-account'],
      [ACCOUNT, PIN],
    ],
    [
      ['--enable', 'all'],
      [ACCOUNT, PIN],
    ],
    [['--only', 'acme-account'], [ACCOUNT]],
    [['--only', 'zeta-pin'], [PIN]],
    [['--only', 'zeta-pin', '--enable', 'all'], [PIN]],
    [['--enable', 'zeta-pin'], [PIN]],
  ])('with %j', async (args, found) => {
    expect((await scan(withRules(files()), ...args)).found).toEqual(found);
  });

  it('are woken and put to sleep by a configuration', async () => {
    const dir = withRules({
      ...files(),
      'on.yaml': 'enable: [acme-account]\n',
      'all.yaml': 'enable: [all]\ndisable: [acme-account]\n',
      'bad.yaml': 'enable: acme-account\n',
    });
    expect((await scan(dir, '--config', 'on.yaml')).found).toEqual([ACCOUNT, PIN]);
    expect((await scan(dir, '--config', 'all.yaml')).found).toEqual([PIN]);
    const bad = await leakgate(['dir', 'src', '--config', 'bad.yaml'], { cwd: dir });
    expect(bad).toMatchObject({ code: 2, stderr: 'leakgate: bad.yaml:1: "enable" must be a list of texts\n' });
  });

  it('have to be known', async () => {
    for (const option of ['--enable', '--only']) {
      const { code, stderr } = await leakgate(['dir', 'src', option, 'acme-acount', ...own], {
        cwd: withRules(files()),
      });
      expect(stderr).toMatch(/^leakgate: no rule has the id "acme-acount"\n.*did you mean "acme-/);
      expect(code).toBe(2);
    }
  });

  it('are companions of rules that are awake', async () => {
    const id = account();
    const dir = withRules({ 'src/pair.env': `acme_account=${id}\nACME_TOKEN=${token()}\n` });
    const { report } = await leakgateJson(['dir', 'src', ...own], { cwd: dir });
    const [finding, ...more] = report.findings as readonly { rule: { id: string }; companion?: { rule: string } }[];
    expect(finding).toMatchObject({
      rule: { id: 'acme-token' },
      companion: { rule: 'acme-account', name: 'Acme account' },
    });
    expect(JSON.stringify(finding)).not.toContain(id);
    expect(more).toEqual([]);
    const { stdout } = await leakgate(['dir', 'src', ...own], { cwd: dir });
    expect(stdout).toMatch(/^ {4}with +Acme account \S+$/m);
    expect(stdout).not.toContain(id);
  });
});
