import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';
import { CONFIDENCES, SEVERITIES } from '../types.ts';

/** An option of the command line, said once: yargs and the quick reader of the hook path are both made from it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean' | 'number';
  readonly describe: string;
  readonly array?: boolean;
  readonly choices?: readonly string[];
  readonly alias?: string;
  readonly placeholder?: string;
}

/** Options that every scanning command takes. */
export const COMMON_OPTIONS = {
  format: {
    type: 'string',
    array: true,
    alias: 'f',
    placeholder: 'FORMAT[=FILE]',
    describe: 'Report format: text, sarif, json, jsonl; repeatable; with =FILE it goes there',
  },
  'fail-on': {
    type: 'string',
    choices: SEVERITIES,
    describe: 'Lowest severity that makes the exit code 1 (default: low)',
  },
  'min-confidence': {
    type: 'string',
    choices: CONFIDENCES,
    describe: 'Lowest confidence that is reported (default: medium)',
  },
  exclude: {
    type: 'string',
    array: true,
    placeholder: 'GLOB',
    describe: 'Leave out these paths; repeatable; counted in the receipt',
  },
  only: { type: 'string', array: true, placeholder: 'ID', describe: 'Run only these rules; repeatable' },
  enable: {
    type: 'string',
    array: true,
    placeholder: 'ID',
    describe: 'Run this optional rule too; repeatable; "all" for every one',
  },
  rules: { type: 'string', array: true, placeholder: 'DIR', describe: 'Add the rules of a folder; repeatable' },
  config: {
    type: 'string',
    placeholder: 'FILE',
    describe: 'Read settings from a file; nothing is read unless named here',
  },
  jobs: { type: 'number', alias: 'j', placeholder: 'N', describe: 'Threads (default: one a core)' },
  'exit-zero': { type: 'boolean', describe: 'Exit with 0 even when there are findings' },
  'allow-incomplete': {
    type: 'string',
    array: true,
    placeholder: 'REASON',
    describe: 'Accept this reason of an incomplete scan; repeatable',
  },
  explain: { type: 'boolean', describe: 'Also list what was judged not to be a secret, and why' },
  'show-secrets': { type: 'boolean', describe: 'Print secrets in clear; only to a terminal, unless --force' },
  force: { type: 'boolean', describe: 'Let --show-secrets print to a file or pipe' },
  quiet: { type: 'boolean', alias: 'q', describe: 'Print nothing when there is nothing to say' },
  verbose: { type: 'boolean', alias: 'v', describe: 'Print every place and everything that was not read' },
  color: { type: 'boolean', describe: 'Colours; --no-color or NO_COLOR switches them off' },
} as const satisfies Record<string, OptionSpec>;

/** Option values by name, as either reader of the command line gives them. */
export type Values = Readonly<Record<string, unknown>>;

export const texts = (values: Values, name: string): string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
};

export const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name];
  if (Array.isArray(value)) throw new UsageError(`--${name} can be given once only`);
  return typeof value === 'string' ? value : undefined;
};

export const isSet = (values: Values, name: string): boolean => values[name] === true;

/** The value of an option that is one of a few words. */
export const choiceOf = <T extends string>(values: Values, name: string, choices: readonly T[]): T | undefined => {
  const value = textOf(values, name);
  if (value === undefined) return undefined;
  if (!(choices as readonly string[]).includes(value)) {
    throw new UsageError(`--${name} is one of ${choices.join(', ')}, not "${value}"`);
  }
  return value as T;
};

/**
 * Reads a simple command line without loading yargs. Undefined when there is anything unusual in it (help, an unknown
 * option, a missing value): yargs then says what is wrong.
 */
export const readQuickly = (args: readonly string[], options: Readonly<Record<string, OptionSpec>>) => {
  const specs: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { type, alias }] of Object.entries(options)) {
    // Numbers are checked where they are used; so is what may be given once only.
    specs[name] = {
      type: type === 'boolean' ? 'boolean' : 'string',
      ...(type === 'boolean' ? {} : { multiple: true }),
      ...(alias ? { short: alias } : {}),
    };
  }
  specs['no-color'] = { type: 'boolean' };
  if (options.cache) specs['no-cache'] = { type: 'boolean' };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: specs,
      allowPositionals: true,
      strict: true,
    });
    const single = withSingles(values, options);
    const negated = ['color', 'cache'].filter((name) => values[`no-${name}`]);
    return { values: { ...single, ...Object.fromEntries(negated.map((name) => [name, false])) }, positionals };
  } catch {
    // Not a mistake yet: yargs reads it again and reports what is wrong.
    return undefined;
  }
};

/** Unpacks options that were given once and are no lists, as yargs does. */
const withSingles = (values: Values, options: Readonly<Record<string, OptionSpec>>): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isOne = Array.isArray(value) && value.length === 1 && !options[name]?.array;
      return [name, isOne ? value[0] : value];
    }),
  );
