import type { Helper } from './helper.ts';
import { createPause } from './interrupt.ts';
import { type Job, type JobReport, performJob } from './jobs.ts';
import { setUpScanner } from './setup.ts';
import type { WorkerSetup } from './worker.ts';

export interface PoolOptions extends WorkerSetup {
  /** Threads, this one included. */
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
   * @param large start the other threads at once: there is much to do; else they are started when it turns out to take long
   */
  run(
    jobs: AsyncIterable<Job> | Iterable<Job>,
    large: boolean,
    onReport: (report: JobReport, job: Job) => void,
  ): Promise<void>;
  /** Starts the other threads ahead of their jobs, so that they set themselves up beside what comes first. */
  call(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A thread costs about 100 ms until it is up and its code is warm: below this many milliseconds of work this thread alone
 * is done sooner (measured on trees of 16 to 48 MB).
 */
const PATIENCE = 400;
/** Jobs a helper has at a time: this thread may be busy when an answer comes. */
const AHEAD = 4;

/** This thread works; others help when the work is worth it. */
export const createPool = (options: PoolOptions): Pool => {
  const ready = setUpScanner(options, { locateDropped: options.keepDropped });
  let helpers: Helper[] | undefined;

  const callHelpers = async (): Promise<Helper[]> => {
    if (helpers) return helpers;
    helpers = [];
    const { startHelper } = await import('./helper.ts');
    for (let n = 1; n < options.jobs; n++) helpers.push(startHelper(options));
    return helpers;
  };

  const run: Pool['run'] = async (jobs, large, onReport) => {
    const startedAt = performance.now();
    let isHelped = false;
    const isWorthHelp = (): boolean =>
      options.jobs > 1 && !isHelped && (large || performance.now() - startedAt > PATIENCE);
    const queue = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
    // Async generators queue concurrent next() calls, so that threads may ask at the same time.
    const serve = async (perform: (job: Job) => Promise<JobReport>, between: () => Promise<void>): Promise<void> => {
      for (let next = await queue.next(); !next.done && !options.signal.aborted; next = await queue.next()) {
        onReport(await perform(next.value), next.value);
        await between();
      }
    };
    const nothing = async () => undefined;
    const helping: Promise<void>[] = [];
    let drain: () => void = () => undefined;
    const drained = new Promise<void>((resolve) => {
      drain = resolve;
    });
    const help = async (helper: Helper): Promise<void> => {
      // One that is up only when all is taken has nothing to do: its start is not waited for.
      await Promise.race([helper.ready, drained]);
      await Promise.all(Array.from({ length: AHEAD }, () => serve(helper.perform, nothing)));
    };
    const recruit = async () => {
      if (!isWorthHelp()) return;
      isHelped = true;
      for (const helper of await callHelpers()) {
        const helped = help(helper);
        // Awaited below; until then a failure must not end the process.
        helped.catch(() => undefined);
        helping.push(helped);
      }
    };
    try {
      await recruit();
      const tools = await ready;
      const pause = createPause();
      await serve(
        (job) => performJob(job, tools, options),
        async () => {
          await pause();
          await recruit();
        },
      );
      drain();
      await Promise.all(helping);
    } catch (error) {
      if (!options.signal.aborted) throw error;
    } finally {
      await queue.return?.(undefined);
    }
  };
  return {
    run,
    call: async () => {
      if (options.jobs > 1) await callHelpers();
    },
    close: async () => {
      await Promise.all((helpers ?? []).map((helper) => helper.close()));
    },
  };
};
