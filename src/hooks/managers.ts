/** Programs that manage the hooks of a repository, by their traces in the work tree. */
export const MANAGERS = ['husky', 'husky 4', 'lefthook', 'pre-commit', 'simple-git-hooks'] as const;
export type ManagerName = (typeof MANAGERS)[number];

export interface Manager {
  readonly name: ManagerName;
  /** The file that its hooks are written in, as it is called from the top of the work tree; of husky the folder. */
  readonly file: string;
  /** Content of the file; empty for husky. */
  readonly text: string;
}

/** Reads a file of the work tree; undefined when there is none. */
export type ReadFile = (name: string) => string | undefined;

export interface Managed {
  /** In the order of `MANAGERS`. */
  readonly managers: readonly Manager[];
  /** lint-staged runs in one of their hooks: where it is set up. */
  readonly lintStaged: string | undefined;
}

const combine = (stems: readonly string[], endings: readonly string[]): string[] =>
  stems.flatMap((stem) => endings.map((ending) => stem + ending));

const LEFTHOOK = combine(['lefthook', '.lefthook', '.config/lefthook'], ['.yml', '.yaml', '.toml', '.json']);
const HUSKY_4 = combine(['.huskyrc'], ['', '.json', '.js', '.yml', '.yaml']);
const SIMPLE = combine(['.simple-git-hooks', 'simple-git-hooks'], ['.json', '.js', '.cjs', '.mjs']);
const LINT_STAGED = [
  ...combine(['.lintstagedrc'], ['', '.json', '.yaml', '.yml', '.js', '.cjs', '.mjs', '.ts']),
  ...combine(['lint-staged.config'], ['.js', '.cjs', '.mjs', '.ts']),
];

/**
 * Tells by its files who manages the hooks of a repository.
 * @param hooksPath value of core.hooksPath of this repository: husky sets it to .husky/_ (version 9) or .husky
 */
export const detectManagers = (read: ReadFile, hooksPath: string | undefined): Managed => {
  const first = (names: readonly string[]) => names.find((name) => read(name) !== undefined);
  const settings = packageSettings(read('package.json'));
  const inPackage = (key: string) => (settings[key] === undefined ? undefined : 'package.json');
  const isHusky = hooksPath !== undefined && /(?:^|\/)\.husky(?:\/_)?\/?$/.test(hooksPath);
  const found: Readonly<Record<ManagerName, string | undefined>> = {
    husky: isHusky || usesHusky(settings, read) ? '.husky' : undefined,
    'husky 4': hasHooks(settings.husky) ? 'package.json' : first(HUSKY_4),
    lefthook: first(LEFTHOOK),
    'pre-commit': first(['.pre-commit-config.yaml']),
    'simple-git-hooks': inPackage('simple-git-hooks') ?? first(SIMPLE),
  };
  const managers = MANAGERS.flatMap((name) => {
    const file = found[name];
    return file === undefined ? [] : [{ name, file, text: name === 'husky' ? '' : (read(file) ?? '') }];
  });
  return { managers, lintStaged: inPackage('lint-staged') ?? first(LINT_STAGED) };
};

type Settings = Readonly<Record<string, unknown>>;

/** What is not JSON names no manager: npm could not read it either. */
const packageSettings = (text: string | undefined): Settings => {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Settings) : {};
  } catch {
    return {};
  }
};

const hasHooks = (husky: unknown): boolean => typeof husky === 'object' && husky !== null && 'hooks' in husky;

/** From version 5 on husky is switched on by the script that npm runs after an installation. */
const usesHusky = ({ scripts }: Settings, read: ReadFile): boolean => {
  const { prepare, postinstall } = (scripts ?? {}) as Settings;
  const isCalled = [prepare, postinstall].some((script) => typeof script === 'string' && /\bhusky\b/.test(script));
  return (
    isCalled && ['.husky/pre-commit', '.husky/commit-msg', '.husky/pre-push'].some((name) => read(name) !== undefined)
  );
};
