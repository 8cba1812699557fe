import path from 'node:path';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { UsageError } from '../errors.ts';
import { applyGate } from '../findings/gate.ts';
import { openRepository, type Repository } from '../sources/git/repository.ts';
import { statGiven } from '../sources/tree/given.ts';
import type { ScanResult } from '../types.ts';
import { isStoppedSoon } from './interrupt.ts';
import type { ScanOptions, Target } from './options.ts';
import { KNOWN_CLEAN } from './reasons.ts';
import { createSourceRun, type Placed, type SourceRun } from './source-run.ts';
import { createTally, type Tally } from './tally.ts';

/** What a hook of git asks about: nothing staged, nothing to push or an empty message is an answer. */
const MAY_BE_EMPTY: readonly Target['mode'][] = ['staged', 'push', 'message'];

/**
 * Scans a target and decides whether it passes.
 * @throws UsageError for what the user can mend (a path that is not there, an unknown ref), SourceError when the source
 * can't be read at all. Everything less is in the receipt.
 */
export const scan = async (target: Target, options: ScanOptions): Promise<ScanResult> => {
  const startedAt = performance.now();
  const tally = createTally();
  tally.skip(...(options.notApplied ?? []));
  const source = createSourceRun(options, tally);
  const placed = await untilInterrupted(scanTarget(target, source), source).finally(source.close);
  const interrupted = options.signal.aborted;
  const isRead = tally.items > 0 || tally.hasSkipped(KNOWN_CLEAN);
  if (!interrupted && !isRead && !MAY_BE_EMPTY.includes(target.mode)) skipNothing(tally, target);
  const rules = decodeRuleSet(options.detector.rules);
  // Most runs find nothing: what turns matches into findings is loaded when there are some.
  const findings = placed.length === 0 ? [] : (await import('./assemble.ts')).assembleFindings(placed, rules, options);
  const receipt = tally.receipt({
    target: labelOf(target),
    mode: target.mode,
    rules: options.detector.only?.length ?? rules.active,
    engine: options.detector.needsLinear ? options.detector.engine : 'v8',
    startedAt,
    interrupted,
  });
  const gate = applyGate(
    findings,
    { complete: receipt.complete, interrupted, incompleteReasons: tally.incompleteReasons },
    options,
  );
  return { findings, receipt, gate, ...(options.explain ? { droppedMatches: droppedOf(tally) } : {}) };
};

/** An interrupted scan still reports what it found. */
const untilInterrupted = async (placed: Promise<Placed[]>, { options, tally }: SourceRun): Promise<Placed[]> => {
  try {
    return await placed;
  } catch (error) {
    const isLikely = !(error instanceof UsageError);
    if (!options.signal.aborted && !(isLikely && (await isStoppedSoon(() => options.signal.aborted)))) throw error;
    return tally.found.flatMap(({ origin, matches }) =>
      matches.map((match) => ({ match, origin, ...('path' in origin ? { path: origin.path } : {}) })),
    );
  }
};

const scanTarget = async (target: Target, source: SourceRun): Promise<Placed[]> => {
  // Each source is loaded when it is asked for: the hook needs one of them only.
  switch (target.mode) {
    case 'dir':
      return (await import('./tree.ts')).scanTree(process.cwd(), target, source);
    case 'stdin':
      return (await import('./input.ts')).scanInput(target.input, { type: 'stdin', path: target.name }, source);
    case 'message': {
      const { oneChunk, scanInput } = await import('./input.ts');
      return scanInput(oneChunk(target.text), { type: 'file', path: target.name }, source);
    }
    case 'history':
      return (await import('./history.ts')).scanHistory(await repositoryAt(target.dir), source, target.limits);
    case 'range':
      return (await import('./range.ts')).scanRange(await repositoryAt(target.dir), target.range, source);
    case 'push':
      return (await import('./range.ts')).scanPush(await repositoryAt(target.dir), target, source);
    case 'staged':
      return (await import('./staged.ts')).scanStaged(await repositoryAt(target.dir), source);
    case 'repository': {
      const repo = await repositoryAt(target.dir);
      const history = await (await import('./history.ts')).scanHistory(repo, source);
      if (!repo.workTree || source.options.signal.aborted) return history;
      const { scanTree } = await import('./tree.ts');
      return [...history, ...(await scanTree(repo.workTree, { paths: ['.'], ignored: target.ignored }, source))];
    }
  }
};

const repositoryAt = async (dir: string): Promise<Repository> => {
  if (!statGiven(dir)) throw new UsageError(`no such folder: ${dir}`);
  const repo = await openRepository(dir);
  if (!repo) throw new UsageError(`not a git repository: ${dir}`, 'to scan a folder without git: leakgate dir PATH');
  return repo;
};

/** Nothing was read: that is not the same as nothing was found. */
const skipNothing = (tally: Tally, target: Target): void => {
  const detail = target.mode === 'range' ? 'the range introduces nothing' : 'there was nothing to read';
  if (!tally.incompleteReasons.has('empty range'))
    tally.skip({ reason: 'nothing scanned', where: '', incomplete: true, detail });
};

const labelOf = (target: Target): string => {
  switch (target.mode) {
    case 'dir':
      return target.paths.join(' ');
    case 'stdin':
    case 'message':
      return target.name;
    case 'range':
      return `${path.basename(path.resolve(target.dir))} ${target.range}`;
    default:
      return path.basename(path.resolve(target.dir));
  }
};

const droppedOf = (tally: Tally) =>
  tally.found.flatMap(({ origin, dropped }) =>
    dropped.map((one) => ({ ...one, path: 'path' in origin ? origin.path : 'oid' in origin ? origin.oid : '' })),
  );
