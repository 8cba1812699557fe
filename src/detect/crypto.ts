/**
 * node:crypto, loaded on first use. Most scans meet no key and no checksum that needs it, and loading it takes a tenth of
 * the start-up time of a hook.
 */
export const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
