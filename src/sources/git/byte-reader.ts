import type { Readable } from 'node:stream';

const NEWLINE = 10;

/** The stream is paused while this many unread bytes wait. */
const WAITING_BYTES = 4 << 20;

/**
 * Takes lines and counted bytes out of a stream. The `…Now` forms answer only from the chunk at hand, without a copy
 * and without waiting; the others wait for more chunks.
 */
export class ByteReader {
  readonly #stream: Readable;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** Reads by events: iterating a stream costs more than the bytes do. A stream that fails counts as ended. */
  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > WAITING_BYTES) stream.pause();
      this.#wake?.();
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    stream.on('end', end).on('error', end).on('close', end);
  }

  /** The next line without its end, or undefined when it is not all in the chunk at hand. */
  lineNow(): string | undefined {
    const end = this.#chunk.indexOf(NEWLINE, this.#at);
    if (end < 0) return undefined;
    const line = this.#chunk.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** The next line without its end; undefined when the stream ends first. */
  async line(): Promise<string | undefined> {
    let start = '';
    for (;;) {
      const line = this.lineNow();
      if (line !== undefined) return start + line;
      start += this.#chunk.toString('latin1', this.#at);
      if (!(await this.#more())) return undefined;
    }
  }

  /** A view of the next `count` bytes, or undefined when they are not all in the chunk at hand. */
  takeNow(count: number): Buffer | undefined {
    if (this.#chunk.length - this.#at < count) return undefined;
    const bytes = this.#chunk.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  /** The next `count` bytes; undefined when the stream ends first. */
  async take(count: number): Promise<Buffer | undefined> {
    const bytes = Buffer.allocUnsafe(count);
    let filled = 0;
    while (filled < count) {
      const piece = await this.some(count - filled);
      if (piece === undefined) return undefined;
      filled += piece.copy(bytes, filled);
    }
    return bytes;
  }

  /** At least one and at most `limit` bytes, as they come; undefined at the end of the stream. */
  async some(limit: number): Promise<Buffer | undefined> {
    while (this.#at === this.#chunk.length) {
      if (!(await this.#more())) return undefined;
    }
    const piece = this.#chunk.subarray(this.#at, this.#at + limit);
    this.#at += piece.length;
    return piece;
  }

  async #more(): Promise<boolean> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const chunk = this.#waiting.shift();
    this.#chunk = chunk ?? Buffer.alloc(0);
    this.#at = 0;
    this.#waitingBytes -= this.#chunk.length;
    if (this.#waitingBytes <= WAITING_BYTES && this.#stream.isPaused()) this.#stream.resume();
    return chunk !== undefined;
  }
}
