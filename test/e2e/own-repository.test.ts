import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { foundAt, leakgateJson } from '../support/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why there is no history to scan here, such as in an unpacked archive; undefined when there is one. */
const reasonToSkip = (): string | undefined => {
  const ask = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (ask('rev-parse', '--show-prefix') !== '') return 'the project is not at the top of its repository';
    ask('rev-parse', '--verify', 'HEAD^{commit}');
    return undefined;
  } catch {
    return 'the project is not in a git repository with commits';
  }
};

const reason = reasonToSkip();

describe(`leakgate on its own repository${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  it.skipIf(reason !== undefined)('finds nothing in the working tree', async () => {
    const { report, code } = await leakgateJson(['dir', '.'], { cwd: root });
    expect(foundAt(report)).toEqual([]);
    expect(report.receipt).toMatchObject({ complete: true });
    expect(code).toBe(0);
  });

  it.skipIf(reason !== undefined)('finds nothing in the history', async () => {
    // A checkout in CI may be shallow: what it has must be clean all the same.
    const { report, code } = await leakgateJson(['git', '--allow-incomplete', 'shallow clone'], { cwd: root });
    expect(foundAt(report)).toEqual([]);
    expect(report.receipt.items).toBeGreaterThan(0);
    expect(code).toBe(0);
  });
});
