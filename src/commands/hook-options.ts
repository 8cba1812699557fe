import { HOOK_TYPES } from '../hooks/types.ts';
import type { OptionSpec } from './settings.ts';

const TYPE = {
  type: {
    type: 'string',
    array: true,
    choices: HOOK_TYPES,
    describe: 'Which hook; repeatable (default: pre-commit; pre-receive in a bare repository)',
  },
} as const satisfies Record<string, OptionSpec>;

export const INSTALL_OPTIONS = {
  ...TYPE,
  plain: { type: 'boolean', describe: 'Write to the folder of git, whoever manages the hooks' },
} as const satisfies Record<string, OptionSpec>;

export const HOOK_OPTIONS = TYPE;
