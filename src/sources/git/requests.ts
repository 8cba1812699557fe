import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Ids are handed to git in pieces of about this many bytes. */
const PIECE_BYTES = 16384;

/**
 * The object ids asked of git: pulled from their source no faster than git reads them, kept until answered, so that
 * another git process can take over where one ended.
 */
export class Requests {
  /** How many were answered so far. */
  answers = 0;
  readonly #source: AsyncIterator<string> | Iterator<string>;
  #exhausted = false;
  #pending: string[] = [];
  #at = 0;

  constructor(oids: Iterable<string> | AsyncIterable<string>) {
    this.#source = Symbol.asyncIterator in oids ? oids[Symbol.asyncIterator]() : oids[Symbol.iterator]();
  }

  /** True when everything was asked and answered. */
  get finished(): boolean {
    return this.#exhausted && this.#at === this.#pending.length;
  }

  /** The id whose answer comes next. */
  get first(): string | undefined {
    return this.#pending[this.#at];
  }

  /** Call once an answer has come: answers come in the order of the questions. */
  answered(): void {
    this.answers++;
    this.#at++;
    if (this.#at < 4096) return;
    this.#pending.splice(0, this.#at);
    this.#at = 0;
  }

  /**
   * Writes what is unanswered and then all that is left to ask, and ends the stream. Resolves early when the reader
   * has gone away; rejects when the source of the ids fails.
   */
  async feed(stdin: Writable): Promise<void> {
    try {
      let piece = this.#pending
        .slice(this.#at)
        .map((oid) => `${oid}\n`)
        .join('');
      for (;;) {
        while (piece.length < PIECE_BYTES && !this.#exhausted) piece += await this.#pull();
        if (piece === '' || !(await write(stdin, piece))) return;
        piece = '';
      }
    } finally {
      stdin.end();
    }
  }

  /** Ends the source of the ids when reading stops before it is exhausted. */
  async close(): Promise<void> {
    if (!this.#exhausted) await this.#source.return?.();
    this.#exhausted = true;
  }

  async #pull(): Promise<string> {
    const answer = this.#source.next();
    const { done, value } = answer instanceof Promise ? await answer : (answer as IteratorResult<string>);
    if (done) {
      this.#exhausted = true;
      return '';
    }
    this.#pending.push(value);
    return `${value}\n`;
  }
}

/** True when the text was taken, false when nobody reads any more. */
async function write(stdin: Writable, text: string): Promise<boolean> {
  if (stdin.destroyed || !stdin.writable) return false;
  if (stdin.write(text, 'latin1')) return true;
  const gone = new AbortController();
  const settled = { signal: gone.signal };
  try {
    return await Promise.race([
      once(stdin, 'drain', settled).then(() => true),
      once(stdin, 'close', settled).then(() => false),
    ]);
  } catch {
    return false;
  } finally {
    gone.abort();
  }
}
