// Loaded with `node --import` before a measured program: writes its peak memory (bytes) to the file PEAK_MEMORY_FILE.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.PEAK_MEMORY_FILE;
if (isMainThread && file) {
  // maxRSS is in kilobytes and covers every thread of the process, not the processes it starts.
  process.on('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS * 1024)));
}
