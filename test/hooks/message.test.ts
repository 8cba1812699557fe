import { describe, expect, it } from 'vitest';
import { committedPart } from '../../src/hooks/message.ts';

const SCISSORS = `${'-'.repeat(24)} >8 ${'-'.repeat(24)}`;
const GITS = `# ${SCISSORS}\n# Do not modify or remove the line above.\n# Everything below it will be ignored.\ndiff\n`;

const part = (text: string, cleanup: Partial<Parameters<typeof committedPart>[1]> = {}) =>
  committedPart(text, { mode: 'default', comment: '#', edited: true, verbose: false, ...cleanup });

describe('committedPart', () => {
  it.each([
    ['comments go when an editor was open', 'a\n# b\n  # c\nd', {}, 'a\n  # c\nd'],
    ['comments stay without an editor', 'a\n# b', { edited: false }, 'a\n# b'],
    ['comments go always with cleanup strip', 'a\n# b', { edited: false, mode: 'strip' }, 'a'],
    ['comments stay with whitespace', 'a\n# b', { mode: 'whitespace' }, 'a\n# b'],
    ['comments stay with verbatim', 'a\n# b', { mode: 'verbatim' }, 'a\n# b'],
    ['comments stay with scissors', 'a\n# b', { mode: 'scissors' }, 'a\n# b'],
    ['the comment character may be several', 'a\n// b\n/ c', { comment: '//' }, 'a\n/ c'],
    ['auto takes that of the lines of git', 'a\n# b\n; c\n', { comment: 'auto' }, 'a\n# b\n'],
    ['auto without lines of git is #', 'a\n# b\nlast', { comment: 'auto' }, 'a\nlast'],
    ['the diff of commit -v goes', `a\n${GITS}`, {}, 'a\n'],
    ['nothing is above the scissors', GITS, {}, ''],
    ['scissors without the words of git stay', `a\n# ${SCISSORS}\nb`, { mode: 'whitespace' }, `a\n# ${SCISSORS}\nb`],
    ['scissors cut with cleanup scissors', `a\n# ${SCISSORS}\nb`, { mode: 'scissors' }, 'a\n'],
    ['and not without an editor', `a\n# ${SCISSORS}\nb`, { mode: 'scissors', edited: false }, `a\n# ${SCISSORS}\nb`],
    ['they cut with commit.verbose', `a\n# ${SCISSORS}\nb`, { verbose: true, edited: false }, 'a\n'],
    ['scissors in a line are none', `a # ${SCISSORS}\nb`, { mode: 'scissors' }, `a # ${SCISSORS}\nb`],
  ])('%s', (_, text, cleanup, expected) => {
    expect(part(text, cleanup)).toBe(expected);
  });
});
