#!/usr/bin/env node
import { readPlain } from './commands/plain.ts';
import { SourceError, UsageError } from './errors.ts';

/** Exit codes that no scan decides; findings/gate.ts has the others. */
const EXIT_USAGE = 2;
const EXIT_INCOMPLETE = 3;
const EXIT_INTERRUPTED = 130;

const fail = (error: unknown): number => {
  if (error instanceof UsageError) {
    process.stderr.write(`leakgate: ${visible(error.message)}\n${error.hint ? `  ${visible(error.hint)}\n` : ''}`);
    return EXIT_USAGE;
  }
  if (error instanceof SourceError) {
    process.stderr.write(`leakgate: the scan could not be completed: ${visible(error.message)}\n`);
    return EXIT_INCOMPLETE;
  }
  process.stderr.write(`leakgate: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_INCOMPLETE;
};

/** Messages name paths and refs: no control character of theirs reaches the terminal. */
const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);

const run = async (args: readonly string[], signal: AbortSignal): Promise<number> => {
  // yargs costs as much start-up time as the rest together, and a plain command line does not need it.
  if (args[0] === 'hook' && args[1] === 'run') {
    const { runHookPlain } = await import('./commands/hook-run.ts');
    const exitCode = await runHookPlain(args.slice(2), signal);
    if (exitCode !== undefined) return exitCode;
  }
  const plain = readPlain(args);
  if (plain) {
    const { runScan } = await import('./commands/run-scan.ts');
    return runScan(plain.target, plain.values, signal);
  }
  const { runCli } = await import('./commands/cli.ts');
  return runCli(args, signal);
};

const controller = new AbortController();
const interrupt = (): void => {
  // The second time there is no waiting for the partial report.
  if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
  controller.abort(new SourceError('interrupted'));
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe may leave early; the exit code still tells the result.
  if (error.code !== 'EPIPE') process.exitCode = fail(error);
});

try {
  process.exitCode = await run(process.argv.slice(2), controller.signal);
} catch (error) {
  process.exitCode = controller.signal.aborted ? EXIT_INTERRUPTED : fail(error);
}
process.off('SIGINT', interrupt);
process.off('SIGTERM', interrupt);
