// Runs commands in turn and takes their times.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const peakMemory = pathToFileURL(fileURLToPath(new URL('peak-memory.mjs', import.meta.url))).href;

/** A command to time. `args[0]` is the program; `okCodes` are exit codes that count as an answer (default: 0). */
const run = ({ args, cwd, okCodes = [0], env = {} }) => {
  const startedAt = performance.now();
  const { status, error, stderr } = spawnSync(args[0], args.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ms = performance.now() - startedAt;
  if (error) throw error;
  if (!okCodes.includes(status)) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { ms, status };
};

/**
 * Times commands against each other: once each to warm the caches, then in turn, so that what else the machine does
 * hits all of them alike.
 * @returns for each command `{ min, median, status }`, times in milliseconds.
 */
export const timeTogether = (commands, rounds) => {
  const times = commands.map(() => []);
  const statuses = commands.map((command) => run(command).status);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) times[index].push(run(command).ms);
  }
  return times.map((all, index) => {
    const sorted = all.sort((a, b) => a - b);
    return { min: sorted[0], median: sorted[sorted.length >> 1], status: statuses[index] };
  });
};

/** Peak memory in bytes of a program run by node (`args[0]`), in a run of its own that is not timed. */
export const peakOf = ({ args, cwd, okCodes }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'leakgate-bench-peak-'));
  const file = path.join(folder, 'peak');
  try {
    run({ args: [args[0], '--import', peakMemory, ...args.slice(1)], cwd, okCodes, env: { PEAK_MEMORY_FILE: file } });
    return Number(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** First line of a program's output; undefined when it can't be run. */
export const firstLine = (program, ...args) => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
};
