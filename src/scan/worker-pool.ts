import { Worker } from 'node:worker_threads';
import { SourceError } from '../errors.ts';
import type { Job, JobReport } from './jobs.ts';
import type { Pool, PoolOptions } from './pool.ts';
import type { WorkerAnswer, WorkerSetup } from './worker.ts';

/** One job at a time for each worker: the next is asked for when the last is answered. */
export const createWorkerPool = (options: PoolOptions): Pool => {
  const { jobs: count, workerFile, signal, ...rest } = options;
  // Shared memory, because a thread that scans gets no messages. What it has found by then is worth waiting for.
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const setup: WorkerSetup = { ...rest, stop };
  const workers = Array.from({ length: count }, () => new Worker(workerFile, { workerData: setup }));
  const onAbort = () => Atomics.store(stop, 0, 1);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();

  const perform = (worker: Worker, job: Job): Promise<JobReport> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        act();
      };
      const onMessage = (answer: WorkerAnswer) =>
        settle(() => ('report' in answer ? resolve(answer.report) : reject(failureOf(answer.failure))));
      const onError = (error: Error) => settle(() => reject(error));
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.postMessage(job);
    });

  const close = async () => {
    signal.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return {
    run: async (jobs, onReport) => {
      const queue = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
      // Async generators queue concurrent next() calls, so that workers may ask at the same time.
      const serve = async (worker: Worker): Promise<void> => {
        for (let next = await queue.next(); !next.done && !signal.aborted; next = await queue.next()) {
          onReport(await perform(worker, next.value), next.value);
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
