/** Replaced when the package is built by the version in package.json. */
declare const LEAKGATE_VERSION: string | undefined;

export const TOOL_NAME = 'leakgate';
/** Where people read about the tool. */
export const TOOL_HOME = 'https://www.npmjs.com/package/leakgate';
export const TOOL_VERSION = typeof LEAKGATE_VERSION === 'string' ? LEAKGATE_VERSION : '0.0.0-source';
