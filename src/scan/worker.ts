import { parentPort, workerData } from 'node:worker_threads';
import { type Job, type JobReport, performJob } from './jobs.ts';
import { type DetectorSetup, setUpScanner } from './setup.ts';

/** What a worker is started with. */
export interface WorkerSetup extends DetectorSetup {
  readonly keepDropped: boolean;
  /** Shared with the main thread, which puts 1 into it when the scan is interrupted. */
  readonly stop?: Int32Array;
}

/** What a worker answers to a job. */
export type WorkerAnswer =
  | { readonly report: JobReport }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack?: string | undefined } };

const setup = workerData as WorkerSetup;
const ready = setUpScanner(setup, { locateDropped: setup.keepDropped });
const isStopped = () => setup.stop !== undefined && Atomics.load(setup.stop, 0) === 1;
const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');

port.on('message', async (job: Job) => {
  let answer: WorkerAnswer;
  try {
    const { scanner } = await ready;
    answer = { report: await performJob(job, scanner, { isStopped }) };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    answer = { failure: { name, message, stack } };
  }
  port.postMessage(answer);
});
