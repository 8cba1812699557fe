import { execFile } from 'node:child_process';
import { expect } from 'vitest';
import { leakgate } from './cli.ts';
import type { TestRepository } from './git.ts';

/** What a git command under test did. */
export interface Attempt {
  readonly done: boolean;
  /** What git and its hooks print together. */
  readonly output: string;
}

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'protocol.file.allow=always'];

/** Runs git as a user would: with hooks, and with the environment of the test. */
export const attempt = (
  repo: Pick<TestRepository, 'dir'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Attempt> =>
  new Promise((resolve) => {
    const options = { cwd: repo.dir, env: { ...process.env, ...env } };
    execFile('git', [...IDENTITY, ...args], options, (error, stdout, stderr) =>
      resolve({ done: !error, output: stdout + stderr }),
    );
  });

/** Installs hooks as users do. */
export const install = async (repo: Pick<TestRepository, 'dir'>, ...types: string[]): Promise<void> => {
  const result = await leakgate(['hook', 'install', ...types.flatMap((type) => ['--type', type])], { cwd: repo.dir });
  expect(result).toMatchObject({ code: 0, stderr: '' });
};

/** Expects that a leaked token of GitHub stopped git, and that its place and no more than its place was told. */
export const refused = ({ done, output }: Attempt, place: string): void => {
  expect(output).toContain('github-classic-pat');
  expect(output).toContain(`    ${place}:`);
  expect(done, output).toBe(false);
};

export const doneInSilence = (result: Attempt): void => {
  expect(result).toEqual({ done: true, output: '' });
};
