import { isBlocking } from '../findings/gate.ts';
import { type HookCaller, NOUN, SKIP } from '../hooks/types.ts';
import type { Finding, ScanResult } from '../types.ts';
import { createCleaner } from './clean.ts';
import { forTerminal } from './escape.ts';
import type { ReportOptions } from './options.ts';
import { createPaint } from './paint.ts';
import { placesOf } from './places.ts';
import { groupByRule } from './text.ts';
import { findingLines, groupFooter, groupHeader, type TextContext } from './text-finding.ts';
import { receiptLines } from './text-receipt.ts';
import { counted, shortId } from './words.ts';

const ENTRIES_SHOWN = 10;
const FILES_SHOWN = 5;

/**
 * What a hook says when it refuses: what is found and where, why it is believed, how to mend it, how to accept it and,
 * last, how to go on without the check.
 * @returns text ending in a newline
 */
export const renderHook = (result: ScanResult, hook: HookCaller, options: ReportOptions): string =>
  `${[...hookLines(result, hook, options)].join('\n')}\n`;

const hookLines = function* (result: ScanResult, hook: HookCaller, options: ReportOptions): Generator<string> {
  const context: TextContext = { options, clean: createCleaner(result, options), paint: createPaint(options.color) };
  const blocking = result.findings.filter((finding) => isBlocking(finding, result.gate));
  const noun = NOUN[hook];
  if (blocking.length > 0) {
    const refused = result.gate.exitCode === 0 ? `this ${noun} holds` : `this ${noun} is refused: it holds`;
    yield context.paint(`leakgate: ${refused} ${counted(blocking.length, 'secret')}.`, 'bold', 'red');
    yield '';
    for (const group of groupByRule(blocking)) {
      yield groupHeader(group, context);
      for (const finding of group) yield* findingLines(finding, context);
      yield* groupFooter(group[0], context);
      yield '';
    }
    yield* undoLines(blocking, hook);
    yield* allowLines(blocking, context);
  } else {
    const line = `leakgate: this ${noun} is refused: not everything in it could be read.`;
    yield context.paint(line, 'bold', 'yellow');
  }
  yield* receiptLines(result.receipt, context);
  if (result.gate.exitCode !== 0) yield `To go on without this check: ${SKIP[hook]}`;
};

/** How the secret gets out of what was refused; that it has to be revoked if it was ever pushed is said before. */
const undoLines = function* (findings: readonly Finding[], hook: HookCaller): Generator<string> {
  const places = findings.flatMap((finding) => placesOf(finding).map(({ occurrence }) => occurrence));
  const isStaged = places.some(({ origin }) => origin.type === 'staged');
  const commits = [...new Set(places.flatMap(({ commit }) => (commit ? [shortId(commit.oid)] : [])))];
  if (hook === 'commit-msg') {
    yield 'Take it out of the message: git commit --edit --file="$(git rev-parse --git-path COMMIT_EDITMSG)"';
  } else if (isStaged) {
    const paths = [...new Set(places.flatMap(({ path }) => path ?? []))];
    yield `Take it out of the commit: ${unstage(paths)}`;
    yield '  then put the value into a secret store or a file that git ignores, read it from there, and stage again';
  } else if (commits.length > 0) {
    yield `Take it out of ${commits.length === 1 ? 'commit' : 'commits'} ${commits.slice(0, FILES_SHOWN).join(', ')}${commits.length > FILES_SHOWN ? ' …' : ''}: a commit on top does not do, the history keeps it`;
    yield '  the last commit: change the files, git commit --all --amend';
    yield `  an older one: git rebase --interactive ${commits[0]}~1, say "edit", amend it, git rebase --continue`;
  }
};

/** Works before the first commit too, which `git restore --staged` does not. */
const unstage = (paths: readonly string[]): string => {
  const words = paths.slice(0, FILES_SHOWN).map(shellWord);
  const isShown = words.every((word) => word !== undefined) && paths.length <= FILES_SHOWN;
  return `git reset --quiet -- ${isShown ? words.join(' ') : 'FILE…'}`;
};

/** A path as one word for a shell and for git; undefined for one that can't be shown as it is. */
const shellWord = (path: string): string | undefined => {
  if (forTerminal(path) !== path) return undefined;
  // From a folder below the top a path counts from there, unless it says otherwise.
  const isPlain = !process.env.GIT_PREFIX && !/[*?[\\]|^:/.test(path);
  const spec = isPlain ? path : `:(top,literal)${path}`;
  return /^[\w./@%+=-]+$/.test(spec) ? spec : `'${spec.replaceAll("'", `'\\''`)}'`;
};

/** Entries to paste: a fingerprint accepts this value wherever it stands, and no other. */
const allowLines = function* (findings: readonly Finding[], { clean }: TextContext): Generator<string> {
  yield 'Not a secret, or accepted? Put this into a file that --config names:';
  yield '  allow:';
  for (const finding of findings.slice(0, ENTRIES_SHOWN)) {
    const place = finding.occurrences[0]!;
    const where = forTerminal(clean.path(place.path ?? place.origin.type));
    yield `    - fingerprint: ${finding.fingerprint} # ${forTerminal(finding.rule.id)} in ${where}`;
    yield '      reason: why it is harmless';
  }
  const rest = findings.length - ENTRIES_SHOWN;
  if (rest > 0) yield `    … and ${counted(rest, 'more entry', 'more entries')}, as the fingerprints above say`;
};
