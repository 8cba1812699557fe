import type { Repository } from './repository.ts';
import { gitLines } from './run.ts';

type Options = { readonly signal?: AbortSignal };

/** What a commit builds on. */
export interface CommitFacts {
  /** Id of its tree. */
  readonly tree: string;
  readonly parents: readonly string[];
}

/** The commits that refs lead to, parents before children, then by commit date; with what each builds on. */
export type CommitHistory = ReadonlyMap<string, CommitFacts>;

const FORMAT = ['--parents', '--format=%T'] as const;

/** Lines `commit ID PARENT…` and the tree's id, in turn. */
const parseFacts = (lines: readonly string[], facts: Map<string, CommitFacts>): void => {
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [, oid = '', ...parents] = lines[i]!.split(' ');
    facts.set(oid, { tree: lines[i + 1]!, parents });
  }
};

/** Reads the history of all refs in one go. Throws GitError. */
export const readHistory = async (repo: Pick<Repository, 'dir'>, options: Options = {}): Promise<CommitHistory> => {
  const order = ['--ignore-missing', '--date-order', '--reverse', '--all'];
  const facts = new Map<string, CommitFacts>();
  parseFacts(await gitLines(['rev-list', ...order, ...FORMAT], { cwd: repo.dir, ...options }), facts);
  return facts;
};

/** The same of some commits. Throws GitError when one can't be read. */
export const readFacts = async (
  repo: Pick<Repository, 'dir'>,
  commits: readonly string[],
  options: Options = {},
): Promise<Map<string, CommitFacts>> => {
  const facts = new Map<string, CommitFacts>();
  if (commits.length === 0) return facts;
  const lines = await gitLines(['rev-list', '--no-walk=unsorted', '--stdin', ...FORMAT], {
    cwd: repo.dir,
    input: commits.map((oid) => `${oid}\n`).join(''),
    ...options,
  });
  parseFacts(lines, facts);
  return facts;
};
