import { readFileSync } from 'node:fs';

/** Replaced when the package is built: built files lie beside their assets. */
declare const LEAKGATE_ASSETS: string | undefined;

/** Where the generated files (kernel, rules) lie: `generated/` beside `src/`, or the package's own folder. */
export const assetsUrl = new URL(
  typeof LEAKGATE_ASSETS === 'string' ? LEAKGATE_ASSETS : '../generated/',
  import.meta.url,
);

/** The compiled kernel. */
export const loadKernel = (): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(new URL('kernel.wasm', assetsUrl)));

/** The compiled rules that ship with the package. */
export const loadShippedRules = (): Uint8Array => readFileSync(new URL('rules.bin', assetsUrl));

/** The file worker threads are started with. */
export const workerFile = new URL('worker.js', assetsUrl);
