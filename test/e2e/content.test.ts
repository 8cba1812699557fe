import { afterEach, describe, expect, it } from 'vitest';
import { foundAt, leakgate, leakgateJson } from '../support/cli.ts';
import { makeFolder, type TestFolder } from '../support/folder.ts';
import { mixedText, prose, seeded } from '../support/random.ts';
import { ed25519Key, githubToken, npmToken, password } from '../support/tokens.ts';

const random = seeded(20_001);
const folders: TestFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** Scans one file as a user would. */
const scanFile = async (name: string, bytes: Buffer | string) => {
  const folder = makeFolder({ [name]: bytes });
  folders.push(folder);
  return leakgateJson(['dir', '.'], { cwd: folder.dir });
};

const TOKEN_RULE = 'github-classic-pat';
const ESC = '\u001b';

const utf16 = (text: string, order: 'le' | 'be', mark: boolean): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'be' ? bytes.swap16() : bytes;
};

describe('a secret is found wherever it stands in a file:', () => {
  it('in package-lock.json', async () => {
    const lock = { name: 'web', packages: { a: { resolved: `https://${githubToken(random)}@git.example.org/a.tgz` } } };
    const { report, code } = await scanFile('package-lock.json', JSON.stringify(lock, null, 2));
    expect(foundAt(report)).toContain(`${TOKEN_RULE} package-lock.json:5`);
    expect(code).toBe(1);
  });

  it('in an SVG image', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- ${githubToken(random)} -->\n<path d="M0 0h9"/></svg>\n`;
    const { report } = await scanFile('logo.svg', svg);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} logo.svg:2`]);
  });

  it('at byte 125,000 of a single line of 185 kB', async () => {
    const filler = (length: number) => `${'var a=f(b,c);'.repeat(Math.ceil(length / 13))}`.slice(0, length - 1);
    const line = `${filler(125_000)}"${githubToken(random)}"${filler(60_000)}`;
    const { report } = await scanFile('bundle.min.js', line);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} bundle.min.js:1`]);
    expect(report.findings[0]!.occurrences[0]!.region.byteStart).toBe(125_000);
  });

  it.each([
    ['UTF-16 little-endian with a mark', 'le', true],
    ['UTF-16 big-endian with a mark', 'be', true],
    ['UTF-16 little-endian without a mark', 'le', false],
    ['UTF-16 big-endian without a mark', 'be', false],
  ] as const)('in %s', async (_, order, mark) => {
    const text = `[settings]\r\nname = web\r\ntoken = ${githubToken(random)}\r\n`;
    const { report } = await scanFile('settings.ini', utf16(text, order, mark));
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} settings.ini:3`]);
  });

  it('in a file that starts with NUL bytes', async () => {
    const bytes = Buffer.concat([Buffer.alloc(512), Buffer.from(`\n\ntoken: ${githubToken(random)}\n`)]);
    const { report } = await scanFile('memory.dump', bytes);
    expect(report.findings.map(({ rule }) => rule.id)).toEqual([TOKEN_RULE]);
  });

  it('between the bytes of a binary file', async () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
    const bytes = Buffer.concat([noise, Buffer.from([0]), Buffer.from(githubToken(random)), Buffer.from([0]), noise]);
    const { report } = await scanFile('app.bin', bytes);
    expect(report.findings.map(({ rule }) => rule.id)).toEqual([TOKEN_RULE]);
  });

  it('when the secret contains the word "false"', async () => {
    const value = `${mixedText(random, 10)}false${mixedText(random, 9)}`;
    const { report } = await scanFile('app.env', `DB_PASSWORD=${value}\n`);
    expect(foundAt(report)).toEqual(['generic-secret app.env:1']);
  });

  it('with colour codes right before it and inside it', async () => {
    const token = githubToken(random);
    const colour = `${ESC}[32m`;
    const log = `ok\n${colour}${token}${ESC}[0m done\n${githubToken(random).replace(/^.{12}/, `$&${ESC}[1;31m`)}\n`;
    const { report } = await scanFile('build.log', log);
    expect(foundAt(report)).toEqual([`${TOKEN_RULE} build.log:2`, `${TOKEN_RULE} build.log:3`]);
  });

  it('in base64 once and twice, as one secret with its chain', async () => {
    const token = githubToken(random);
    const once = Buffer.from(`token=${token}\n`).toString('base64');
    const twice = Buffer.from(once).toString('base64');
    const { report } = await scanFile('values.yaml', `a: ${once}\nb: ${twice}\n`);
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]!.occurrences.map(({ chain }) => chain)).toEqual([['base64'], ['base64', 'base64']]);
  });

  it('in base64 inside JSON inside UTF-16', async () => {
    const encoded = Buffer.from(`x ${npmToken(random)} y`).toString('base64');
    const { report } = await scanFile('deep.json', utf16(JSON.stringify({ a: encoded }), 'le', true));
    expect(report.findings.map(({ rule }) => rule.id)).toEqual(['npm-access-token']);
  });

  it('as a private key on one line with escaped line ends', async () => {
    const { report } = await scanFile('account.json', JSON.stringify({ private_key: [ed25519Key(), ''].join('\n') }));
    expect(report.findings.map(({ rule }) => rule.id)).toEqual(['private-key']);
  });

  it('at the very end of a large file and across a window of any size', async () => {
    const text = prose(random, 9_000_000);
    const token = githubToken(random);
    const { report } = await scanFile('big.txt', `${text}${token}`);
    expect(report.findings.map(({ rule }) => rule.id)).toEqual([TOKEN_RULE]);
    expect(report.findings[0]!.occurrences[0]!.region.byteStart).toBe(Buffer.byteLength(text));
  });
});

describe('what is no secret is not reported:', () => {
  it('ordinary prose and code', async () => {
    const { report, code } = await scanFile('notes.txt', prose(random, 200_000));
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
  });

  it('placeholders, references and lookups', async () => {
    const lines = [
      'DB_PASSWORD=changeme',
      'API_KEY=${API_KEY}',
      'token: vault:secret/data/app#token',
      'password = os.environ["DB_PASSWORD"]',
      'client_secret: <your-client-secret>',
      'SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxx',
    ];
    const { report, code } = await scanFile('sample.env', `${lines.join('\n')}\n`);
    expect(foundAt(report)).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('what a finding says', () => {
  it('never holds the secret, in no format and no message', async () => {
    const [token, secret] = [githubToken(random), password(random)];
    const folder = makeFolder({ 'a.env': `T=${token}\nDB_PASSWORD=${secret}\n`, [`${token}.txt`]: `${token}\n` });
    folders.push(folder);
    for (const format of ['text', 'json', 'jsonl', 'sarif']) {
      const { stdout, stderr, code } = await leakgate(['dir', '.', '-f', format, '--explain', '--verbose'], {
        cwd: folder.dir,
      });
      expect(code).toBe(1);
      for (const text of [stdout, stderr]) {
        expect(text).not.toContain(token);
        expect(text).not.toContain(secret);
      }
    }
  });
});
