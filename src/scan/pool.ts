import { Worker } from 'node:worker_threads';
import { SourceError } from '../errors.ts';
import { type Job, type JobReport, performJob } from './jobs.ts';
import { setUpScanner } from './setup.ts';
import type { WorkerAnswer, WorkerSetup } from './worker.ts';

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

export const createPool = (options: PoolOptions): Pool =>
  options.jobs <= 1 ? createInlinePool(options) : createWorkerPool(options);

const createInlinePool = (options: PoolOptions): Pool => {
  const ready = setUpScanner(options);
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

/** One job at a time for each worker: the next is asked for when the last is answered. */
const createWorkerPool = (options: PoolOptions): Pool => {
  const { jobs: count, workerFile, signal, ...setup } = options;
  const workers = Array.from({ length: count }, () => new Worker(workerFile, { workerData: setup satisfies WorkerSetup }));

  const perform = (worker: Worker, job: Job): Promise<JobReport | undefined> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onMessage = (answer: WorkerAnswer) =>
        settle(() => ('report' in answer ? resolve(answer.report) : reject(failureOf(answer.failure))));
      const onError = (error: Error) => settle(() => reject(error));
      const onAbort = () => settle(() => resolve(undefined));
      worker.on('message', onMessage);
      worker.on('error', onError);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else worker.postMessage(job);
    });

  const close = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return {
    run: async (jobs, onReport) => {
      const queue = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
      // Async generators queue concurrent next() calls, so that workers may ask at the same time.
      const serve = async (worker: Worker): Promise<void> => {
        for (let next = await queue.next(); !next.done && !signal.aborted; next = await queue.next()) {
          const report = await perform(worker, next.value);
          if (!report) break;
          onReport(report, next.value);
        }
      };
      try {
        await Promise.all(workers.map(serve));
      } finally {
        await queue.return?.(undefined);
      }
    },
    close,
  };
};

const failureOf = ({ name, message, stack }: { name: string; message: string; stack?: string | undefined }): Error => {
  if (name === 'SourceError' || name === 'GitError') return new SourceError(message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
};
