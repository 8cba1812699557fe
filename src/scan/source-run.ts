import { workerFile } from '../assets.ts';
import type { Located } from '../findings/grouping.ts';
import type { Job, JobReport } from './jobs.ts';
import type { ScanOptions } from './options.ts';
import { createPool, type Pool } from './pool.ts';
import type { Tally } from './tally.ts';

/** What a source needs of a running scan. */
export interface SourceRun {
  readonly options: ScanOptions;
  readonly tally: Tally;
  /** Runs jobs and adds their reports to the tally. `large` says that threads are surely worth starting. */
  run(
    jobs: AsyncIterable<Job> | Iterable<Job>,
    large: boolean,
    phase: string,
    onReport?: (report: JobReport) => void,
  ): Promise<void>;
  /** Says that there is surely enough to do for all threads, before it is known what. */
  expectMuch(): Promise<void>;
  /** Says how much there is to do, for the progress line. */
  expect(total: { items?: number; bytes?: number }): void;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A source's answer: where each match stands. */
export type Placed = Located;

/** Creates the run that sources report to. */
export const createSourceRun = (options: ScanOptions, tally: Tally): SourceRun => {
  let pool: Pool | undefined;
  let expected: { items?: number; bytes?: number } = {};
  // One pool for all phases of a scan: threads take a while to start.
  const threads = (): Pool => {
    pool ??= createPool({
      ...options.detector,
      keepDropped: options.explain,
      jobs: options.jobs ?? process.getBuiltinModule('node:os').availableParallelism(),
      workerFile,
      signal: options.signal,
    });
    return pool;
  };
  return {
    options,
    tally,
    expectMuch: () => threads().call(),
    expect: (total) => {
      expected = { ...expected, ...total };
    },
    run: async (jobs, large, phase, onReport) => {
      await threads().run(jobs, large, (report) => {
        tally.add(report);
        onReport?.(report);
        options.onProgress?.({
          phase,
          items: tally.items,
          bytes: tally.bytes,
          ...(expected.items === undefined ? {} : { totalItems: expected.items }),
          ...(expected.bytes === undefined ? {} : { totalBytes: expected.bytes }),
        });
      });
    },
    close: async () => {
      await pool?.close();
    },
  };
};
