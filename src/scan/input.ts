import type { Readable } from 'node:stream';
import { addItem, type JobReport } from './jobs.ts';
import { setUpScanner } from './setup.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** Scans one stream of bytes, reported under the path of `origin`. */
export const scanInput = async (
  input: AsyncIterable<Uint8Array>,
  origin: { readonly type: 'stdin' | 'file'; readonly path: string },
  { options, tally }: SourceRun,
): Promise<Placed[]> => {
  const { scanner } = await setUpScanner(options.detector, { locateDropped: options.explain });
  const report: JobReport = { items: {}, bytes: 0, found: [], dropped: {}, skipped: [], unread: [] };
  const item = await scanner.scanChunks(untilStopped(input, options.signal));
  if (item.bytes > 0) addItem(report, origin, origin.path, item);
  tally.add(report);
  return item.matches.map((match) => ({ match, origin, path: origin.path }));
};

/** Bytes that are there already, as an input. */
export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Ends the input where the scan is interrupted: a pipe may never end by itself. */
async function* untilStopped(input: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = input[Symbol.asyncIterator]();
  let stop: (() => void) | undefined;
  const onAbort = () => stop?.();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Uint8Array> | undefined>((resolve, reject) => {
        stop = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (!next || next.done) break;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // An open standard input would keep the process alive.
    if (signal.aborted) (input as Partial<Readable>).destroy?.();
  }
}
