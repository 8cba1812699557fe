import type { Target } from '../scan/options.ts';
import { COMMON_OPTIONS, type OptionSpec, readQuickly, type Values } from './settings.ts';
import { DIR_OPTIONS, dirTarget, GIT_OPTIONS, gitTarget, STDIN_OPTIONS, stdinTarget } from './targets.ts';

/** A scanning command, ready to run. */
export interface PlainCommand {
  readonly target: Target;
  readonly values: Values;
}

interface CommandSpec {
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly mostPaths: number;
  readonly target: (paths: readonly string[], values: Values) => Target;
}

const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  dir: { options: DIR_OPTIONS, mostPaths: Number.POSITIVE_INFINITY, target: dirTarget },
  git: { options: GIT_OPTIONS, mostPaths: 1, target: ([repo], values) => gitTarget(repo, values) },
  stdin: { options: STDIN_OPTIONS, mostPaths: 0, target: (_, values) => stdinTarget(values) },
};

/**
 * Reads the command line of a scan without yargs. Undefined for anything else: help, other commands, and every mistake,
 * which yargs then explains.
 */
export const readPlain = (args: readonly string[]): PlainCommand | undefined => {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return undefined;
  const quick = readQuickly(rest, { ...COMMON_OPTIONS, ...command.options });
  if (!quick || quick.positionals.length > command.mostPaths) return undefined;
  return { target: command.target(quick.positionals, quick.values), values: quick.values };
};
