// Builds the package where npm installs it from a clone of the repository, which has no dist/: `npm install git+https://…`,
// and the hooks of pre-commit. npm runs this as `prepare`, for `npm ci` and `npm pack` too: those do not wait for a build.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const has = (name) => existsSync(path.join(root, name));

/** What npm hands down to scripts would make an npm within them install elsewhere, or leave out what the build needs. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_config_(?:global|location|prefix|local_prefix|omit|include|production|dry_run)$/i.test(name),
    ),
  );

if (process.env.npm_command !== 'ci' && !has('dist/main.js')) {
  // npm 11 installs no development dependencies for a package that it installs globally from git.
  if (!has('node_modules/esbuild') || !has('node_modules/assemblyscript')) {
    const install = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
    execFileSync('npm', install, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  }
  const { buildPackage } = await import('./build.mjs');
  await buildPackage({ types: false });
}
