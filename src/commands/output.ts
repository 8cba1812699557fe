import { accessSync, constants, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { HookCaller } from '../hooks/types.ts';
import type { ReportOptions } from '../report/options.ts';
import type { ScanResult } from '../types.ts';
import { isSet, texts, type Values } from './settings.ts';

/** Where one report goes: to a file, or to standard output. */
export interface Destination {
  readonly format: string;
  readonly file: string | undefined;
}

/**
 * Reads --format. Checked before the scan, so that no work is lost to a misspelt word or a missing folder.
 * @throws UsageError
 */
export const destinationsOf = async (values: Values): Promise<Destination[]> => {
  const wanted = texts(values, 'format');
  if (wanted.length === 0 || (wanted.length === 1 && wanted[0] === 'text'))
    return [{ format: 'text', file: undefined }];
  const { FORMATS, isFormat } = await import('../report/index.ts');
  const destinations = wanted.map((text) => {
    const cut = text.indexOf('=');
    const format = cut < 0 ? text : text.slice(0, cut);
    const file = cut < 0 ? undefined : text.slice(cut + 1);
    if (!isFormat(format)) throw new UsageError(`--format is one of ${FORMATS.join(', ')}, not "${format}"`);
    if (file !== undefined) requireWritable(file);
    return { format, file };
  });
  if (destinations.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      'only one report can go to standard output',
      'give the others a file: --format sarif=out.sarif',
    );
  }
  return destinations;
};

const requireWritable = (file: string): void => {
  try {
    accessSync(path.dirname(path.resolve(file)), constants.W_OK);
    if (file === '' || statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('EISDIR');
  } catch {
    throw new UsageError(`the report can't be written to "${file}"`);
  }
};

const FORCE_HINT = 'add --force if that is meant';

/** Decides how reports look. Secrets go to a terminal only, unless forced. */
export const reportOptionsOf = (values: Values, toolVersion: string): ReportOptions => {
  const terminal = process.stdout.isTTY === true;
  const showSecrets = isSet(values, 'show-secrets');
  if (showSecrets && !isSet(values, 'force')) {
    const elsewhere = terminal ? undefined : 'standard output is no terminal';
    const reason = texts(values, 'format').some((text) => text.includes('=')) ? 'a report goes to a file' : elsewhere;
    if (reason) throw new UsageError(`--show-secrets prints secrets in clear, and ${reason}`, FORCE_HINT);
  }
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const wished = values.color === undefined ? undefined : values.color === true;
  const color =
    wished ?? (NO_COLOR ? false : FORCE_COLOR !== undefined ? FORCE_COLOR !== '0' : terminal && TERM !== 'dumb');
  return {
    color,
    showSecrets,
    quiet: isSet(values, 'quiet'),
    verbose: isSet(values, 'verbose'),
    explain: isSet(values, 'explain'),
    hyperlinks: color && terminal,
    toolVersion,
    // Set by `hook run` alone: no option of the command line is called so.
    ...(values.hook === undefined ? {} : { hook: values.hook as HookCaller }),
  };
};

/** Writes every report. Throws UsageError when a file can't be written; the report on standard output is written first. */
export const writeReports = async (
  result: ScanResult,
  destinations: readonly Destination[],
  options: ReportOptions,
): Promise<void> => {
  for (const { format, file } of [...destinations].sort(
    (a, b) => Number(a.file !== undefined) - Number(b.file !== undefined),
  )) {
    const chunks = await render(
      format,
      result,
      file === undefined ? options : { ...options, color: false, hyperlinks: false },
    );
    if (file === undefined) await writeToStdout(chunks);
    else await writeToFile(file, chunks);
  }
};

const render = async (format: string, result: ScanResult, options: ReportOptions): Promise<Iterable<string>> => {
  if (format === 'text') {
    // Silent and clean, as most commits are: not even the renderer is loaded.
    if (options.quiet && !options.explain && result.findings.length === 0 && result.receipt.complete) return [];
    if (options.hook) {
      // What is below the gate is no reason to speak either.
      if (result.gate.blocking === 0 && result.gate.exitCode === 0) return [];
      const { renderHook } = await import('../report/hook-text.ts');
      return [renderHook(result, options.hook, options)];
    }
    const { renderText } = await import('../report/text.ts');
    return [renderText(result, options)];
  }
  const { isFormat, renderReport } = await import('../report/index.ts');
  if (!isFormat(format)) throw new UsageError(`unknown format "${format}"`);
  return renderReport(format, result, options);
};

const writeToStdout = async (chunks: Iterable<string>): Promise<void> => {
  for (const chunk of chunks) {
    if (chunk === '' || !process.stdout.writable) continue;
    if (!process.stdout.write(chunk)) await new Promise<void>((resolve) => onceWritable(resolve));
  }
};

/** Resolves when standard output takes more, or has gone away (`leakgate … | head`). */
const onceWritable = (resolve: () => void): void => {
  const done = () => {
    process.stdout.off('drain', done);
    process.stdout.off('close', done);
    process.stdout.off('error', done);
    resolve();
  };
  process.stdout.on('drain', done);
  process.stdout.on('close', done);
  process.stdout.on('error', done);
};

const writeToFile = async (file: string, chunks: Iterable<string>): Promise<void> => {
  try {
    const handle = await open(file, 'w');
    try {
      // Not write(), which may take a part of a chunk only.
      for (const chunk of chunks) await handle.appendFile(chunk);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UsageError(
      `the report can't be written to "${file}": ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
};
