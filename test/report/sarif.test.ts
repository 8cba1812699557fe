import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Log, Result, Run } from 'sarif';
import { afterAll, describe, expect, test } from 'vitest';
import type { ReportOptions } from '../../src/report/index.ts';
import type { ScanResult } from '../../src/types.ts';
import { commit, located, random, randomToken, region, withCompanion } from '../findings/sample.ts';
import { render, scan, scanOf } from './sample.ts';

/** Folder of the multitool for this platform: it brings the official schema and a validator with GitHub's rules. */
const multitoolDirectory = (): string | undefined => {
  try {
    return dirname(
      createRequire(import.meta.url).resolve(`@microsoft/sarif-multitool-${process.platform}/package.json`),
    );
  } catch {
    return undefined;
  }
};

const directory = multitoolDirectory();
const schemaFile = directory === undefined ? '' : join(directory, 'sarif-2.1.0.json');
const binary =
  directory === undefined
    ? ''
    : join(directory, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool');
const temporary = mkdtempSync(join(tmpdir(), 'leakgate-sarif-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Installed without its install script the binary isn't executable; a copy is. */
const executable = (): string => {
  try {
    accessSync(binary, constants.X_OK);
    return binary;
  } catch {
    const copy = join(temporary, 'Sarif.Multitool');
    if (!existsSync(copy)) copyFileSync(binary, copy);
    chmodSync(copy, 0o755);
    return copy;
  }
};

const multitoolComplaints = (sarif: string): string[] => {
  const input = join(temporary, 'report.sarif');
  const output = join(temporary, 'validation.sarif');
  writeFileSync(input, sarif);
  rmSync(output, { force: true });
  const args = ['validate', input, '--rule-kind', 'Sarif;Ghas', '--output', output, '--log', 'ForceOverwrite'];
  const { status, stdout, stderr } = spawnSync(executable(), args, { encoding: 'utf8' });
  if (!existsSync(output)) throw new Error(`validator failed (${status}): ${stdout}${stderr}`);
  const log: Log = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, ''));
  return log.runs.flatMap(({ results = [] }) => results.map(({ ruleId, level }) => `${ruleId} ${level ?? 'warning'}`));
};

const schemaErrors = (sarif: string): unknown => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
  return validate(JSON.parse(sarif)) ? null : validate.errors;
};

const oid = 'c'.repeat(40);

const hostile = (): ScanResult =>
  scan(
    [
      located('"quoted"\n\x1b[0m [x](y) #\udcff', { reasons: ['see [this](https://evil.example)'] }),
      located(
        '--flag',
        {},
        { origin: { type: 'blob', oid }, commit: commit({ authorName: '\ud800' }), reach: 'unreachable' },
      ),
      located('key.pem', { identity: 'spki:1', region: { ...region(), endLine: 9, endColumn: 1 } }),
      { match: located('').match, origin: { type: 'commit-message', oid }, reach: 'history only' },
      { match: located('').match, origin: { type: 'tag-message', oid } },
      located('id', { ruleId: 'acme-account', chain: ['base64'] }),
      located('pair', withCompanion()),
      located('generic', { ruleId: 'generic', severity: 'low', confidence: 'low' }),
    ],
    {
      complete: false,
      skipped: [
        { reason: 'missing object', where: 'abc\udcff', incomplete: true, detail: 'gone' },
        { reason: 'excluded', where: '', incomplete: false },
      ],
      skippedCounts: { 'missing object': 1, excluded: 7 },
    },
  );

const runOf = (result: ScanResult, fields: Partial<ReportOptions> = {}): Run & { results: Result[] } => {
  const log: Log = JSON.parse(render('sarif', result, fields));
  const [run] = log.runs;
  if (run?.results === undefined || log.runs.length !== 1) throw new Error('not one run with results');
  return { ...run, results: run.results };
};

const uriOf = (result: Result | undefined): string | undefined =>
  result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;

