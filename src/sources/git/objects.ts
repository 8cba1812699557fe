import type { Repository } from './repository.ts';
import { gitStream } from './run.ts';

export const OBJECT_TYPES = ['commit', 'tree', 'blob', 'tag'] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** An object of the repository. `missing`: git lists it but can't read even its header (damaged). */
export interface ObjectEntry {
  readonly oid: string;
  readonly type: ObjectType | 'missing';
  /** Bytes of content when unpacked. */
  readonly size: number;
}

export function isObjectType(word: string): word is ObjectType {
  return (OBJECT_TYPES as readonly string[]).includes(word);
}

/**
 * Lists every object of the repository once: packed, loose and from alternates, reachable or not, in the order in
 * which git reads them fastest. Yields batches of up to a few thousand. Throws GitError.
 */
export async function* listObjects(
  repo: Pick<Repository, 'dir'>,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<ObjectEntry[], void, undefined> {
  yield* entriesOf(repo, ['--batch-all-objects', '--unordered'], '', options);
}

/** As listObjects, of the objects asked for, in their order. Throws GitError. */
export async function* describeObjects(
  repo: Pick<Repository, 'dir'>,
  oids: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<ObjectEntry[], void, undefined> {
  if (oids.length > 0) yield* entriesOf(repo, [], `${oids.join('\n')}\n`, options);
}

async function* entriesOf(
  repo: Pick<Repository, 'dir'>,
  args: readonly string[],
  input: string,
  options: { readonly signal?: AbortSignal },
): AsyncGenerator<ObjectEntry[], void, undefined> {
  const stream = gitStream(['cat-file', '--batch-check', '--buffer', ...args], {
    cwd: repo.dir,
    input,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let ended = false;
  try {
    let carried = '';
    for await (const chunk of stream.stdout as AsyncIterable<Buffer>) {
      const text = carried + chunk.toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      carried = text.slice(end);
      yield parseEntries(text, end);
    }
    ended = true;
    await stream.done;
  } finally {
    if (!ended) stream.kill();
  }
}

/** Lines `<oid> <type> <size>` or `<oid> missing`, up to `end`. */
function parseEntries(text: string, end: number): ObjectEntry[] {
  const entries: ObjectEntry[] = [];
  for (let start = 0; start < end; ) {
    const lineEnd = text.indexOf('\n', start);
    const typeStart = text.indexOf(' ', start) + 1;
    const typeEnd = text.indexOf(' ', typeStart);
    const whole = typeEnd > 0 && typeEnd < lineEnd;
    const type = whole ? text.slice(typeStart, typeEnd) : 'missing';
    entries.push({
      oid: text.slice(start, typeStart - 1),
      type: isObjectType(type) ? type : 'missing',
      size: whole ? Number(text.slice(typeEnd + 1, lineEnd)) : 0,
    });
    start = lineEnd + 1;
  }
  return entries;
}
