import picomatch from 'picomatch';
import { UsageError } from '../errors.ts';

/**
 * Says of a path whether the user's globs leave it out. One that matches a directory leaves out all that is in it.
 *
 * @param globs picomatch globs on paths relative to the root, '/' as separator
 * @throws UsageError for a glob that is empty or begins with '!'
 */
export function createExclude(globs: readonly string[]): (name: string) => boolean {
  if (globs.length === 0) return () => false;
  const all = globs.flatMap((glob) => {
    // picomatch would take '!x' for all but x.
    if (/^!(?!\()/.test(glob)) throw new UsageError(`an exclude glob can't begin with '!': ${glob}`);
    const bare = glob.replace(/^\.\//, '').replace(/\/+$/, '');
    if (bare === '') throw new UsageError('an exclude glob is empty');
    return [bare, `${bare}/**`];
  });
  // 's': names may hold line feeds.
  return picomatch(all, { dot: true, windows: false, flags: 's' });
}
