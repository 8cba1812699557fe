import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactIn } from '../../src/findings/redact.ts';
import { FORMATS } from '../../src/report/index.ts';
import { commit, located, region } from '../findings/sample.ts';
import { render, scan } from './sample.ts';

/** Secrets as they come: tokens, passwords with quotes, backslashes, spaces and letters outside ASCII. */
const anySecret = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9+/=_-]{16,80}$/),
    fc.string({ unit: 'grapheme', minLength: 16, maxLength: 40 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 40 }),
  )
  // A run of blanks or stars stands in a report anyway.
  .filter((secret) => new Set(secret).size >= 8);

/** How a reader of the output may meet the secret: as it is, or escaped by the format. */
const formsOf = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

const verbose = { verbose: true, explain: true };

describe.each(FORMATS)('%s', (format) => {
  test('never holds a secret of its context lines', () => {
    fc.assert(
      fc.property(fc.array(anySecret, { minLength: 1, maxLength: 4 }), fc.nat(300), (secrets, from) => {
        const line = secrets.map((secret) => `x = "${secret}";`).join(' ');
        const context = redactIn(line.slice(from % line.length).slice(0, 200), secrets);
        const result = scan(
          secrets.map((secret, index) => located(`f${index}`, { secret, context, region: region(index + 1) })),
        );
        const output = render(format, result, verbose);
        for (const form of secrets.flatMap(formsOf)) expect(output).not.toContain(form);
      }),
      { numRuns: 60 },
    );
  });

  test('hides a secret that paths, subjects, authors, details, targets and skipped entries are named like', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        const named = `a ${secret} b`;
        const result = scan(
          [
            located('plain', { secret }),
            located(
              `dir/${named}`,
              { context: named, details: { where: named }, reasons: [named] },
              { commit: commit({ subject: named, authorName: named, authorEmail: named }) },
            ),
          ],
          {
            target: named,
            complete: false,
            skipped: [{ reason: 'unreadable file', where: named, detail: named, incomplete: true }],
          },
        );
        const droppedMatches = [{ ruleId: 'r', start: 0, end: 1, reason: named, path: named, line: 1 }];
        const output = render(format, { ...result, droppedMatches }, verbose);
        for (const form of formsOf(secret)) expect(output).not.toContain(form);
      }),
      { numRuns: 60 },
    );
  });

  test('hides every line of a private key', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const body = secret.split('\n').filter((line) => line.length > 16 && !line.startsWith('-'));
    const result = scan(
      body.map((line, index) => located(`dir/${line}`, { secret, context: line, region: region(index + 1) })),
    );
    const output = render(format, result, verbose);
    for (const line of body) expect(output).not.toContain(line);
  });

  test('renders thousands of findings with many places', () => {
    const input = Array.from({ length: 3000 }, (_, index) => {
      const one = located(`dir/${index % 100}`, { region: region(index + 1) });
      return [one, { ...one, path: `other/${index}` }];
    }).flat();
    const result = scan(input);
    expect(result.findings).toHaveLength(3000);
    const output = render(format, result);
    for (const { fingerprint, secret } of result.findings.filter((_, index) => index % 50 === 0)) {
      expect(output).toContain(fingerprint);
      expect(output).not.toContain(secret);
    }
  });
});
