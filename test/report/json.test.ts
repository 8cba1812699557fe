import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { FORMATS, isFormat } from '../../src/report/index.ts';
import type { ScanResult } from '../../src/types.ts';
import { commit, located, randomToken, withCompanion } from '../findings/sample.ts';
import { render, scan } from './sample.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ allErrors: true });
ajv.addSchema(schema, 'report');

const errorsOf = (value: unknown, definition = ''): unknown => {
  const validate = ajv.getSchema(`report#${definition}`);
  if (validate === undefined) throw new Error(`no schema ${definition}`);
  return validate(value) ? null : validate.errors;
};

const oid = 'c'.repeat(40);

const hostile = (): ScanResult =>
  scan(
    [
      located('"quoted"\n\x1b[0m\udcff', { details: { 'a\ud800': '\u202e' } }, { introduced: true }),
      located(
        '--flag',
        {},
        { origin: { type: 'blob', oid }, commit: commit({ subject: '\u009b' }), reach: 'unreachable' },
      ),
      { match: located('').match, origin: { type: 'commit-message', oid } },
      located('staged', {}, { origin: { type: 'staged', oid: 'd'.repeat(64), path: 'staged' }, introduced: false }),
    ],
    {
      complete: false,
      skipped: [{ reason: 'unreadable file', where: '\udc80', incomplete: true }],
      skippedCounts: { 'unreadable file': 1 },
    },
  );

describe('json report', () => {
  test.each([
    ['nothing found', () => scan([])],
    ['hostile input', hostile],
    ['interrupted', () => scan([located('a')], { complete: false, interrupted: true })],
  ])('fits its schema: %s', (_, make) => {
    for (const showSecrets of [false, true]) {
      expect(errorsOf(JSON.parse(render('json', make(), { showSecrets })))).toBeNull();
    }
  });

  test('the schema refuses what is not such a report', () => {
    const report = JSON.parse(render('json', scan([located('a')])));
    expect(errorsOf({ ...report, leakgateReport: 2 })).not.toBeNull();
    expect(errorsOf({ ...report, extra: 1 })).not.toBeNull();
    expect(errorsOf({ ...report, findings: [{ ...report.findings[0], extra: 1 }] })).not.toBeNull();
    const { fingerprint: _, ...rest } = report.findings[0];
    expect(errorsOf({ ...report, findings: [rest] })).not.toBeNull();
  });

  test('has paths to read and exact URIs, and says which findings block', () => {
    const { findings, receipt, gate } = JSON.parse(render('json', hostile()));
    const byUri = new Map(
      findings.map((finding: { occurrences: { uri: string }[] }) => [finding.occurrences[0]?.uri, finding]),
    );
    expect([...byUri.keys()].sort()).toEqual([
      '%22quoted%22%0A%1B%5B0m%FF',
      '--flag',
      `commit/${oid}/message`,
      'staged',
    ]);
    expect(byUri.get('%22quoted%22%0A%1B%5B0m%FF')).toMatchObject({
      blocking: true,
      occurrences: [{ path: '"quoted"\n\x1b[0m\ufffd', introduced: true }],
    });
    expect(byUri.get('staged')).toMatchObject({ status: 'pre-existing', blocking: false });
    expect(receipt.complete).toBe(false);
    expect(gate).toEqual({ failOn: 'medium', minConfidence: 'medium', blocking: 3, exitCode: 1 });
  });

  test('names the companion of a secret, masked, and its place', () => {
    const { id, ...fields } = withCompanion();
    const text = render('json', scan([located('a', fields)]), { showSecrets: true });
    const { findings } = JSON.parse(text) as { findings: readonly object[] };
    expect(errorsOf(JSON.parse(text))).toBeNull();
    expect(findings).toMatchObject([
      {
        companion: { rule: 'acme-account', name: 'Acme account id', redacted: expect.any(String) as string },
        occurrences: [{ region: { startLine: 8 }, companionRegion: { startLine: 7, startColumn: 5 } }],
      },
    ]);
    expect(text).not.toContain(id);
  });

  test('holds secrets only when told to', () => {
    const secret = randomToken();
    const result = scan([located('a', { secret })]);
    expect(render('json', result)).not.toContain(secret);
    expect(JSON.parse(render('json', result, { showSecrets: true })).findings[0].secret).toBe(secret);
  });
});

describe('jsonl report', () => {
  test('is a finding a line and the receipt last, each fitting the schema', () => {
    const lines = render('jsonl', hostile()).split('\n');
    expect(lines.pop()).toBe('');
    const values = lines.map((line) => JSON.parse(line));
    expect(values.map(({ type }) => type)).toEqual(['finding', 'finding', 'finding', 'finding', 'receipt']);
    expect(errorsOf(values.pop(), '/definitions/receiptLine')).toBeNull();
    for (const value of values) expect(errorsOf(value, '/definitions/findingLine')).toBeNull();
  });

  test('is the receipt alone when nothing was found', () => {
    const lines = render('jsonl', scan([])).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'receipt', leakgateReport: 1, receipt: { items: 1234 } });
  });
});

test('formats are known by name', () => {
  expect(FORMATS).toEqual(['text', 'sarif', 'json', 'jsonl']);
  expect(isFormat('sarif')).toBe(true);
  expect(isFormat('toString')).toBe(false);
});
