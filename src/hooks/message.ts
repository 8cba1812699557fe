import type { Cleanup } from '../sources/git/message-cleanup.ts';

const SCISSORS = `${'-'.repeat(24)} >8 ${'-'.repeat(24)}`;
/** What git writes below the scissors when it adds a diff. */
const BELOW_SCISSORS = 'Do not modify or remove the line above.';
/** What git chooses from with core.commentChar=auto. */
const AUTO_CHARACTERS = '#;@!$%^&|:';

/**
 * The part of a message file that git commits: without comment lines and without what stands below the scissors, where
 * git takes these out. Where it can't be known (`--cleanup` on the command line), more is kept, not less.
 * @param text the file, one character a byte (latin1), so that no byte is lost
 */
export const committedPart = (text: string, cleanup: Cleanup): string => {
  const comment = cleanup.comment === 'auto' ? autoComment(text) : cleanup.comment;
  const kept = aboveScissors(text, comment, cleanup);
  if (!dropsComments(cleanup)) return kept;
  return kept
    .split('\n')
    .filter((line) => !line.startsWith(comment))
    .join('\n');
};

const dropsComments = ({ mode, edited }: Cleanup): boolean => mode === 'strip' || (mode === 'default' && edited);

const aboveScissors = (text: string, comment: string, { mode, verbose, edited }: Cleanup): string => {
  const line = `${comment} ${SCISSORS}\n`;
  const at = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1;
  if (at === 0 && !text.startsWith(line)) return text;
  const isGits = edited && text.startsWith(`${comment} ${BELOW_SCISSORS}`, at + line.length);
  return (mode === 'scissors' && edited) || verbose || isGits ? text.slice(0, at) : text;
};

/** Git's own comments come last, and it chose a character for them that begins no line of the message. */
const autoComment = (text: string): string => {
  const scissors = new RegExp(`^(.) ${SCISSORS}$`, 'm').exec(text)?.[1];
  const last = text.trimEnd().split('\n').at(-1)?.[0] ?? '';
  const found = scissors ?? last;
  return found !== '' && AUTO_CHARACTERS.includes(found) ? found : '#';
};
