import { describe, expect, it } from 'vitest';
import { SourceError } from '../../src/errors.ts';
import { parsePrePush, parsePreReceive } from '../../src/hooks/updates.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);
const NULL = '0'.repeat(40);

describe('the lines that git gives to hooks', () => {
  it('are read for pre-push from their end, as local refs may have blanks', () => {
    expect(parsePrePush(`HEAD@{1 day ago} ${A} refs/heads/x ${NULL}\n(delete) ${NULL} refs/heads/y ${A}\n`)).toEqual([
      { ref: 'refs/heads/x', old: undefined, new: A },
      { ref: 'refs/heads/y', old: A, new: undefined },
    ]);
  });

  it('are read for pre-receive, SHA-256 too', () => {
    expect(parsePreReceive(`${'0'.repeat(64)} ${B} refs/tags/v1\n`)).toEqual([
      { ref: 'refs/tags/v1', old: undefined, new: B },
    ]);
  });

  it.each([
    'x',
    `${A} ${A}`,
    `refs/heads/x ${A.slice(1)} refs/heads/x ${A}`,
    `a ${A} b c ${A}`,
    `-- ${A} r ${'g'.repeat(40)}`,
  ])('that are anything else end the scan: %j', (line) => {
    expect(() => parsePrePush(`${line}\n`)).toThrow(SourceError);
    expect(() => parsePreReceive(`${line}\n`)).toThrow(SourceError);
  });

  it('may be none at all', () => {
    expect(parsePrePush('')).toEqual([]);
  });
});
