import type { ManagerName } from './managers.ts';
import { type HookType, readsInput } from './types.ts';

/** The call of leakgate in a shell line of a hook. */
export const callLine = (type: HookType): string => `leakgate hook run ${type} -- "$@"`;

/**
 * What to write where, for a manager whose files are the user's own.
 * @returns lines: a sentence, then what is to be pasted, indented
 */
export const adviceFor = (manager: ManagerName, type: HookType, file: string): string[] => {
  switch (manager) {
    case 'husky':
      return [`add this line to ${file}/${type}, behind whatever changes files:`, `  ${callLine(type)}`];
    case 'husky 4':
      return [
        `add this to the hooks of husky in ${file} (join it to what is there with &&):`,
        `  ${husky4Entry(type)}`,
      ];
    case 'simple-git-hooks':
      return [
        `add this to the hooks in ${file} (join it to what is there with &&), then run npx simple-git-hooks:`,
        `  ${JSON.stringify(type)}: ${JSON.stringify(callLine(type))}`,
      ];
    case 'lefthook':
      return [`add this to ${file}, then run lefthook install:`, ...lefthookEntry(type)];
    case 'pre-commit':
      return [`add this to ${file}, then run pre-commit install --hook-type ${type}:`, ...frameworkEntry(type)];
  }
};

const husky4Entry = (type: HookType): string => {
  const given = readsInput(type) ? `printf '%s\\n' "$HUSKY_GIT_STDIN" | ` : '';
  const args = type === 'pre-commit' || type === 'pre-merge-commit' ? '' : ' -- $HUSKY_GIT_PARAMS';
  return `${JSON.stringify(type)}: ${JSON.stringify(`${given}leakgate hook run ${type}${args}`)}`;
};

const lefthookEntry = (type: HookType): string[] => [
  `  ${type}:`,
  '    commands:',
  '      leakgate:',
  `        run: leakgate hook run ${type}${type === 'commit-msg' ? ' -- {1}' : readsInput(type) ? ' -- {0}' : ''}`,
  ...(readsInput(type) ? ['        use_stdin: true'] : []),
];

const frameworkEntry = (type: HookType): string[] => {
  const isMessage = type === 'commit-msg';
  return [
    '  - repo: local',
    '    hooks:',
    `      - id: leakgate${isMessage ? '-commit-msg' : ''}`,
    `        name: leakgate${isMessage ? ' (message)' : ''}`,
    `        entry: leakgate hook run ${isMessage ? type : 'framework'} --`,
    '        language: system',
    ...(isMessage ? ['        stages: [commit-msg]'] : ['        always_run: true', '        require_serial: true']),
  ];
};
