import { SourceError } from '../errors.ts';

/** One ref that a push moves. Ids are full; undefined where git writes zeros: a ref that is new, or deleted. */
export interface RefUpdate {
  /** Full name of the ref at the receiving side. */
  readonly ref: string;
  /** What the receiving side has there. It need not be an object of this repository. */
  readonly old: string | undefined;
  /** What it gets; undefined when the ref is deleted. */
  readonly new: string | undefined;
}

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const NULL_ID = /^0+$/;

/**
 * Reads what git writes to pre-push (githooks(5)): `<local ref> SP <local id> SP <remote ref> SP <remote id> LF`. The
 * local ref is what the user wrote and may hold blanks (`HEAD@{1 day ago}`), so lines are read from their end.
 * Throws SourceError for anything else.
 */
export const parsePrePush = (text: string): RefUpdate[] =>
  linesOf(text).map((line) => {
    const [, to, ref, from] = /^.+ ([0-9a-f]+) (\S+) ([0-9a-f]+)$/.exec(line) ?? [];
    return update('pre-push', ref, from, to);
  });

/** Reads what git writes to pre-receive (githooks(5)): `<old id> SP <new id> SP <ref> LF`. Throws as `parsePrePush`. */
export const parsePreReceive = (text: string): RefUpdate[] =>
  linesOf(text).map((line) => {
    const [, from, to, ref] = /^([0-9a-f]+) ([0-9a-f]+) (\S+)$/.exec(line) ?? [];
    return update('pre-receive', ref, from, to);
  });

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const update = (hook: string, ref?: string, from?: string, to?: string): RefUpdate => {
  if (!ref || !from || !to || !ID.test(from) || !ID.test(to)) {
    throw new SourceError(`${hook} was given a line on standard input that is not what git writes there`);
  }
  return { ref, old: NULL_ID.test(from) ? undefined : from, new: NULL_ID.test(to) ? undefined : to };
};
