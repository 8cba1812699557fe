/** Says of a path whether the user's globs leave it out. The glob library is loaded only when there are globs. */
export const createExcluder = async (globs: readonly string[]): Promise<(path: string) => boolean> => {
  if (globs.length === 0) return () => false;
  const { default: picomatch } = await import('picomatch');
  return picomatch([...globs], { dot: true });
};
