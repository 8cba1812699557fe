import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type HooksPlace, ownHooks } from '../sources/git/hooks-path.ts';
import type { Repository } from '../sources/git/repository.ts';
import { detectManagers, type Managed, type Manager } from './managers.ts';
import { callsLeakgate, isOurs } from './script.ts';
import type { HookType } from './types.ts';

/** What is known of the hooks of a repository. */
export interface Surroundings {
  readonly repo: Repository;
  readonly place: HooksPlace;
  readonly managed: Managed;
}

/** A file in a folder of hooks: made by us, by someone else, or not there. */
export interface HookFile {
  readonly file: string;
  readonly kind: 'none' | 'ours' | 'foreign' | 'folder';
  readonly text: string;
  /** Git passes over a hook that is not. */
  readonly executable: boolean;
}

/** Looks at a hook file. Throws what the file system says, other than that nothing is there. */
export const hookFileAt = (dir: string, type: HookType): HookFile => {
  const file = path.join(dir, type);
  const none = { file, kind: 'none', text: '', executable: false } as const;
  if (!isThere(file)) return none;
  const stats = statSync(file, { throwIfNoEntry: false });
  // A link to nothing is still someone's.
  if (!stats) return { ...none, kind: 'foreign' };
  if (stats.isDirectory()) return { ...none, kind: 'folder' };
  const text = readFileSync(file, 'utf8');
  return { file, kind: isOurs(text) ? 'ours' : 'foreign', text, executable: (stats.mode & 0o111) !== 0 };
};

/** core.hooksPath may name a file, such as /dev/null, to have no hooks at all. */
const isThere = (file: string): boolean => {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
};

/** Finds out who manages the hooks of a repository. */
export const surroundingsOf = (repo: Repository, place: HooksPlace): Surroundings => {
  const top = repo.workTree;
  const read = (name: string): string | undefined => {
    if (top === undefined) return undefined;
    try {
      return readFileSync(path.join(top, name), 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
      throw error;
    }
  };
  const own = place.setting?.scope === 'here' ? place.setting.value : undefined;
  return { repo, place, managed: detectManagers(read, own) };
};

/** Who is responsible for a hook: a manager found in the work tree; on a server nobody but git. */
export const managerOf = ({ managed }: Surroundings, type: HookType): Manager | undefined =>
  type === 'pre-receive' ? undefined : managed.managers[0];

/** Where husky lets people write their hooks; `.husky/_`, where git looks, is made anew by every installation. */
export const huskyFolder = ({ repo }: Surroundings): string => path.join(repo.workTree ?? repo.dir, '.husky');

/** Whether leakgate runs in a hook, and how that is known. */
export interface HookState {
  readonly type: HookType;
  readonly inForce: boolean;
  /** Something of ours is there, and does not run: it may be relied upon. */
  readonly broken: boolean;
  /** One line, with paths as they are. */
  readonly what: string;
}

/** Finds out whether git would run leakgate in a hook. */
export const hookState = (around: Surroundings, type: HookType): HookState => {
  const found = managerOf(around, type);
  const managed = found && managedState(around, type, found);
  if (managed?.inForce) return managed;
  const plain = plainState(around, type);
  return managed && !plain.inForce && !plain.broken ? managed : plain;
};

const plainState = ({ place, repo }: Surroundings, type: HookType): HookState => {
  const file = hookFileAt(place.dir, type);
  if (file.kind === 'ours' || callsLeakgate(file.text)) {
    if (!file.executable) return broken(type, `${file.file} is not executable, so git passes it over: chmod +x it`);
    return on(type, file.kind === 'ours' ? file.file : `${file.file}, which calls leakgate`);
  }
  const own = hookFileAt(ownHooks(repo), type);
  if (place.setting && own.kind === 'ours') {
    return broken(type, `${own.file} is there, but ${settingLine(place)} shadows it`);
  }
  return off(type, file.kind === 'foreign' ? `not in ${file.file}, which someone else made` : 'not installed');
};

const managedState = (around: Surroundings, type: HookType, manager: Manager): HookState => {
  const { name, file } = manager;
  if (name === 'husky') {
    const hook = hookFileAt(huskyFolder(around), type);
    if (hook.kind !== 'ours' && !callsLeakgate(hook.text)) return off(type, `not in ${hook.file} (husky)`);
    const isSet = /(?:^|\/)\.husky(?:\/_)?\/?$/.test(around.place.setting?.value ?? '');
    return isSet
      ? on(type, `${hook.file} (husky)`)
      : broken(type, `${hook.file} is there, but husky is not switched on: run npx husky`);
  }
  if (!names(manager, type)) return off(type, `not in ${file} (${name})`);
  const hook = hookFileAt(around.place.dir, type);
  const word = {
    'husky 4': /husky/i,
    lefthook: /lefthook/i,
    'pre-commit': /pre[-_]commit/i,
    'simple-git-hooks': /leakgate/,
  }[name];
  return hook.kind === 'foreign' && hook.executable && word.test(hook.text)
    ? on(type, `${file} (${name})`)
    : broken(type, `${file} names it, but ${name} has not installed its ${type} hook: run its install command`);
};

/** True when the file of a manager names leakgate for this hook. */
export const names = ({ name, text }: Manager, type: HookType): boolean => {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|\/\/)/.test(line));
  if (lines.some((line) => line.includes(`leakgate hook run ${type}`))) return true;
  // The framework is told the id of a hook, which stands for all stages but that of messages.
  const id = type === 'commit-msg' ? 'leakgate-commit-msg' : 'leakgate';
  return name === 'pre-commit' && lines.some((line) => /\bid:\s*['"]?([\w-]+)/.exec(line)?.[1] === id);
};

/** "core.hooksPath = X (set in FILE)". */
export const settingLine = ({ setting }: HooksPlace): string =>
  setting ? `core.hooksPath = ${setting.value} (set in ${setting.from})` : '';

const on = (type: HookType, what: string): HookState => ({ type, inForce: true, broken: false, what });
const off = (type: HookType, what: string): HookState => ({ type, inForce: false, broken: false, what });
const broken = (type: HookType, what: string): HookState => ({ type, inForce: false, broken: true, what });
