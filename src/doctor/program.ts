import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { loadShippedRules } from '../assets.ts';
import { loadEngines } from '../detect/engine.ts';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { SourceError } from '../errors.ts';
import { counted } from '../report/words.ts';
import { cacheFolder } from '../scan/clean-cache.ts';
import { git } from '../sources/git/run.ts';
import { TOOL_VERSION } from '../version.ts';
import { type Check, fail, note, ok } from './check.ts';

/** The oldest versions that are known to work: `rev-parse --show-object-format` came with git 2.25. */
const OLDEST_GIT = [2, 25] as const;
const OLDEST_NODE = [20, 19] as const;

/** Git, node, the rules and their engine, the cache: what does not depend on the repository. */
export const programChecks = async (cwd: string): Promise<Check[]> => [
  await gitCheck(cwd),
  nodeCheck(process.versions.node),
  await rulesCheck(),
  cacheCheck(cacheFolder()),
];

const gitCheck = async (cwd: string): Promise<Check> => {
  try {
    const text = (await git(['--version'], { cwd })).toString('utf8').trim();
    const version = /(\d+)\.(\d+)[\d.]*/.exec(text);
    if (!version) return fail(`git says "${text}": this is no git that leakgate knows`);
    return isAtLeast(version, OLDEST_GIT)
      ? ok(`git ${version[0]}`)
      : fail(`git ${version[0]} is too old: install ${OLDEST_GIT.join('.')} or newer`);
  } catch (error) {
    if (error instanceof SourceError) return fail(error.message);
    throw error;
  }
};

/** Exported for the test: one can't run on a node that is too old. */
export const nodeCheck = (version: string): Check =>
  isAtLeast(/(\d+)\.(\d+)/.exec(version) ?? [], OLDEST_NODE)
    ? ok(`node ${version}`)
    : fail(`node ${version} is too old: install ${OLDEST_NODE.join('.')} or newer`);

const isAtLeast = (found: readonly (string | undefined)[], [major, minor]: readonly [number, number]): boolean => {
  const [a, b] = [Number(found[1]), Number(found[2])];
  return a > major || (a === major && b >= minor);
};

const rulesCheck = async (): Promise<Check> => {
  const { active } = decodeRuleSet(loadShippedRules());
  const { name } = await loadEngines(true);
  return ok(
    `leakgate ${TOOL_VERSION}, ${counted(active, 'rule')} on V8; rules of yours (--rules) would run on ${name}`,
  );
};

const cacheCheck = (folder: string | undefined): Check => {
  if (folder === undefined) return note('no folder for the cache: histories are read anew each time; set HOME');
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return ok(`cache in ${folder}`);
  } catch {
    // Nothing is lost but time, so it is no failure.
    return note(`${existing} can't be written to, so histories are read anew each time: set XDG_CACHE_HOME`);
  }
};
