import { type HookType, readsInput, SKIP } from './types.ts';

/** By this line a hook file is known as ours; a later version of leakgate replaces it. */
const MARK = '# Made by leakgate hook install; leakgate hook uninstall takes it away again.';

/** A program and its script, as absolute paths: what runs when the file is installed. */
export interface Runner {
  readonly node: string;
  readonly main: string;
}

/** A hook that was there before gets this name in the same folder, and is run first. */
export const keptName = (type: HookType): string => `${type}.before-leakgate`;

/** True for a file that `hookScript` made. */
export const isOurs = (text: string): boolean => text.includes(`\n${MARK}\n`);

const CALL = /\bleakgate['"]?\s+(?:hook\s+run|git|dir)\b/;

/** True for a hook that calls leakgate, whoever wrote it. A mere mention (a path, a comment) is no call. */
export const callsLeakgate = (text: string): boolean =>
  text.split('\n').some((line) => CALL.test(line) && !/^\s*#/.test(line));

/** One word for a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * A hook for git, in POSIX sh: runs the hook that was there before, then leakgate. It looks for leakgate where it was
 * installed from, in PATH, and with npx (never downloading it); without one it refuses.
 * @param runner what installed it; undefined for a file that is shared with others, on whose machines it is elsewhere
 */
export const hookScript = (type: HookType, runner: Runner | undefined): string => {
  const input = readsInput(type);
  const given = input ? `printf '%s' "$refs" 2>/dev/null | ` : '';
  return `#!/bin/sh
${MARK}
# ${SKIP[type]}
${runner ? `node=${quoted(forShell(runner.node))}\nmain=${quoted(forShell(runner.main))}\n` : ''}before="\${0%/*}/${keptName(type)}"
${input ? `refs=$(cat && echo .) || exit 3\nrefs=\${refs%.}\n` : ''}
# The hook that was here before leakgate; not again when it comes back here, as when another program kept this file.
if [ -x "$before" ] && [ "\${LEAKGATE_BEFORE-}" != "$PWD:$before" ]; then
  ${given}LEAKGATE_BEFORE="$PWD:$before" "$before" "$@" || exit
fi

leakgate_hook() {
${runner ? `  if [ -x "$node" ] && [ -f "$main" ]; then\n    "$node" "$main" "$@"\n  elif` : '  if'} command -v leakgate >/dev/null 2>&1; then
    leakgate "$@"
  elif command -v npx >/dev/null 2>&1 && npx --no-install leakgate --version </dev/null >/dev/null 2>&1; then
    npx --no-install leakgate "$@"
  else
    echo 'leakgate: not found, so nothing was checked and this is refused.' >&2
    echo '  Put it back: npm install --global leakgate, then leakgate hook install' >&2
    echo ${quoted(`  ${SKIP[type]}`)} >&2
    return 3
  fi
}

${given}leakgate_hook hook run ${type} -- "$@"
`;
};

/** sh on Windows takes forward slashes. */
const forShell = (file: string): string => (/^[A-Za-z]:\\/.test(file) ? file.replaceAll('\\', '/') : file);
