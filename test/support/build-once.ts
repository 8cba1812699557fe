import { execFileSync } from 'node:child_process';

/** Builds the package once before all tests: end-to-end tests run what users run. */
export const setup = (): void => {
  execFileSync(process.execPath, ['scripts/build.mjs', '--no-types'], { stdio: 'inherit' });
};
