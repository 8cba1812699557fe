import { join, resolve } from 'node:path';
import type { Repository } from './repository.ts';
import { git, splitNul } from './run.ts';

/** Where git looks for hooks (githooks(5)), and what says so. */
export interface HooksPlace {
  /** Absolute path of the folder; it need not exist. */
  readonly dir: string;
  /** The setting of core.hooksPath that counts; undefined when there is none and `dir` is the repository's own. */
  readonly setting: HooksSetting | undefined;
}

export interface HooksSetting {
  /** As git reads it, `~` replaced. */
  readonly value: string;
  /** 'here': of this repository or worktree; 'elsewhere': of the user, the system or the command line. */
  readonly scope: 'here' | 'elsewhere';
  /** The file it stands in, or 'the environment'. */
  readonly from: string;
}

type Repo = Pick<Repository, 'dir' | 'gitDir' | 'commonDir' | 'workTree'>;

/** Where git looks for hooks in this repository. Throws GitError. */
export async function hooksPlace(repo: Repo): Promise<HooksPlace> {
  const setting = await hooksSetting(repo);
  if (setting === undefined) return { dir: ownHooks(repo), setting };
  return { dir: resolve(repo.workTree ?? repo.gitDir, setting.value), setting };
}

/** The folder that counts when core.hooksPath is not set. All worktrees share it. */
export const ownHooks = ({ commonDir }: Pick<Repository, 'commonDir'>): string => join(commonDir, 'hooks');

async function hooksSetting(repo: Repo): Promise<HooksSetting | undefined> {
  const args = ['config', '-z', '--show-origin', '--type=path', '--get-all', 'core.hooksPath'];
  const fields = splitNul(await git(args, { cwd: repo.dir })).map((field) => field.toString('utf8'));
  // The last one is what this program sets for every git it starts.
  const [origin, value] = fields.slice(0, -2).slice(-2);
  if (origin === undefined || value === undefined) return undefined;
  if (!origin.startsWith('file:')) return { value, scope: 'elsewhere', from: 'the environment' };
  const from = resolve(repo.dir, origin.slice('file:'.length));
  const own = [join(repo.commonDir, 'config'), join(repo.gitDir, 'config'), join(repo.gitDir, 'config.worktree')];
  return { value, scope: own.includes(from) ? 'here' : 'elsewhere', from };
}
