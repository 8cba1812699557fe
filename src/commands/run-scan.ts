import { UsageError } from '../errors.ts';
import type { Config } from '../policy/config.ts';
import { prepareDetector } from '../policy/rules.ts';
import { createExcluder } from '../scan/exclude.ts';
import { GIT_BACKENDS, type Target } from '../scan/options.ts';
import { scan } from '../scan/scan.ts';
import { CONFIDENCES, SEVERITIES } from '../types.ts';
import { TOOL_VERSION } from '../version.ts';
import { destinationsOf, reportOptionsOf, writeReports } from './output.ts';
import { createProgressLine } from './progress.ts';
import { choiceOf, isSet, textOf, texts, type Values } from './settings.ts';

/**
 * What every scanning command does once it knows its target: options, scan, report.
 * @returns the exit code
 */
export const runScan = async (target: Target, values: Values, signal: AbortSignal): Promise<number> => {
  const reportOptions = reportOptionsOf(values, TOOL_VERSION);
  const destinations = await destinationsOf(values);
  const config = await configOf(values);
  if (!reportOptions.quiet) sayNotices(config.gitleaks?.notices ?? []);
  const fingerprintKey = process.env.LEAKGATE_FINGERPRINT_KEY;
  const jobs = jobsOf(values);
  const exclude = [...(config.exclude ?? []), ...texts(values, 'exclude')];
  // A bad glob is said before the work, not after it.
  await createExcluder(exclude);
  const gitBackend = choiceOf(values, 'git-backend', GIT_BACKENDS);
  const cache = values.cache === false ? undefined : await cacheOf(target);
  const progress = createProgressLine(reportOptions.quiet);
  const result = await scan(target, {
    detector: await prepareDetector({
      folders: [...(config.rules ?? []), ...texts(values, 'rules')],
      only: texts(values, 'only'),
      enable: [...(config.enable ?? []), ...texts(values, 'enable')],
      disable: config.disable ?? [],
      ...(config.gitleaks ? { imported: config.gitleaks } : {}),
    }),
    failOn: choiceOf(values, 'fail-on', SEVERITIES) ?? config.failOn ?? 'low',
    minConfidence: choiceOf(values, 'min-confidence', CONFIDENCES) ?? config.minConfidence ?? 'medium',
    exitZero: isSet(values, 'exit-zero'),
    allowIncomplete: texts(values, 'allow-incomplete'),
    allow: (config.allow ?? []).map(({ fingerprint }) => fingerprint),
    ...(config.gitleaks ? { review: config.gitleaks.review, notApplied: config.gitleaks.untranslated } : {}),
    exclude,
    explain: reportOptions.explain,
    ...(jobs === undefined ? {} : { jobs }),
    ...(gitBackend === undefined ? {} : { gitBackend }),
    ...(cache === undefined ? {} : { cacheFolder: cache }),
    ...(fingerprintKey ? { fingerprintKey } : {}),
    signal,
    onProgress: progress.update,
  }).finally(progress.clear);
  await writeReports(result, destinations, reportOptions);
  return result.gate.exitCode;
};

/** Only whole histories are worth remembering. */
const cacheOf = async ({ mode }: Target): Promise<string | undefined> => {
  if (mode !== 'history' && mode !== 'repository') return undefined;
  const { cacheFolder } = await import('../scan/clean-cache.ts');
  return cacheFolder();
};

const configOf = async (values: Values): Promise<Config> => {
  const file = textOf(values, 'config');
  if (file === undefined) return {};
  const { loadConfig } = await import('../policy/config.ts');
  return loadConfig(file);
};

/** Notices quote a file: no control character of it reaches the terminal. */
const sayNotices = (notices: readonly string[]): void => {
  for (const notice of notices) process.stderr.write(`leakgate: ${notice.replace(/[\p{Cc}\p{Cf}]/gu, '?')}\n`);
};

const jobsOf = (values: Values): number | undefined => {
  const jobs = values.jobs;
  if (jobs === undefined) return undefined;
  const count = Number(jobs);
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new UsageError(`--jobs is a number from 1 to 256, not "${jobs}"`);
  return count;
};
