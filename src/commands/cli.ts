import yargs, { type Argv, type Options } from 'yargs';
import { UsageError } from '../errors.ts';
import { TOOL_VERSION } from '../version.ts';
import { HOOK_OPTIONS, INSTALL_OPTIONS } from './hook-options.ts';
import { LIST_OPTIONS, listRules } from './rules/list.ts';
import { showRule } from './rules/show.ts';
import { runScan } from './run-scan.ts';
import { COMMON_OPTIONS, type OptionSpec, type Values } from './settings.ts';
import {
  DIR_OPTIONS,
  dirTarget,
  GIT_OPTIONS,
  gitTarget,
  PATH_OPTIONS,
  pathTarget,
  STDIN_OPTIONS,
  stdinTarget,
} from './targets.ts';

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['leakgate .', 'the history and the working tree of this repository'],
  ['leakgate git --staged --quiet', 'what the next commit would add'],
  ['leakgate hook install', 'the same before every commit'],
  ['leakgate git --range origin/main..HEAD', 'what a pull request adds'],
  ['leakgate dir src config', 'files and folders as they are'],
  ['kubectl logs web | leakgate stdin --name web.log', 'anything from a pipe'],
  ['leakgate git --format sarif=leaks.sarif', 'a report for code scanning, beside the exit code'],
];

const EPILOGUE = `Exit codes
  0    nothing at or above the gate
  1    findings at or above the gate
  2    wrong usage or configuration
  3    the scan is incomplete: something was not read, and the report says what
  130  interrupted; what was found so far is reported`;

/** The examples of a command; all of them for the empty name. */
const examplesOf = (command: string): [string, string][] =>
  EXAMPLES.filter(([line]) => line.includes(`leakgate ${command}`)).map(([line, what]) => [line, what]);

const toYargs = (specs: Readonly<Record<string, OptionSpec>>): Record<string, Options> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { type, describe, array, choices, alias, placeholder }]) => [
      name,
      {
        type,
        describe: placeholder ? `${describe}  [${placeholder}]` : describe,
        requiresArg: type !== 'boolean',
        ...(array ? { array: true, nargs: 1 } : {}),
        ...(choices ? { choices: [...choices] } : {}),
        ...(alias ? { alias } : {}),
      },
    ]),
  );

/**
 * yargs drops what follows `--` where a command takes positionals. It is given placeholders instead, that no argument
 * can be, and `read` turns them back.
 */
const shieldOperands = (args: readonly string[]) => {
  const end = args.indexOf('--');
  const operands = end < 0 ? [] : args.slice(end + 1);
  const shielded = end < 0 ? [...args] : [...args.slice(0, end), ...operands.map((_, index) => `\0${index}\0`)];
  const read = (text: string) => text.replace(/\0(\d+)\0/g, (_, index: string) => operands[Number(index)] ?? '');
  return { shielded, read };
};

/** What yargs complains about, in one line. */
const wrongUsage = (message: string): UsageError =>
  new UsageError(message.replace(/\s*\n\s*/g, ' '), 'leakgate --help shows how it is used');

/**
 * Reads the command line and runs the command.
 * @returns the exit code
 * @throws UsageError for a wrong command line
 */
