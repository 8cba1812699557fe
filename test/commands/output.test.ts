import { afterEach, describe, expect, it } from 'vitest';
import { reportOptionsOf } from '../../src/commands/output.ts';
import { UsageError } from '../../src/errors.ts';

const wasTerminal = process.stdout.isTTY;
const optionsAt = (terminal: boolean, values: Record<string, unknown>) => {
  process.stdout.isTTY = terminal;
  return reportOptionsOf({ 'show-secrets': true, ...values }, '1.0.0');
};

afterEach(() => {
  process.stdout.isTTY = wasTerminal;
});

describe('--show-secrets', () => {
  it('goes to a terminal only', () => {
    expect(optionsAt(true, {}).showSecrets).toBe(true);
    expect(() => optionsAt(false, {})).toThrow(UsageError);
    for (const format of [['json=out.json'], ['text', 'json=out.json']])
      expect(() => optionsAt(true, { format })).toThrow(/a report goes to a file/);
  });

  it('goes anywhere with --force', () => {
    expect(optionsAt(false, { force: true }).showSecrets).toBe(true);
    expect(optionsAt(true, { force: true, format: ['json=out.json'] }).showSecrets).toBe(true);
  });
});
