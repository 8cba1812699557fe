// Builds the package into dist/: bundles without run-time dependencies, the kernel, the rules, and type declarations.
//   node scripts/build.mjs [--no-types]
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generate } from './generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The licence texts of every package that is bundled. */
const licensesOf = ({ inputs }) => {
  const packages = new Set(
    Object.keys(inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(path.join(root, folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
};

export const buildPackage = async ({ types = true } = {}) => {
  await generate();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  const { metafile } = await build({
    entryPoints: { main: 'src/main.ts', index: 'src/index.ts', worker: 'src/scan/worker.ts' },
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // re2 is a native addon that users may install beside; everything else is bundled.
    external: ['re2'],
    chunkNames: '[name]-[hash]',
    // Names stay, for readable stack traces; the rest is start-up time.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { LEAKGATE_ASSETS: '"./"', LEAKGATE_VERSION: JSON.stringify(version) },
    // CommonJS packages inside the bundle ask for require.
    banner: {
      js: "import { createRequire as leakgateRequire } from 'node:module';const require = leakgateRequire(import.meta.url);",
    },
    logLevel: 'warning',
    metafile: true,
  });
  for (const file of ['kernel.wasm', 'rules.bin'])
    copyFileSync(path.join(root, 'generated', file), path.join(dist, file));
  writeFileSync(path.join(dist, 'THIRD_PARTY_LICENSES.txt'), licensesOf(metafile));
  chmodSync(path.join(dist, 'main.js'), 0o755);
  if (types)
    execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
      cwd: root,
      stdio: 'inherit',
    });
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildPackage({ types: !process.argv.includes('--no-types') });
