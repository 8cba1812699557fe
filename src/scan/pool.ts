import { type Job, type JobReport, performJob } from './jobs.ts';
import { setUpScanner } from './setup.ts';
import type { WorkerSetup } from './worker.ts';

export interface PoolOptions extends WorkerSetup {
  /** Threads; 1 means this thread, without starting any. */
  readonly jobs: number;
  /** The built worker file. */
  readonly workerFile: URL;
  readonly signal: AbortSignal;
}

/** Runs jobs, as many at a time as there are threads. */
export interface Pool {
  /**
   * Takes jobs as they come and hands over each report when it is done, in no fixed order. Ends early, without an
   * error, when the signal aborts. Throws SourceError when a job fails.
   */
  run(jobs: AsyncIterable<Job> | Iterable<Job>, onReport: (report: JobReport, job: Job) => void): Promise<void>;
  close(): Promise<void>;
}

/** Creates a pool of `options.jobs` threads; the thread machinery is loaded only for more than one. */
export const createPool = async (options: PoolOptions): Promise<Pool> =>
  options.jobs <= 1 ? createInlinePool(options) : (await import('./worker-pool.ts')).createWorkerPool(options);

const createInlinePool = (options: PoolOptions): Pool => {
  const ready = setUpScanner(options, { locateDropped: options.keepDropped });
  return {
    run: async (jobs, onReport) => {
      const { scanner } = await ready;
      for await (const job of jobs) {
        if (options.signal.aborted) return;
        try {
          onReport(await performJob(job, scanner, options), job);
        } catch (error) {
          if (options.signal.aborted) return;
          throw error;
        }
      }
    },
    close: async () => undefined,
  };
};
