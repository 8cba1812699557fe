import { setImmediate, setTimeout } from 'node:timers/promises';

/** Milliseconds of work without a look at signals and messages. */
const PAUSE_EVERY = 50;
/** Milliseconds that news of an interruption may be late. */
const LATE = 200;

/** Creates a function that, called often, now and then lets the event loop run: else Ctrl-C would wait for the end. */
export const createPause = (): (() => Promise<void>) => {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE_EVERY) return;
    await setImmediate();
    last = performance.now();
  };
};

/**
 * Tells whether a failure comes from an interruption. A terminal sends Ctrl-C to git too, which may end before this
 * process hears of it, so a moment is waited for.
 */
export const isStoppedSoon = async (isStopped: () => boolean): Promise<boolean> => {
  for (let waited = 0; waited < LATE && !isStopped(); waited += 20) await setTimeout(20);
  return isStopped();
};
