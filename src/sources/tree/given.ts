import { type Stats, statSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { inWords } from './errno.ts';

/**
 * What a path given on the command line is; undefined when nothing is there.
 * @throws UsageError when it can't be looked at
 */
export const statGiven = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`${path}: ${inWords(error)}`);
  }
};
