import { parentPort, workerData } from 'node:worker_threads';
import { type Job, type JobReport, performJob } from './jobs.ts';
import { type DetectorSetup, setUpScanner } from './setup.ts';

/** What a worker is started with. */
export interface WorkerSetup extends DetectorSetup {
  readonly keepDropped: boolean;
  /** Shared with the main thread, which puts 1 into it when the scan is interrupted. */
  readonly stop?: Int32Array;
}

/** What a worker says: that it is set up, and then one answer a job, in the order of the jobs. */
export type WorkerAnswer =
  | { readonly ready: true }
  | { readonly report: JobReport }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack?: string | undefined } };

const setup = workerData as WorkerSetup;
const isStopped = () => setup.stop !== undefined && Atomics.load(setup.stop, 0) === 1;
const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
const tools = await setUpScanner(setup, { locateDropped: setup.keepDropped });

const answerTo = async (job: Job): Promise<WorkerAnswer> => {
  try {
    return { report: await performJob(job, tools, { isStopped }) };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { failure: { name, message, stack } };
  }
};

// One after another: the scanner holds one item at a time.
let last: Promise<void> = Promise.resolve();
port.on('message', (job: Job) => {
  last = last.then(async () => port.postMessage(await answerTo(job)));
});
port.postMessage({ ready: true } satisfies WorkerAnswer);