describe.skipIf(!existsSync(schemaFile))('SARIF against the official schema', () => {
  test.each([
    ['nothing found', () => scan([]), {}],
    ['hostile input', hostile, {}],
    ['suppressed findings included', hostile, { includeSuppressed: true }],
  ])('fits: %s', (_, make, fields) => {
    expect(schemaErrors(render('sarif', make(), fields))).toBeNull();
  });

  test('the schema refuses a broken one', () => {
    expect(schemaErrors(render('sarif', hostile()).replace('"results"', '"rezults"'))).not.toBeNull();
  });
});

describe.skipIf(!existsSync(binary) || process.arch !== 'x64')(
  "SARIF against Microsoft's validator with GitHub's rules",
  () => {
    test('it complains of nothing', () => {
      expect(multitoolComplaints(render('sarif', scan([])))).toEqual([]);
      expect(multitoolComplaints(render('sarif', hostile(), { includeSuppressed: true }))).toEqual([]);
    });

    test('it does complain when there is reason', () => {
      const broken = render('sarif', hostile()).replace('"help":', '"properties2":');
      expect(multitoolComplaints(broken)).not.toEqual([]);
    });
  },
);

describe('SARIF report', () => {
  test('has one result for a secret in a path, with all its places there', () => {
    const secret = randomToken();
    const { results } = runOf(
      scan([
        located('a', { secret, region: region(3) }),
        located('a', { secret, region: region(1) }),
        located('b', { secret }),
        located('b'),
      ]),
    );
    expect(results.map((result) => [uriOf(result), result.locations?.length])).toEqual(
      expect.arrayContaining([
        ['a', 2],
        ['b', 1],
        ['b', 1],
      ]),
    );
    expect(results).toHaveLength(3);
    const inA = results.find((result) => uriOf(result) === 'a');
    expect(inA?.locations?.map((location) => location.physicalLocation?.region?.startLine)).toEqual([1, 3]);
    expect(inA?.properties?.places).toBe(3);
  });

  test('the companion of a secret is a property, masked, and a location beside it', () => {
    const { id, ...fields } = withCompanion();
    const sarif = render('sarif', scan([located('a', fields)]));
    expect(sarif).not.toContain(id);
    const { results } = runOf(scan([located('a', fields)]));
    expect(results[0]?.properties?.companion).toMatch(/^Acme account id \S+$/);
    expect(results[0]?.locations?.map(({ physicalLocation }) => physicalLocation?.region?.startLine)).toEqual([8, 7]);
    expect(results[0]?.locations?.[1]?.message?.text).toBe('Acme account id, which belongs to it');
  });

  test('fingerprints name secret and path, not line or commit', () => {
    const secret = randomToken();
    const prints = (path: string, line: number, value = secret) =>
      runOf(scan([located(path, { secret: value, region: region(line) })])).results[0]?.partialFingerprints;
    const print = prints('a', 1);
    expect(print?.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/);
    expect(print?.['leakgate/v1']).toMatch(/^[0-9a-f]{64}$/);
    expect(prints('a', 99)).toEqual(print);
    expect(prints('b', 1)).not.toEqual(print);
    expect(prints('a', 1, randomToken())).not.toEqual(print);
  });

  test('the first sentence names the rule, where it stands and the redacted value', () => {
    const where = { origin: { type: 'blob', oid }, commit: commit({ oid }), reach: 'history only' } as const;
    const [result] = runOf(scan([located('a', { details: { account: 'x1' }, chain: ['base64'] }, where)])).results;
    expect(result?.message.text).toMatch(
      /^Acme access token in history only \(acme_\*+\)\. First commit cccccccc on 2024-03-01\./,
    );
    expect(result?.properties).toMatchObject({
      reach: 'history only',
      firstCommit: { id: oid, authorName: 'Jo Doe', authorDate: '2024-03-01T10:00:00+01:00' },
      places: 1,
      confidence: 'high',
      chain: ['base64'],
      details: { account: 'x1' },
    });
    expect(JSON.stringify(result)).not.toContain('jo@example.org');
  });

  test('levels and security severities follow severity; what is no secret is a note', () => {
    const run = runOf(hostile());
    const levels = new Map(run.results.map((result) => [uriOf(result), result.level]));
    expect([levels.get('--flag'), levels.get('id'), levels.get('generic')]).toEqual(['error', 'note', 'note']);
    const severities = run.tool.driver.rules?.map(({ id, properties }) => [id, properties?.['security-severity']]);
    expect(severities).toEqual([
      ['acme-account', '1.0'],
      ['acme-token', '8.0'],
      ['generic', '5.5'],
    ]);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules?.[ruleIndex ?? -1]?.id).toBe(ruleId);
  });

  test('paths are encoded, messages have a stable made-up path', () => {
    const uris = runOf(hostile()).results.map(uriOf);
    expect(uris).toContain('%22quoted%22%0A%1B%5B0m%20%5Bx%5D%28y%29%20%23%FF');
    expect(uris).toContain(`commit/${oid}/message`);
    expect(uris).toContain(`tag/${oid}/message`);
  });

  test('text of rules and reasons forms no link', () => {
    for (const { message } of runOf(hostile()).results) expect(message.text).not.toMatch(/\]\(/);
  });

  test('says what was not read, and that the scan is incomplete', () => {
    const [invocation] = runOf(hostile()).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text])).toEqual([
      ['error', 'Not read, missing object: abc\ufffd (gone).'],
      ['warning', 'Not read, excluded.'],
      ['warning', '6 more entries were not read; the receipt counts them.'],
    ]);
    expect(runOf(scan([])).invocations?.[0]).toMatchObject({ executionSuccessful: true, exitCode: 0 });
    expect(runOf(scan([])).properties?.receipt).toMatchObject({ items: 1234, complete: true });
  });

  test('leaves out what does not count unless asked, and then says why for every result', () => {
    const active = scan([located('a')]).findings;
    const others = (['allowed', 'baseline', 'pre-existing'] as const).flatMap((status) =>
      scan([located(status)]).findings.map((finding) => ({ ...finding, status })),
    );
    const result = scanOf([...active, ...others]);
    const plain = runOf(result).results;
    expect(plain.map(uriOf)).toEqual(['a']);
    expect(plain[0]).not.toHaveProperty('suppressions');
    const suppressed = runOf(result, { includeSuppressed: true }).results;
    expect(suppressed.map(({ suppressions }) => suppressions?.length)).toEqual([0, 1, 1, 1]);
  });

  test('uploads of different scans have different categories', () => {
    expect(runOf(scan([], { mode: 'history' })).automationDetails?.id).toBe('leakgate/history/');
    expect(runOf(scan([]), { category: 'nightly' }).automationDetails?.id).toBe('nightly/');
  });

  test("keeps to GitHub's limits of results and locations, and says so", () => {
    const secret = randomToken();
    const places = Array.from({ length: 1500 }, (_, index) => located('a', { secret, region: region(index + 1) }));
    expect(runOf(scan(places)).results[0]?.locations).toHaveLength(1000);

    const paths = Array.from({ length: 25_010 }, (_, index) => located(`f${index}`, { secret }));
    const critical = located('worst', { severity: 'critical' });
    const run = runOf(scan([...paths, critical]));
    expect(run.results).toHaveLength(25_000);
    expect(uriOf(run.results[0])).toBe('worst');
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain('11 results');
  });

  test('bounds the texts of rules', () => {
    const [finding] = scan([located('a')]).findings;
    if (finding === undefined) throw new Error('no finding');
    const rule = { ...finding.rule, name: random(3000), description: '🔑'.repeat(3000) };
    const [descriptor] = runOf(scanOf([{ ...finding, rule }])).tool.driver.rules ?? [];
    expect(descriptor?.name).toHaveLength(255);
    expect(descriptor?.shortDescription?.text.length).toBeLessThanOrEqual(1024);
    expect(descriptor?.fullDescription?.text).toMatch(/^(?:🔑)+…$/u);
  });

  test('never holds the secret, even when other formats are told to', () => {
    const secret = randomToken();
    expect(render('sarif', scan([located('a', { secret })]), { showSecrets: true })).not.toContain(secret);
  });
});
