import type { HookCaller } from '../hooks/types.ts';
import type { Finding, Occurrence } from '../types.ts';
import { forTerminal } from './escape.ts';
import { placesOf } from './places.ts';
import type { TextContext } from './text-finding.ts';
import { shortId } from './words.ts';

const SHOWN = 5;

/** How a secret gets out of what a hook refused. That it has to be revoked if it was ever pushed is said before. */
export const undoLines = function* (
  findings: readonly Finding[],
  hook: HookCaller,
  context: TextContext,
): Generator<string> {
  if (hook === 'commit-msg') {
    yield 'Take it out of the message: git commit --edit --file="$(git rev-parse --git-path COMMIT_EDITMSG)"';
    return;
  }
  const places = findings
    .flatMap((finding) => placesOf(finding).map(({ occurrence }) => occurrence))
    .filter(({ introduced }) => introduced !== false);
  const of = (type: Occurrence['origin']['type']) => places.filter(({ origin }) => origin.type === type);
  const staged = distinct(of('staged').map(({ path }) => path));
  if (staged.length > 0) {
    yield `Take it out of the commit: ${unstage(staged, context)}`;
    yield '  then put the value into a secret store or a file that git ignores, read it from there, and stage again';
  }
  if (of('tag-message').length > 0) {
    yield 'Make the tag again with another message: git tag --force --annotate NAME COMMIT';
  }
  yield* commitLines(distinct([...of('blob'), ...of('commit-message')].map(({ commit }) => commit?.oid)));
};

const commitLines = function* (commits: readonly string[]): Generator<string> {
  const [first] = commits;
  if (first === undefined) return;
  const names = commits.slice(0, SHOWN).map(shortId).join(', ') + (commits.length > SHOWN ? ' …' : '');
  yield `Take it out of ${commits.length === 1 ? 'commit' : 'commits'} ${names}; a commit on top is not enough, the history keeps it`;
  yield '  the last commit: change the files, then git commit --all --amend';
  yield `  an older one: git rebase --interactive ${shortId(first)}~1, say "edit", amend it, git rebase --continue`;
};

const distinct = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => text ?? [])),
];

/** Works before the first commit too, which `git restore --staged` does not. */
const unstage = (paths: readonly string[], context: TextContext): string => {
  const words = paths.slice(0, SHOWN).map((path) => shellWord(path, context));
  const isShown = paths.length <= SHOWN && words.every((word) => word !== undefined);
  return `git reset --quiet -- ${isShown ? words.join(' ') : 'FILE…'}`;
};

/** A path as one word for a shell and for git; undefined for one that can't be shown as it is. */
const shellWord = (path: string, { clean }: TextContext): string | undefined => {
  if (forTerminal(clean.path(path)) !== path) return undefined;
  // In a folder below the top a path counts from there, unless it says otherwise.
  const isPlain = !process.env.GIT_PREFIX && !/[*?[\\]|^:/.test(path);
  const spec = isPlain ? path : `:(top,literal)${path}`;
  return /^[\w./@%+=-]+$/.test(spec) ? spec : `'${spec.replaceAll("'", `'\\''`)}'`;
};
