import { statSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { SourceError, UsageError } from '../errors.ts';
import { applyGate } from '../findings/gate.ts';
import { groupFindings } from '../findings/grouping.ts';
import { confidenceRank } from '../findings/order.ts';
import { openRepository, type Repository } from '../sources/git/repository.ts';
import { CONFIDENCES, type Finding, type RuleFacts, type ScanResult } from '../types.ts';
import { scanRange, scanStaged } from './changes.ts';
import { scanHistory } from './history.ts';
import { addItem, type JobReport } from './jobs.ts';
import type { ScanOptions, Target } from './options.ts';
import { setUpScanner } from './setup.ts';
import { createSourceRun, type Placed, type SourceRun } from './source-run.ts';
import { createTally, type Tally } from './tally.ts';
import { scanTree } from './tree.ts';

/**
 * Scans a target and decides whether it passes.
 * @throws UsageError for what the user can mend (a path that is not there, an unknown ref), SourceError when the source
 * can't be read at all. Everything less is in the receipt.
 */
export const scan = async (target: Target, options: ScanOptions): Promise<ScanResult> => {
  const startedAt = performance.now();
  const tally = createTally();
  const source = createSourceRun(options, tally);
  const placed = await untilInterrupted(scanTarget(target, source), options.signal);
  const interrupted = options.signal.aborted;
  if (!interrupted && tally.items === 0 && target.mode !== 'staged') skipNothing(tally, target);
  const rules = decodeRuleSet(options.detector.rules);
  const findings = reported(groupFindings(withinIncludes(placed, rules), factsLookup(rules), options.fingerprintKey), options);
  const receipt = tally.receipt({
    target: labelOf(target),
    mode: target.mode,
    rules: options.detector.only?.length ?? rules.size,
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
const untilInterrupted = async (placed: Promise<Placed[]>, signal: AbortSignal): Promise<Placed[]> => {
  try {
    return await placed;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
};

const scanTarget = async (target: Target, source: SourceRun): Promise<Placed[]> => {
  switch (target.mode) {
    case 'dir':
      return scanTree(process.cwd(), target, source);
    case 'stdin':
      return scanInput(target.input, target.name, source);
    case 'history':
      return scanHistory(await repositoryAt(target.dir), source);
    case 'range':
      return scanRange(await repositoryAt(target.dir), target.range, source);
    case 'staged':
      return scanStaged(await repositoryAt(target.dir), source);
    case 'repository': {
      const repo = await repositoryAt(target.dir);
      const history = await scanHistory(repo, source);
      const tree = repo.workTree ? await scanTree(repo.workTree, { paths: ['.'], ignored: target.ignored }, source) : [];
      return [...history, ...tree];
    }
  }
};

const repositoryAt = async (dir: string): Promise<Repository> => {
  if (!statSync(dir, { throwIfNoEntry: false })) throw new UsageError(`no such folder: ${dir}`);
  const repo = await openRepository(dir);
  if (!repo) throw new UsageError(`not a git repository: ${dir}`, 'to scan a folder without git: leakgate dir PATH');
  return repo;
};

const scanInput = async (input: AsyncIterable<Uint8Array>, name: string, { options, tally }: SourceRun): Promise<Placed[]> => {
  const { scanner } = await setUpScanner(options.detector);
  const report: JobReport = { items: {}, bytes: 0, found: [], dropped: {}, skipped: [] };
  const item = await scanner.scanChunks(input);
  if (item.bytes > 0) addItem(report, { type: 'stdin', path: name }, name, item, { keepDropped: options.explain });
  tally.add(report);
  return item.matches.map((match) => ({ match, origin: { type: 'stdin', path: name }, path: name }));
};

/** Nothing was read: that is not the same as nothing was found. */
const skipNothing = (tally: Tally, target: Target): void => {
  const detail = target.mode === 'range' ? 'the range introduces nothing' : 'there was nothing to read';
  if (!tally.incompleteReasons.has('empty range')) tally.skip({ reason: 'nothing scanned', where: '', incomplete: true, detail });
};

const labelOf = (target: Target): string => {
  switch (target.mode) {
    case 'dir':
      return target.paths.join(' ');
    case 'stdin':
      return target.name;
    case 'range':
      return `${path.basename(path.resolve(target.dir))} ${target.range}`;
    default:
      return path.basename(path.resolve(target.dir));
  }
};

const factsLookup = (rules: ReturnType<typeof decodeRuleSet>): ((id: string) => RuleFacts) => {
  let byId: Map<string, RuleFacts> | undefined;
  return (id) => {
    byId ??= new Map(Array.from({ length: rules.size }, (_, index) => [rules.rule(index).facts.id, rules.rule(index).facts]));
    const facts = byId.get(id);
    if (!facts) throw new SourceError(`a match names an unknown rule: ${id}`);
    return facts;
  };
};

/** Some rules hold for certain paths only. Blobs are scanned before their paths are known, so this is decided last. */
const withinIncludes = (placed: readonly Placed[], rules: ReturnType<typeof decodeRuleSet>): Placed[] => {
  const accepts = new Map<string, (path: string) => boolean>();
  for (let index = 0; placed.length > 0 && index < rules.size; index++) {
    const { facts, include } = rules.rule(index);
    if (include.length > 0) accepts.set(facts.id, picomatch([...include], { dot: true }));
  }
  return placed.filter(({ match, path: place }) => {
    const accept = accepts.get(match.ruleId);
    return !accept || (place !== undefined && accept(place));
  });
};

const reported = (findings: readonly Finding[], { minConfidence }: ScanOptions): Finding[] =>
  findings.filter((finding) => confidenceRank(finding) >= CONFIDENCES.indexOf(minConfidence));

const droppedOf = (tally: Tally) =>
  tally.found.flatMap(({ origin, dropped }) =>
    dropped.map((one) => ({ ...one, path: 'path' in origin ? origin.path : 'oid' in origin ? origin.oid : '' })),
  );
