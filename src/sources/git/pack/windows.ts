import { readSync } from 'node:fs';

/** Reads parts of large files through windows that are kept for a while: families lie close together in a pack. */
export interface Windows {
  /** The bytes [offset, offset + length) of a pack; undefined when it has not as many. Valid until the next call. */
  read(pack: File, offset: number, length: number): Buffer | undefined;
}

/** An open file; `serial` is its own, `fd` may be used again for another. */
interface File {
  readonly fd: number;
  readonly serial: number;
}

/** Bytes of a window, and how many of them are kept. Larger ones copy more than they save: families are scattered too. */
const WINDOW = 1 << 14;
const KEPT = 1024;

interface Window {
  file: number;
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

  const load = ({ fd, serial }: File, number: number): Window => {
    let window: Window;
    if (order.length < KEPT) {
      window = { file: serial, number, filled: 0, bytes: Buffer.allocUnsafeSlow(WINDOW) };
      order.push(window);
    } else {
      window = order[oldest]!;
      oldest = (oldest + 1) % KEPT;
      kept.delete(keyOf(window.file, window.number));
      window.file = serial;
      window.number = number;
    }
    window.filled = readSync(fd, window.bytes, 0, WINDOW, number * WINDOW);
    kept.set(keyOf(serial, number), window);
    return window;
  };
  const windowAt = (file: File, number: number): Window => kept.get(keyOf(file.serial, number)) ?? load(file, number);

  return {
    read: (file, offset, length) => {
      const number = Math.floor(offset / WINDOW);
      const start = offset - number * WINDOW;
      if (start + length <= WINDOW) {
        const { bytes, filled } = windowAt(file, number);
        return start + length <= filled ? bytes.subarray(start, start + length) : undefined;
      }
      if (joined.length < length) joined = Buffer.allocUnsafeSlow(length * 2);
      return readSync(file.fd, joined, 0, length, offset) === length ? joined.subarray(0, length) : undefined;
    },
  };
};

const keyOf = (serial: number, number: number): number => serial * 2 ** 36 + number;
