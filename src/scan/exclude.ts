/** As createExclude, with the glob library loaded only when there are globs. @throws UsageError for a bad glob. */
export const createExcluder = async (globs: readonly string[]): Promise<(path: string) => boolean> => {
  if (globs.length === 0) return () => false;
  const { createExclude } = await import('../sources/exclude.ts');
  return createExclude(globs);
};
