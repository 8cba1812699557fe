import { addItem, type JobReport } from './jobs.ts';
import { setUpScanner } from './setup.ts';
import type { Placed, SourceRun } from './source-run.ts';

/** Scans one stream of bytes, reported under `name`. */
export const scanInput = async (input: AsyncIterable<Uint8Array>, name: string, { options, tally }: SourceRun): Promise<Placed[]> => {
  const { scanner } = await setUpScanner(options.detector, { locateDropped: options.explain });
  const report: JobReport = { items: {}, bytes: 0, found: [], dropped: {}, skipped: [] };
  const item = await scanner.scanChunks(input);
  if (item.bytes > 0) addItem(report, { type: 'stdin', path: name }, name, item, { keepDropped: options.explain });
  tally.add(report);
  return item.matches.map((match) => ({ match, origin: { type: 'stdin', path: name }, path: name }));
};
