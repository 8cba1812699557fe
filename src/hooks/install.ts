import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownHooks } from '../sources/git/hooks-path.ts';
import { adviceFor, callLine } from './advice.ts';
import type { Manager } from './managers.ts';
import { callsLeakgate, hookScript, keptName, type Runner } from './script.ts';
import { type HookFile, hookFileAt, huskyFolder, managerOf, names, type Surroundings, settingLine } from './state.ts';
import type { HookType } from './types.ts';

/** What an installation did, or could not do by itself. */
export interface Outcome {
  /** True when the hook is in place, or will be once the manager's own command has run. */
  readonly done: boolean;
  /** Lines for a person; the first one says what happened. */
  readonly lines: readonly string[];
}

/**
 * Installs one hook. A hook of someone else is never overwritten: in git's own folder it is kept under another name and
 * run first; in the files of a manager nothing is changed, and the answer says which line to add.
 * @param options `plain` passes over managers; `runner` is what the file calls first
 */
export const installHook = (
  around: Surroundings,
  type: HookType,
  options: { readonly runner: Runner; readonly plain: boolean },
): Outcome => {
  const manager = options.plain ? undefined : managerOf(around, type);
  if (manager) return installManaged(around, type, manager);
  const { place, repo } = around;
  if (place.setting?.scope === 'elsewhere') return shadowed(around, type);
  const isShared = place.setting !== undefined && isWithin(place.dir, repo.workTree);
  return writeHook(place.dir, type, hookScript(type, isShared ? undefined : options.runner));
};

const installManaged = (around: Surroundings, type: HookType, manager: Manager): Outcome => {
  if (manager.name !== 'husky') {
    return names(manager, type)
      ? { done: true, lines: [`${manager.file} (${manager.name}) has it`] }
      : {
          done: false,
          lines: [`${manager.name} manages the hooks here`, ...adviceFor(manager.name, type, manager.file)],
        };
  }
  const hook = hookFileAt(huskyFolder(around), type);
  if (hook.kind === 'foreign' && !callsLeakgate(hook.text)) {
    return { done: false, lines: ['husky manages the hooks here', ...adviceFor('husky', type, manager.file)] };
  }
  // The file is committed, so it says nothing of this machine.
  return writeHook(huskyFolder(around), type, hookScript(type, undefined));
};

const shadowed = ({ place }: Surroundings, type: HookType): Outcome => ({
  done: false,
  lines: [
    `${settingLine(place)} takes the place of this repository's own hooks`,
    `either add this line to ${path.join(place.dir, type)}, for all repositories that it holds for:`,
    `  ${callLine(type)}`,
    'or let this repository have its own hooks (those there then do not run here), and install again:',
    '  git config core.hooksPath "$(git rev-parse --git-common-dir)/hooks"',
  ],
});

const writeHook = (dir: string, type: HookType, script: string): Outcome => {
  const hook = hookFileAt(dir, type);
  const kept = path.join(dir, keptName(type));
  if (hook.kind === 'folder') return { done: false, lines: [`${hook.file} is a folder`] };
  if (hook.kind === 'foreign' && callsLeakgate(hook.text)) {
    return { done: true, lines: [`${hook.file} calls leakgate; it stays as it is`] };
  }
  if (hook.kind === 'ours' && hook.text === script && hook.executable) {
    return { done: true, lines: [`${hook.file} is there`] };
  }
  if (hook.kind === 'foreign' && existsSync(kept)) {
    return {
      done: false,
      lines: [`${hook.file} is not ours, and ${kept} is there too`, 'make one of the two, and install again'],
    };
  }
  write(hook, kept, script);
  const more = hook.kind === 'foreign' ? [`the hook that was there is now ${kept}, and runs first`] : [];
  return {
    done: true,
    lines: [`${hook.file} ${hook.kind === 'ours' ? 'was brought up to date' : 'installed'}`, ...more],
  };
};

/** At every moment there is a whole hook or, for an instant, none: never half of one. */
const write = ({ file, kind }: HookFile, kept: string, script: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, script, { mode: 0o755, flag: 'wx', encoding: 'utf8' });
  if (kind === 'foreign') renameSync(file, kept);
  renameSync(fresh, file);
};

/**
 * Takes a hook of ours away, and puts back the one that was there before. Hooks of others, and lines in the files of
 * managers, stay.
 */
export const uninstallHook = (around: Surroundings, type: HookType): Outcome | undefined => {
  const { place, repo } = around;
  // A folder that the user's or the system's configuration names serves other repositories too.
  const named = place.setting?.scope === 'elsewhere' ? [] : [place.dir];
  const folders = new Set([...named, ownHooks(repo), huskyFolder(around)]);
  const lines = [...folders].flatMap((dir) => removeFrom(dir, type));
  const manager = managerOf(around, type);
  const isNamed = manager && manager.name !== 'husky' && names(manager, type);
  if (isNamed) lines.push(`${manager.file} (${manager.name}) still names it: take it out there`);
  return lines.length > 0 ? { done: !isNamed, lines } : undefined;
};

const removeFrom = (dir: string, type: HookType): string[] => {
  const hook = hookFileAt(dir, type);
  if (hook.kind === 'foreign' && callsLeakgate(hook.text))
    return [`${hook.file} calls leakgate, and is not ours: it stays`];
  if (hook.kind !== 'ours') return [];
  const kept = path.join(dir, keptName(type));
  if (!existsSync(kept)) {
    rmSync(hook.file);
    return [`${hook.file} removed`];
  }
  renameSync(kept, hook.file);
  return [`${hook.file} is again what it was before`];
};

const isWithin = (dir: string, top: string | undefined): boolean =>
  top !== undefined &&
  !path.relative(top, dir).startsWith('..') &&
  !path.relative(top, dir).split(path.sep).includes('.git');
