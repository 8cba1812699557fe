import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../src/arena.ts';

describe('an arena', () => {
  it('hands out stretches that do not meet, and all of its room again once they are back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3000 })), { maxLength: 80 }), (steps) => {
        const arena = createArena(4096, 20_000, () => undefined);
        const out: { at: number; end: number }[] = [];
        for (const [takes, size] of steps) {
          if (takes) {
            const at = arena.take(size);
            if (at === undefined) continue;
            // With a margin that the kernel may read.
            const end = at + size + 64;
            expect(at >= 4096 && end <= 4096 + 20_000).toBe(true);
            expect(out.some((other) => at < other.end && other.at < end)).toBe(false);
            out.push({ at, end });
          } else if (out.length > 0) arena.release(out.splice(size % out.length, 1)[0]!.at);
        }
        for (const { at } of out) arena.release(at);
        expect(arena.take(19_900)).toBe(4096);
      }),
    );
  });

  it('refuses an address that is not out', () => {
    expect(() => createArena(0, 1000, () => undefined).release(64)).toThrow(RangeError);
  });
});
