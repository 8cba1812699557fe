import type { Progress } from '../scan/options.ts';

/** Nothing is shown before this many milliseconds: most scans are done by then. */
const DELAY = 1000;
const INTERVAL = 200;

/** A progress line on a terminal's standard error, with rate and time left. */
export interface ProgressLine {
  readonly update: (progress: Progress) => void;
  /** Wipes the line. */
  readonly clear: () => void;
}

const MEGABYTE = 1e6;

/** Creates the line; it writes only when standard error is a terminal and not `quiet`. */
export const createProgressLine = (quiet: boolean): ProgressLine => {
  const enabled = process.stderr.isTTY === true && !quiet;
  const startedAt = performance.now();
  let shownAt = 0;
  let shown = false;
  return {
    update: (progress) => {
      const now = performance.now();
      if (!enabled || now - startedAt < DELAY || now - shownAt < INTERVAL) return;
      shownAt = now;
      shown = true;
      process.stderr.write(
        `\r\x1b[2K${lineOf(progress, now - startedAt).slice(0, (process.stderr.columns || 80) - 1)}`,
      );
    },
    clear: () => {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
};

const lineOf = ({ phase, items, bytes, totalItems, totalBytes }: Progress, elapsed: number): string => {
  if (phase === 'commits') return `looking up commits for what was found in ${items} objects`;
  const share = totalBytes ? bytes / totalBytes : totalItems ? items / totalItems : 0;
  const rate = `${(bytes / MEGABYTE / (elapsed / 1000)).toFixed(0)} MB/s`;
  const left = share > 0.01 ? `, ${timeLeft((elapsed / share) * (1 - share))} left` : '';
  const percent = share > 0 ? `${Math.floor(Math.min(share, 1) * 100)} % of ` : '';
  return `${percent}${totalItems ?? items} ${phase}, ${(bytes / MEGABYTE).toFixed(0)} MB, ${rate}${left}`;
};

const timeLeft = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
};
