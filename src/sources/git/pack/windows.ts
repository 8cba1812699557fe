import { readSync } from 'node:fs';

/** Reads parts of large files through windows that are kept for a while: families lie close together in a pack. */
export interface Windows {
  /** The bytes [offset, offset + length) of a file; undefined when it has not as many. Valid until the next call. */
  read(fd: number, offset: number, length: number): Buffer | undefined;
}

/** Bytes of a window, and how many of them are kept. Larger ones copy more than they save: families are scattered too. */
const WINDOW = 1 << 14;
const KEPT = 1024;

interface Window {
  fd: number;
  number: number;
  filled: number;
  bytes: Buffer;
}

/** Makes windows that use 16 MiB at most, and as much as the longest read. */
export const createWindows = (): Windows => {
  const kept = new Map<number, Window>();
  const order: Window[] = [];
  let oldest = 0;
  let joined = Buffer.alloc(0);

  const load = (fd: number, number: number): Window => {
    let window: Window;
    if (order.length < KEPT) {
      window = { fd, number, filled: 0, bytes: Buffer.allocUnsafeSlow(WINDOW) };
      order.push(window);
    } else {
      window = order[oldest]!;
      oldest = (oldest + 1) % KEPT;
      kept.delete(keyOf(window.fd, window.number));
      window.fd = fd;
      window.number = number;
    }
    window.filled = readSync(fd, window.bytes, 0, WINDOW, number * WINDOW);
    kept.set(keyOf(fd, number), window);
    return window;
  };
  const windowAt = (fd: number, number: number): Window => kept.get(keyOf(fd, number)) ?? load(fd, number);

  return {
    read: (fd, offset, length) => {
      const number = Math.floor(offset / WINDOW);
      const start = offset - number * WINDOW;
      if (start + length <= WINDOW) {
        const { bytes, filled } = windowAt(fd, number);
        return start + length <= filled ? bytes.subarray(start, start + length) : undefined;
      }
      if (joined.length < length) joined = Buffer.allocUnsafeSlow(length * 2);
      return readSync(fd, joined, 0, length, offset) === length ? joined.subarray(0, length) : undefined;
    },
  };
};

const keyOf = (fd: number, number: number): number => fd * 2 ** 32 + number;
