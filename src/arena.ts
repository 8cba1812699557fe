/** Hands out stretches of a kernel's memory to texts that are needed at the same time. */
export interface Arena {
  /** Address of `size` free bytes with room for the kernel to read beyond; undefined when there are not as many. */
  take(size: number): number | undefined;
  /** Gives back what take() handed out. */
  release(address: number): void;
}

/** The kernel reads up to this many bytes behind a text. */
const MARGIN = 64;

/** Makes an arena of the addresses [start, start + size). `reserve` is called for each stretch before it is used. */
export const createArena = (start: number, size: number, reserve: (address: number, size: number) => void): Arena => {
  // Few are out at a time, so the first gap is found by looking at all of them.
  const taken: { at: number; end: number }[] = [];
  return {
    take: (wanted) => {
      const length = (wanted + MARGIN + 63) & ~63;
      let at = start;
      let index = 0;
      while (index < taken.length && taken[index]!.at - at < length) at = taken[index++]!.end;
      if (at + length > start + size) return undefined;
      taken.splice(index, 0, { at, end: at + length });
      reserve(at, wanted);
      return at;
    },
    release: (address) => {
      const index = taken.findIndex(({ at }) => at === address);
      if (index < 0) throw new RangeError('an address was given back that is not taken');
      taken.splice(index, 1);
    },
  };
};
