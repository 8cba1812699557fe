import type { CommitInfo, Reach } from '../../types.ts';
import { ancestorsOf, type CommitHistory } from './commit-facts.ts';
import { readMessages } from './commits.ts';
import { listRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { visitCommits } from './rev-list.ts';

interface Options {
  readonly signal?: AbortSignal;
  /** The commits of all refs, when they were read before. */
  readonly history?: CommitHistory;
}

/** Where a commit's or tag's message stands. */
export interface MessageHistory {
  readonly type: 'commit' | 'tag';
  /** Author or tagger, date and subject; of a tag, `oid` is the tag's. */
  readonly info: CommitInfo;
  readonly reach: Reach;
  /** The name a tag gives itself. */
  readonly tagName?: string;
  /** A ref that leads to the tag, if any. */
  readonly ref?: string;
}

/**
 * Finds for commits and tags (by object id) who wrote their message and what still leads to them: 'at HEAD' when HEAD's
 * history holds the commit, 'history only' when a ref leads to it, else 'unreachable'. Ids that name nothing readable
 * are left out of the answer.
 */
export async function attributeCommits(
  repo: Repository,
  oids: ReadonlySet<string>,
  options: Options = {},
): Promise<Map<string, MessageHistory>> {
  const messages = await readMessages(repo, oids, options);
  const commits = new Set([...messages].filter(([, { tagName }]) => tagName === undefined).map(([oid]) => oid));
  const { atHead, inRefs } = knownReach(repo, commits, options.history) ?? (await askedReach(repo, commits, options));
  const tags = commits.size < messages.size ? await tagRefs(repo, options) : new Map<string, string>();
  const histories = new Map<string, MessageHistory>();
  for (const [oid, { info, tagName }] of messages) {
    if (tagName === undefined) {
      const reach = atHead.has(oid) ? 'at HEAD' : inRefs.has(oid) ? 'history only' : 'unreachable';
      histories.set(oid, { type: 'commit', info, reach });
    } else {
      const ref = tags.get(oid);
      const named = ref === undefined ? {} : { ref };
      histories.set(oid, {
        type: 'tag',
        info,
        reach: ref === undefined ? 'unreachable' : 'history only',
        tagName,
        ...named,
      });
    }
  }
  return histories;
}

interface CommitReach {
  readonly atHead: ReadonlySet<string>;
  /** Of the others, those that refs lead to. */
  readonly inRefs: ReadonlySet<string>;
}

/** What the history says; undefined when it was not read, or is cut somewhere behind HEAD. */
function knownReach(
  repo: Repository,
  commits: ReadonlySet<string>,
  history: CommitHistory | undefined,
): CommitReach | undefined {
  const isAtHead = history && repo.head !== undefined ? ancestorsOf(history, repo.head) : undefined;
  if (!history || !isAtHead) return undefined;
  const atHead = new Set([...commits].filter(isAtHead));
  const inRefs = new Set([...commits].filter((oid) => !atHead.has(oid) && history.placeOf(oid) !== undefined));
  return { atHead, inRefs };
}

async function askedReach(repo: Repository, commits: ReadonlySet<string>, options: Options): Promise<CommitReach> {
  const atHead = repo.head === undefined ? new Set<string>() : await reachable(repo, commits, [repo.head], options);
  const others = new Set([...commits].filter((oid) => !atHead.has(oid)));
  return { atHead, inRefs: await reachable(repo, others, ['--all'], options) };
}

/** Those of `commits` that the revisions lead to. */
async function reachable(
  repo: Repository,
  commits: ReadonlySet<string>,
  revisions: readonly string[],
  options: Options,
): Promise<Set<string>> {
  const reached = new Set<string>();
  if (commits.size === 0) return reached;
  const visit = (oid: string) => {
    if (commits.has(oid)) reached.add(oid);
  };
  await visitCommits(repo, revisions, options, visit, () => reached.size === commits.size);
  return reached;
}

/** Tag objects that refs lead to, through tags of tags too, each with a ref that does. */
async function tagRefs(repo: Repository, options: Options): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let level = new Map<string, string>();
  for (const ref of await listRefs(repo, options)) if (ref.type === 'tag') level.set(ref.oid, ref.name);
  while (level.size > 0) {
    const inner = new Map<string, string>();
    for (const [oid, name] of level) names.set(oid, name);
    for (const [oid, { target }] of await readMessages(repo, level.keys(), options)) {
      if (target !== undefined && !names.has(target)) inner.set(target, names.get(oid)!);
    }
    level = new Map([...inner].filter(([oid]) => !names.has(oid)));
  }
  return names;
}
