import { git } from './run.ts';

/** How git cleans a commit message before it commits it, as far as it decides which lines stay (git-commit(1), --cleanup). */
export interface Cleanup {
  /** `commit.cleanup`; 'default' when it is not set. */
  readonly mode: string;
  /** `core.commentString` or `core.commentChar`: '#' when not set, or 'auto'. */
  readonly comment: string;
  /** An editor was open: only then does the default mode take comments out, and only then does git add a diff. */
  readonly edited: boolean;
  /** `commit.verbose`: what stands below the scissors is a diff that git added. */
  readonly verbose: boolean;
}

const KEYS = '^(commit\\.(cleanup|verbose)|core\\.comment(char|string))$';

/**
 * What the configuration and the environment of a commit-msg hook say of how git cleans the message. Throws GitError.
 * Git sets GIT_EDITOR to ':' for hooks when no editor was open (githooks(5)).
 */
export async function readCleanup(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<Cleanup> {
  const output = await git(['config', '-z', '--get-regexp', KEYS], { cwd, okCodes: [0, 1] });
  const settings = new Map<string, string>();
  let comment = '#';
  for (const entry of output.toString('latin1').split('\0')) {
    const end = entry.indexOf('\n');
    // A key without '=' is true, as git reads it.
    const [key, value] = end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    // The two are one setting, of which the last one counts.
    if (key.startsWith('core.comment') && value !== '') comment = value;
    settings.set(key, value);
  }
  return {
    mode: settings.get('commit.cleanup') ?? 'default',
    comment,
    edited: env.GIT_EDITOR !== ':',
    verbose: !/^(?:|0|false|no|off)$/i.test(settings.get('commit.verbose') ?? ''),
  };
}
