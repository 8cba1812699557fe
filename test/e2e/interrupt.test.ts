import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonReport, leakgate, MAIN } from '../support/cli.ts';
import { makeRepository, type TestRepository } from '../support/git.ts';
import { prose, seeded } from '../support/random.ts';
import { githubToken } from '../support/tokens.ts';

const random = seeded(20_005);
let repo: TestRepository;

/** Half a gigabyte to scan: the same four megabytes again and again, each with a number, and a token in the first. */
beforeAll(async () => {
  repo = await makeRepository();
  const text = prose(random, 4 << 20);
  repo.write('0000-first.env', `TOKEN=${githubToken(random)}\n`);
  for (let number = 0; number < 128; number++) repo.write(`data/${number}.txt`, `${number}\n${text}`);
  await repo.git('config', 'core.compression', '1');
  await repo.commit('start');
});
afterAll(() => repo.remove());

/** Runs a scan, interrupts it once it works, and reads the partial report. */
const interrupted = async (args: readonly string[], signal: NodeJS.Signals, delay: number) => {
  const result = await leakgate([...args, '-f', 'json'], {
    cwd: repo.dir,
    onStart: (child) => setTimeout(() => child.kill(signal), delay),
  });
  expect(result.stdout, `exit code ${result.code}: ${result.stderr}`).not.toBe('');
  return { ...result, report: JSON.parse(result.stdout) as JsonReport };
};

describe('Ctrl-C during a scan ends it with exit code 130 and a report of what was found so far:', () => {
  it.each([
    ['the files of a folder, on one thread', ['dir', '.', '--jobs', '1']],
    ['the history, on one thread', ['git', '--jobs', '1']],
    ['the history, on two threads', ['git', '--jobs', '2']],
  ])('%s', async (_, args) => {
    const { code, report, stderr } = await interrupted(args, 'SIGINT', 500);
    expect(report.receipt).toMatchObject({ interrupted: true, complete: false });
    expect(report.gate.exitCode).toBe(130);
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  });

  it('keeps a secret that was already found', async () => {
    // The first file is read in the first moments; the rest takes longer than the delay.
    const { report, code } = await interrupted(['dir', '.', '--jobs', '1'], 'SIGINT', 500);
    expect(report.findings.map(({ occurrences }) => occurrences[0]!.path)).toEqual(['0000-first.env']);
    expect(code).toBe(130);
  });

  it('SIGTERM does the same', async () => {
    const { report, code } = await interrupted(['dir', '.'], 'SIGTERM', 400);
    expect(report.receipt.interrupted).toBe(true);
    expect(code).toBe(130);
  });

  it('standard input that never ends is let go', async () => {
    const { code, report } = await new Promise<{ code: number | null; report: JsonReport }>((resolve) => {
      const child = spawn(process.execPath, [MAIN, 'stdin', '-f', 'json']);
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk;
      });
      child.stdin.write(`TOKEN=${githubToken(random)}\n`);
      setTimeout(() => child.kill('SIGINT'), 700);
      child.on('close', (ended) => resolve({ code: ended, report: JSON.parse(stdout) as JsonReport }));
    });
    expect(report.findings).toHaveLength(1);
    expect(report.receipt.interrupted).toBe(true);
    expect(code).toBe(130);
  });
});
