import { realpathSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { installHook, type Outcome, uninstallHook } from '../hooks/install.ts';
import { hookState, type Surroundings, settingLine, surroundingsOf } from '../hooks/state.ts';
import { HOOK_TYPES, type HookType } from '../hooks/types.ts';
import { forTerminal } from '../report/escape.ts';
import { hooksPlace } from '../sources/git/hooks-path.ts';
import { openRepository } from '../sources/git/repository.ts';
import { inWords } from '../sources/tree/errno.ts';
import { statGiven } from '../sources/tree/given.ts';
import { isSet, texts, type Values } from './settings.ts';

/** `leakgate hook install`. @returns 0, or 1 when something is left to do by hand */
export const installHooks = async (dir: string, values: Values): Promise<number> => {
  const around = await lookAround(dir);
  // Links of package managers point elsewhere after an update; the file itself stays where it is.
  const runner = { node: process.execPath, main: realpathSync(process.argv[1]!) };
  const types = wanted(values) ?? [around.repo.bare ? 'pre-receive' : 'pre-commit'];
  const outcomes = types.map((type) => ({
    type,
    outcome: onDisk(() => installHook(around, type, { runner, plain: isSet(values, 'plain') })),
  }));
  for (const { type, outcome } of outcomes) sayOutcome(type, outcome, 'NOT installed: ');
  const { lintStaged } = around.managed;
  if (lintStaged && types.includes('pre-commit')) {
    say(`note: lint-staged (${lintStaged}) may change what is staged: let leakgate run behind it, not in its list`);
  }
  return outcomes.every(({ outcome }) => outcome.done) ? 0 : 1;
};

/** `leakgate hook status`. @returns 0 when leakgate runs in the hooks asked for (without any: in one at least), else 1 */
export const showHooks = async (dir: string, values: Values): Promise<number> => {
  const around = await lookAround(dir);
  const types = wanted(values);
  const states = onDisk(() => (types ?? HOOK_TYPES).map((type) => hookState(around, type)));
  for (const { type, inForce, what } of states) say(`${type.padEnd(16)} ${inForce ? 'in force' : 'off     '}  ${what}`);
  const { managers, lintStaged } = around.managed;
  for (const { name, file } of managers) say(`managed by ${name} (${file})`);
  if (around.place.setting) say(settingLine(around.place));
  if (lintStaged) say(`lint-staged runs too (${lintStaged})`);
  return (types ? states.every(({ inForce }) => inForce) : states.some(({ inForce }) => inForce)) ? 0 : 1;
};

/** `leakgate hook uninstall`. @returns 0, or 1 when something is left to do by hand */
export const uninstallHooks = async (dir: string, values: Values): Promise<number> => {
  const around = await lookAround(dir);
  const outcomes = (wanted(values) ?? HOOK_TYPES).flatMap((type) => {
    const outcome = onDisk(() => uninstallHook(around, type));
    return outcome ? [{ type, outcome }] : [];
  });
  if (outcomes.length === 0) say('there is no hook of leakgate here');
  for (const { type, outcome } of outcomes) sayOutcome(type, outcome, 'NOT all: ');
  return outcomes.every(({ outcome }) => outcome.done) ? 0 : 1;
};

const lookAround = async (dir: string): Promise<Surroundings> => {
  if (!statGiven(dir)) throw new UsageError(`no such folder: ${dir}`);
  const repo = await openRepository(dir);
  if (!repo) throw new UsageError(`not a git repository: ${dir}`);
  const place = await hooksPlace(repo);
  return onDisk(() => surroundingsOf(repo, place));
};

/** What the file system refuses is for the user to mend, as a wrong call is. */
const onDisk = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException;
    if (code === undefined || file === undefined) throw error;
    throw new UsageError(`${file}: ${inWords(error)}`);
  }
};

const wanted = (values: Values): readonly HookType[] | undefined => {
  const types = texts(values, 'type') as HookType[];
  return types.length > 0 ? [...new Set(types)] : undefined;
};

const sayOutcome = (type: HookType, { done, lines }: Outcome, failed: string): void => {
  const [first = '', ...rest] = lines;
  say(`${type}: ${done ? '' : failed}${first}`);
  for (const line of rest) say(`  ${line}`);
};

/** Paths below the current folder are called from there. */
const shown = (line: string): string => line.replaceAll(`${process.cwd()}${path.sep}`, '');

const say = (line: string): void => {
  process.stdout.write(`${forTerminal(shown(line))}\n`);
};
