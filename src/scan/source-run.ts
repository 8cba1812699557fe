import { workerFile } from '../assets.ts';
import type { Located } from '../findings/grouping.ts';
import type { Job } from './jobs.ts';
import type { ScanOptions } from './options.ts';
import { createPool } from './pool.ts';
import type { Tally } from './tally.ts';

/** What a source needs of a running scan. */
export interface SourceRun {
  readonly options: ScanOptions;
  readonly tally: Tally;
  /** Runs jobs and adds their reports to the tally. `large` says that threads are surely worth starting. */
  run(jobs: AsyncIterable<Job> | Iterable<Job>, large: boolean, phase: string): Promise<void>;
  /** Says how much there is to do, for the progress line. */
  expect(total: { items?: number; bytes?: number }): void;
}

/** A source's answer: where each match stands. */
export type Placed = Located;

/** Creates the run that sources report to. */
export const createSourceRun = (options: ScanOptions, tally: Tally): SourceRun => {
  let expected: { items?: number; bytes?: number } = {};
  return {
    options,
    tally,
    expect: (total) => {
      expected = { ...expected, ...total };
    },
    run: async (jobs, large, phase) => {
      const pool = createPool({
        ...options.detector,
        keepDropped: options.explain,
        jobs: options.jobs ?? process.getBuiltinModule('node:os').availableParallelism(),
        eager: large,
        workerFile,
        signal: options.signal,
      });
      try {
        await pool.run(jobs, (report) => {
          tally.add(report);
          options.onProgress?.({
            phase,
            items: tally.items,
            bytes: tally.bytes,
            ...(expected.items === undefined ? {} : { totalItems: expected.items }),
            ...(expected.bytes === undefined ? {} : { totalBytes: expected.bytes }),
          });
        });
      } finally {
        await pool.close();
      }
    },
  };
};