export const runCli = async (args: readonly string[], signal: AbortSignal): Promise<number> => {
  let exitCode = 0;
  const scanning = (specs: Readonly<Record<string, OptionSpec>>, command: string) => (cli: Argv) =>
    cli
      .options(toYargs({ ...specs, ...COMMON_OPTIONS }))
      .example(examplesOf(command))
      .epilogue(EPILOGUE);
  const run = async (action: Promise<number> | number) => {
    exitCode = await action;
  };
  const { shielded, read } = shieldOperands(args);
  const list = (value: unknown) => (Array.isArray(value) ? value.map((one) => read(String(one))) : []);
  const operand = (argv: Values, name: string) => (argv[name] === undefined ? undefined : read(String(argv[name])));

  const cli = yargs(shielded)
    .scriptName('leakgate')
    .parserConfiguration({ 'camel-case-expansion': false, 'parse-positional-numbers': false, 'dot-notation': false })
    .usage('$0 [PATH]\n\nFinds secrets that leaked, and stops the next one.')
    .command(
      '$0 [path]',
      'Scan a repository (history and working tree) or a folder',
      scanning(PATH_OPTIONS, ''),
      async (argv) => {
        const path = operand(argv, 'path');
        if (path === undefined) {
          cli.showHelp('log');
          return;
        }
        await run(runScan(await pathTarget(path, argv), argv, signal));
      },
    )
    .command('dir [paths..]', 'Scan files and folders', scanning(DIR_OPTIONS, 'dir'), (argv) =>
      run(runScan(dirTarget(list((argv as Values).paths), argv), argv, signal)),
    )
    .command(
      'git [repo]',
      'Scan a whole history, a range of commits, or what is staged',
      scanning(GIT_OPTIONS, 'git'),
      (argv) => run(runScan(gitTarget(operand(argv, 'repo'), argv), argv, signal)),
    )
    .command('stdin', 'Scan standard input', scanning(STDIN_OPTIONS, 'stdin'), (argv) =>
      run(runScan(stdinTarget(argv), argv, signal)),
    )
    .command('doctor [path]', 'Tell whether a gate would work here, and what to mend', {}, async (argv) =>
      run((await import('./doctor.ts')).runDoctor(operand(argv, 'path') ?? '.')),
    )
    .command('hook', 'Run as a hook of git, and install it', (sub) =>
      sub
        .command(
          'install [repo]',
          'Install a hook, or say what to add where another program manages hooks',
          toYargs(INSTALL_OPTIONS),
          async (argv) => run((await import('./hook.ts')).installHooks(operand(argv, 'repo') ?? '.', argv)),
        )
        .command('status [repo]', 'Tell which hooks are in force', toYargs(HOOK_OPTIONS), async (argv) =>
          run((await import('./hook.ts')).showHooks(operand(argv, 'repo') ?? '.', argv)),
        )
        .command('uninstall [repo]', 'Take our hooks away', toYargs(HOOK_OPTIONS), async (argv) =>
          run((await import('./hook.ts')).uninstallHooks(operand(argv, 'repo') ?? '.', argv)),
        )
        .command('run <type> [args..]', 'Do the work of a hook', toYargs(COMMON_OPTIONS), async (argv) => {
          const { runHook } = await import('./hook-run.ts');
          const args = list((argv as Values).args);
          return run(runHook(operand(argv, 'type') ?? '', args, argv, signal));
        })
        .demandCommand(1, 'say install, status, uninstall or run TYPE'),
    )
    .command('rules', 'Look at the rules', (sub) =>
      sub
        .options(toYargs({ rules: COMMON_OPTIONS.rules }))
        .command('list [words..]', 'List rules, all or those that hold the words', toYargs(LIST_OPTIONS), (argv) =>
          run(listRules(list((argv as Values).words), argv)),
        )
        .command('show <id>', 'Explain a rule', {}, (argv) => run(showRule(operand(argv, 'id') ?? '', argv)))
        .command(
          'test [file]',
          'Check the rules and their examples; with a file, tell which rules match it and why others do not',
          {},
          async (argv) => {
            const file = operand(argv, 'file');
            if (file === undefined) return run((await import('./rules/check.ts')).testAllRules(argv));
            return run((await import('./rules/test-file.ts')).testRules(file, argv, signal));
          },
        )
        .demandCommand(1, 'say list, show ID or test [FILE]'),
    )
    .version(TOOL_VERSION)
    .help()
    .alias('help', 'h')
    .strict()
    .wrap(Math.min(110, process.stdout.columns || 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : wrongUsage(read(message ?? error?.message ?? ''));
    });
  await cli.parseAsync();
  return exitCode;
};
