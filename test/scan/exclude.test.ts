import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { createExcluder } from '../../src/scan/exclude.ts';

describe('paths of a history that the user leaves out', () => {
  it('are those that a glob matches, and all that lies in a directory that one matches', async () => {
    const isExcluded = await createExcluder(['vendor', './docs/', '*.lock', 'a/**/*.pem']);
    for (const path of ['vendor', 'vendor/x.js', 'docs/deep/.env', 'yarn.lock', 'a/b/c/key.pem', 'vendor/two\nlines'])
      expect([path, isExcluded(path)]).toEqual([path, true]);
    for (const path of ['src/vendor/x.js', 'vendored', 'docs.md', 'a/key.txt'])
      expect([path, isExcluded(path)]).toEqual([path, false]);
  });

  it('are none without globs', async () => {
    expect((await createExcluder([]))('a')).toBe(false);
  });

  it('are never all but some', async () => {
    await expect(createExcluder(['!src'])).rejects.toThrow(UsageError);
    await expect(createExcluder(['/'])).rejects.toThrow(UsageError);
  });
});
