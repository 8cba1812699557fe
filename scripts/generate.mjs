// Makes what the sources need but the repository does not hold: the WebAssembly kernel and the compiled rule set.
//   node scripts/generate.mjs          writes generated/kernel.wasm and generated/rules.bin
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = path.join(root, 'generated');

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map(
      (entry) => statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs,
    ),
  );
const isFresh = (file, ...folders) => {
  const made = statSync(file, { throwIfNoEntry: false });
  return made !== undefined && folders.every((folder) => newest(path.join(root, folder)) < made.mtimeMs);
};

const MODULES = [
  ...['anchors', 'delta', 'inflate', 'positions', 'spots', 'versions'].map(
    (name) => `src/detect/kernel/assembly/${name}.ts`,
  ),
  ...['trees', 'tree-members'].map((name) => `src/sources/git/pack/assembly/${name}.ts`),
];

/** Compiles the AssemblyScript kernel to a file below the project's folder; with `names` profiles tell its functions. */
export const compileKernel = async (file, { names = false } = {}) => {
  const features = ['--enable', 'simd', '--enable', 'bulk-memory'];
  const memory = ['--initialMemory', '16', '--runtime', 'stub'];
  const { error, stderr } = await asc.main([
    ...MODULES,
    '--baseDir',
    root,
    '--outFile',
    path.relative(root, file),
    '-O3',
    '--noAssert',
    ...features,
    ...memory,
    ...(names ? ['--debug'] : []),
  ]);
  if (error) throw new Error(`the kernel does not compile: ${error.message}\n${stderr.toString()}`);
};

const generateKernel = async () => {
  const file = path.join(generated, 'kernel.wasm');
  if (isFresh(file, 'src/detect/kernel/assembly', 'src/sources/git/pack/assembly')) return;
  await compileKernel(file);
};

/** Compiles rules/*.yaml with the project's own compiler. */
export const generateRules = async () => {
  const file = path.join(generated, 'rules.bin');
  if (isFresh(file, 'rules', 'src/detect')) return;
  const compiler = path.join(generated, 'rule-compiler.mjs');
  const contents = `export { loadRuleFiles, compileLoaded } from './src/detect/rules/load.ts';\nexport { encodeRuleSet } from './src/detect/rules/encode.ts';`;
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile: compiler,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['yaml', 're2', 're2js'],
    logLevel: 'warning',
  });
  const { loadRuleFiles, compileLoaded, encodeRuleSet } = await import(`${pathToFileURL(compiler).href}?${Date.now()}`);
  const loaded = loadRuleFiles(path.join(root, 'rules'));
  writeFileSync(file, encodeRuleSet(compileLoaded(loaded, 'v8')));
};

export const generate = async () => {
  mkdirSync(generated, { recursive: true });
  await generateKernel();
  await generateRules();
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
