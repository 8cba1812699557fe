import { describe, expect, it } from 'vitest';
import { groupFindings } from '../../src/findings/grouping.ts';
import { markAllowed, withReasons } from '../../src/scan/allowed.ts';
import type { Reviewed } from '../../src/scan/options.ts';
import { located, randomToken, ruleFacts } from '../findings/sample.ts';

const secret = randomToken();

/** A place of the same secret. */
const place = (path: string, allowed?: string, introduced?: boolean): Reviewed => ({
  placed: located(path, { secret, identity: secret }, introduced === undefined ? {} : { introduced }),
  ...(allowed === undefined ? {} : { allowed }),
});

const marked = (...reviewed: readonly Reviewed[]) => {
  const [finding, ...others] = markAllowed(groupFindings(withReasons(reviewed), ruleFacts), reviewed);
  expect(others).toEqual([]);
  return finding;
};

describe('a finding whose places were reviewed', () => {
  it('is allowed when every place is, and says each reason once', () => {
    const finding = marked(place('a', 'samples'), place('b', 'docs'), place('c', 'docs'));
    expect(finding).toMatchObject({ status: 'allowed', reasons: expect.arrayContaining(['docs', 'samples']) });
    expect(finding?.reasons.filter((reason) => reason === 'docs')).toHaveLength(1);
  });

  it('stays as it is with a place that is not accepted, and the others say why they are', () => {
    const finding = marked(place('a', 'samples'), place('b'));
    expect(finding?.status).toBe('active');
    expect(finding?.occurrences.map(({ path, note }) => [path, note])).toEqual([
      ['a', 'samples'],
      ['b', undefined],
    ]);
  });

  it('was there before when all that is not accepted was', () => {
    expect(marked(place('a', 'samples', true), place('b', undefined, false))?.status).toBe('pre-existing');
    expect(marked(place('a', 'samples', false), place('b', undefined, true))?.status).toBe('active');
  });
});
