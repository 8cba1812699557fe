/** Hooks of git that leakgate runs in (githooks(5)). `pre-merge-commit` is `pre-commit` for merges without conflicts. */
export const HOOK_TYPES = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push', 'pre-receive'] as const;
export type HookType = (typeof HOOK_TYPES)[number];

/** `framework` stands for every stage in which the pre-commit framework calls one and the same hook. */
export type HookCaller = HookType | 'framework';

export const isHookType = (name: string): name is HookType => (HOOK_TYPES as readonly string[]).includes(name);

/** These get their refs on standard input, which a second hook has to be given too. */
export const readsInput = (type: HookType): boolean => type === 'pre-push' || type === 'pre-receive';

/** What a hook stops, in a sentence: "this ___ is refused". */
export const NOUN: Readonly<Record<HookCaller, string>> = {
  'pre-commit': 'commit',
  'pre-merge-commit': 'merge',
  'commit-msg': 'commit',
  'pre-push': 'push',
  'pre-receive': 'push',
  framework: 'change',
};

/** How the one who is stopped goes on without the check: one line. */
export const SKIP: Readonly<Record<HookCaller, string>> = {
  'pre-commit': 'To go on without this check: git commit --no-verify',
  'pre-merge-commit': 'To go on without this check: git merge --no-verify',
  'commit-msg': 'To go on without this check: git commit --no-verify',
  'pre-push': 'To go on without this check: git push --no-verify',
  'pre-receive': 'This check runs on the server and can be switched off only there.',
  framework: 'To go on without this check: put SKIP=leakgate in front of the command',
};
