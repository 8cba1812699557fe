// Measures leakgate side by side with what it can't be faster than. Prints Markdown; judges nothing.
//   node bench/run.mjs [--rounds N] [--only tree,history,hook] [--patches] REPOSITORY…
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkOut, historyCase, hookCase, treeCase } from './cases.mjs';
import { firstLine, peakOf, timeTogether } from './measure.mjs';
import { caseTable, machine } from './table.mjs';

const USAGE = 'node bench/run.mjs [--rounds N] [--only tree,history,hook] [--patches] REPOSITORY…';
/** A hook is done in a blink: more rounds cost little and are needed. */
const HOOK_ROUNDS = 4;

const measure = (oneCase, rounds) => {
  const times = timeTogether(oneCase.commands, rounds);
  console.log(caseTable(oneCase, times, peakOf(oneCase.commands[0])));
};

const measureRepository = (repository, { rounds, only, patches }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'leakgate-bench-'));
  try {
    console.log(`## ${path.basename(path.resolve(repository))}\n`);
    const tree = only.has('tree') || only.has('hook') ? checkOut(repository, folder) : '';
    if (only.has('tree')) measure(treeCase(tree, firstLine('rg', '--version') !== undefined), rounds);
    if (only.has('history')) measure(historyCase(repository, { patches }), rounds);
    if (only.has('hook')) measure(hookCase(tree), rounds * HOOK_ROUNDS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'tree,history,hook' },
    patches: { type: 'boolean', default: false },
  },
});
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const rounds = Number(values.rounds);
if (positionals.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: ${USAGE}`);
  process.exit(2);
}
if (!existsSync(main)) {
  console.error('there is no dist/main.js to measure: npm run build makes it');
  process.exit(2);
}
for (const repository of positionals) {
  if (existsSync(repository)) continue;
  console.error(`there is no repository at ${repository}`);
  process.exit(2);
}
console.log(machine(firstLine(process.execPath, main, '--version'), rounds));
for (const repository of positionals)
  measureRepository(repository, { rounds, only: new Set(values.only.split(',')), patches: values.patches });
