import { Worker } from 'node:worker_threads';
import { SourceError } from '../errors.ts';
import type { Job, JobReport } from './jobs.ts';
import type { PoolOptions } from './pool.ts';
import type { WorkerAnswer, WorkerSetup } from './worker.ts';

/** Another thread that does jobs. */
export interface Helper {
  /** Settles when it has set up its detector, or has failed to. */
  readonly ready: Promise<void>;
  /** Jobs are done one after another; several may be asked for at a time. */
  perform(job: Job): Promise<JobReport>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(report: JobReport): void;
  reject(error: Error): void;
}

/** Starts a thread. It stops early, with what it has found, when the signal aborts. */
export const startHelper = ({ workerFile, signal, jobs: _jobs, ...rest }: PoolOptions): Helper => {
  // Shared memory, because a thread that scans gets no messages. What it has found by then is worth waiting for.
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(workerFile, { workerData: { ...rest, stop } satisfies WorkerSetup });
  const onAbort = () => Atomics.store(stop, 0, 1);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();

  const waiting: Waiting[] = [];
  let failed: Error | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (answer: WorkerAnswer) => {
      if ('ready' in answer) resolve();
      else if ('report' in answer) waiting.shift()?.resolve(answer.report);
      else waiting.shift()?.reject(failureOf(answer.failure));
    });
    worker.on('error', (error: Error) => {
      failed = error;
      reject(error);
      for (const one of waiting.splice(0)) one.reject(error);
    });
  });
  return {
    ready,
    perform: (job) =>
      new Promise((resolve, reject) => {
        if (failed) {
          reject(failed);
          return;
        }
        waiting.push({ resolve, reject });
        worker.postMessage(job);
      }),
    close: async () => {
      signal.removeEventListener('abort', onAbort);
      await worker.terminate();
    },
  };
};

const failureOf = ({ name, message, stack }: { name: string; message: string; stack?: string | undefined }): Error => {
  if (name === 'SourceError' || name === 'GitError') return new SourceError(message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
};
