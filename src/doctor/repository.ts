import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hookState, type Surroundings, settingLine, surroundingsOf } from '../hooks/state.ts';
import { HOOK_TYPES } from '../hooks/types.ts';
import { counted } from '../report/words.ts';
import { hooksPlace, ownHooks } from '../sources/git/hooks-path.ts';
import { listRefs } from '../sources/git/refs.ts';
import type { Repository } from '../sources/git/repository.ts';
import { gitLines } from '../sources/git/run.ts';
import { stagedItems } from '../sources/git/staged.ts';
import { listTree } from '../sources/tree/list.ts';
import { type Check, fail, note, ok } from './check.ts';

/** Files that leakgate, or who comes from another scanner, may keep at the top. */
const CONFIGURATIONS = [
  '.leakgate.yml',
  '.leakgate.yaml',
  '.leakgate-allow.yml',
  '.leakgate-baseline',
  '.gitleaks.toml',
];

/** The repository, its hooks and what would be scanned. */
export const repositoryChecks = async (repo: Repository): Promise<Check[]> => [
  ...(await hookChecks(repo)),
  ...cloneChecks(repo),
  ...configurationChecks(repo),
  ...(await contentChecks(repo)),
];

const hookChecks = async (repo: Repository): Promise<Check[]> => {
  const around = surroundingsOf(repo, await hooksPlace(repo));
  const states = HOOK_TYPES.map((type) => hookState(around, type));
  const inForce = states.filter((state) => state.inForce).map(({ type, what }) => ok(`hook ${type}: ${what}`));
  const broken = states.filter((state) => state.broken);
  return [
    ...inForce,
    ...broken.map(({ type, what }) => fail(`hook ${type}: ${what}`)),
    ...(inForce.length + broken.length > 0 ? [] : [note('no hook runs leakgate here: leakgate hook install')]),
    ...managerChecks(around),
  ];
};

const managerChecks = ({ managed, place, repo }: Surroundings): Check[] => [
  ...managed.managers.map(({ name, file }) => note(`hooks are managed by ${name} (${file})`)),
  ...(managed.lintStaged ? [note(`lint-staged runs too (${managed.lintStaged}): let leakgate run behind it`)] : []),
  ...(place.setting && place.dir !== ownHooks(repo)
    ? [note(`${settingLine(place)}: git looks for hooks there alone`)]
    : []),
];

const cloneChecks = (repo: Repository): Check[] => [
  repo.shallow
    ? fail('the clone is shallow, so histories and ranges end incomplete: git fetch --unshallow')
    : ok('the clone has its whole history'),
  ...(repo.partial
    ? [fail('the clone is partial, so what is not here stays unread: git fetch --refetch --no-filter')]
    : []),
];

const configurationChecks = ({ workTree }: Repository): Check[] => {
  const found = CONFIGURATIONS.filter((name) => workTree !== undefined && existsSync(path.join(workTree, name)));
  const key = process.env.LEAKGATE_FINGERPRINT_KEY;
  return [
    found.length > 0 ? ok(`configuration: ${found.join(', ')}`) : ok('configuration: none, the defaults hold'),
    ...(key ? [note('LEAKGATE_FINGERPRINT_KEY is set: fingerprints are others than without it')] : []),
  ];
};

const contentChecks = async (repo: Repository): Promise<Check[]> => {
  const [refs, commits] = await Promise.all([
    listRefs(repo),
    gitLines(['rev-list', '--count', '--all'], { cwd: repo.dir }),
  ]);
  const missing = refs.filter(({ type }) => type === 'missing');
  return [
    ...missing.slice(0, 3).map(({ name }) => fail(`${name} names an object that is not here: git fsck`)),
    ok(`history: ${counted(Number(commits[0] ?? 0), 'commit')} on ${counted(refs.length, 'ref')} (leakgate git)`),
    ...(repo.workTree === undefined ? [] : await workTreeChecks(repo, repo.workTree)),
  ];
};

const workTreeChecks = async (repo: Repository, workTree: string): Promise<Check[]> => {
  const [{ introduced, skipped: unmerged }, { paths, skipped }] = await Promise.all([
    stagedItems(repo),
    listTree(workTree, { paths: ['.'] }),
  ]);
  const unread = [...unmerged, ...skipped].filter(({ incomplete }) => incomplete);
  return [
    ok(`staged: ${counted(introduced.length, 'new or changed file')} (leakgate git --staged)`),
    ok(`work tree: ${counted(paths.length, 'file')} (leakgate dir)`),
    ...unread.map(({ reason, where, detail }) => fail(`${reason}: ${where}${adviceFor(reason, detail)}`)),
    ...absentModules(
      workTree,
      unread.some(({ reason }) => reason === 'absent submodule'),
    ),
  ];
};

const adviceFor = (reason: string, detail: string | undefined): string => {
  if (reason === 'absent submodule') return ': git submodule update --init';
  return detail === undefined ? '' : `: ${detail}`;
};

/** A .gitmodules without submodules in the index tells of nothing. */
const absentModules = (workTree: string, isSaid: boolean): Check[] => {
  const file = path.join(workTree, '.gitmodules');
  if (isSaid || !existsSync(file)) return [];
  const count = readFileSync(file, 'utf8').match(/^\s*\[submodule /gm)?.length ?? 0;
  return count > 0 ? [ok(`submodules: ${count}, all checked out; each has a history and hooks of its own`)] : [];
};
