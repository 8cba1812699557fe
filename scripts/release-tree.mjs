// Writes the tree that a release tag carries: what the package holds, and the hooks of pre-commit. It has no development
// dependencies and nothing to build, so that pre-commit sets it up in seconds and without a compiler.
//   npm run build && node scripts/release-tree.mjs FOLDER
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const writeReleaseTree = (folder) => {
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { scripts: _scripts, devDependencies: _development, ...rest } = manifest;
  for (const name of [...manifest.files, 'LICENSE', 'README.md', '.pre-commit-hooks.yaml'])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(rest, undefined, 2)}\n`);
};

if (!process.argv[2]) throw new Error('name the folder to write to');
writeReleaseTree(process.argv[2]);
