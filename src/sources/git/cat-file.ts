import { SourceError } from '../../errors.ts';
import { ByteReader } from './byte-reader.ts';
import { isObjectType, type ObjectType } from './objects.ts';
import type { Repository } from './repository.ts';
import { Requests } from './requests.ts';
import { GitError, type GitStream, gitStream } from './run.ts';

export interface ReadOptions {
  /** Objects with more bytes than this are handed over as `chunks` instead of one buffer. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** An object that fits `maxBytes`. `bytes` is often a view into a larger buffer: copy it to keep it. */
export interface WholeObject {
  readonly oid: string;
  readonly type: ObjectType;
  /** Bytes of content, without git's header. */
  readonly size: number;
  readonly bytes: Buffer;
}

/** An object larger than `maxBytes`. What is left of `chunks` when the next object is asked for is thrown away. */
export interface LargeObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly size: number;
  /** Throws SourceError when the object ends before `size` bytes. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** An object git doesn't have, or has but can't read: then `damaged` holds git's words. */
export interface MissingObject {
  readonly oid: string;
  readonly missing: true;
  readonly damaged?: string;
}

export type ReadObject = WholeObject | LargeObject | MissingObject;

/** Git ends at a damaged object; it is started again behind it, this many times. */
const RESTARTS = 100;

/**
 * Reads objects through `git cat-file --batch`, in the order asked for; each id gets exactly one answer.
 * `oids` are full object ids and must not depend on the answers: git holds answers back until its buffer is full.
 * An object git can't unpack is answered as damaged and does not end the reading. Throws SourceError, naming how far
 * it got, when git fails otherwise.
 */
export async function* readObjects(
  repo: Pick<Repository, 'dir'>,
  oids: Iterable<string> | AsyncIterable<string>,
  options: ReadOptions,
): AsyncGenerator<ReadObject, void, undefined> {
  const requests = new Requests(oids);
  try {
    for (let restarts = 0; !requests.finished; restarts++) {
      const damaged = yield* readUntilDamage(repo, requests, options, restarts < RESTARTS);
      if (damaged !== undefined) yield damaged;
    }
  } finally {
    await requests.close();
  }
}

/** One run of git. Returns the object that ended it, if git reported one as damaged before it was handed over. */
async function* readUntilDamage(
  repo: Pick<Repository, 'dir'>,
  requests: Requests,
  options: ReadOptions,
  mayRestart: boolean,
): AsyncGenerator<ReadObject, MissingObject | undefined, undefined> {
  const stream = gitStream(['cat-file', '--batch', '--buffer'], {
    cwd: repo.dir,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const fed = requests.feed(stream.stdin);
  fed.catch(() => stream.kill());
  let ended = false;
  try {
    const cutOff = yield* answers(stream, requests, options.maxBytes);
    ended = true;
    const failure = await stream.done.then(
      () => undefined,
      (error: unknown) => error,
    );
    await fed;
    if (failure === undefined && requests.finished) return undefined;
    const next = requests.first;
    if (!mayRestart || !(failure instanceof GitError) || failure.exitCode === undefined || next === undefined) {
      throw howFar(failure, requests);
    }
    if (cutOff) return undefined;
    requests.answered();
    return { oid: next, missing: true, damaged: failure.stderr };
  } finally {
    if (!ended) stream.kill();
  }
}

/** Parses git's output. Returns true when it ended inside a large object that was already handed over. */
async function* answers(
  stream: GitStream,
  requests: Requests,
  maxBytes: number,
): AsyncGenerator<ReadObject, boolean, undefined> {
  const input = new ByteReader(stream.stdout);
  for (;;) {
    const line = input.lineNow() ?? (await input.line());
    if (line === undefined) return false;
    const header = parseHeader(line);
    if (header === undefined) {
      requests.answered();
      yield { oid: line.slice(0, line.indexOf(' ')), missing: true };
      continue;
    }
    const { oid, type, size } = header;
    if (size <= maxBytes) {
      const bytes = input.takeNow(size + 1) ?? (await input.take(size + 1));
      if (bytes === undefined) return false;
      requests.answered();
      yield { oid, type, size, bytes: bytes.subarray(0, size) };
    } else {
      requests.answered();
      const rest = { bytes: size };
      yield { oid, type, size, chunks: pieces(input, oid, rest) };
      if (!(await skip(input, rest.bytes + 1))) return true;
    }
  }
}

/** `<oid> <type> <size>`; undefined for `<oid> missing`. */
function parseHeader(line: string): { oid: string; type: ObjectType; size: number } | undefined {
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  if (second < 0 && line.endsWith(' missing')) return undefined;
  const type = line.slice(first + 1, second);
  const size = Number(line.slice(second + 1));
  if (!isObjectType(type) || !Number.isSafeInteger(size)) {
    throw new SourceError('git cat-file gave an answer that was not understood');
  }
  return { oid: line.slice(0, first), type, size };
}

/** The bytes of a large object as they come; `rest` counts down what is still unread. */
async function* pieces(input: ByteReader, oid: string, rest: { bytes: number }): AsyncGenerator<Buffer> {
  while (rest.bytes > 0) {
    const piece = await input.some(rest.bytes);
    if (piece === undefined) throw new SourceError(`object ${oid} is damaged: ${rest.bytes} bytes of it can't be read`);
    rest.bytes -= piece.length;
    yield piece;
  }
}

async function skip(input: ByteReader, bytes: number): Promise<boolean> {
  while (bytes > 0) {
    const piece = await input.some(bytes);
    if (piece === undefined) return false;
    bytes -= piece.length;
  }
  return true;
}

function howFar(failure: unknown, requests: Requests): unknown {
  if (failure !== undefined && !(failure instanceof SourceError)) return failure;
  const why = failure?.message ?? 'git cat-file ended too early';
  return new SourceError(`${why} (after ${requests.answers} objects)`);
}
