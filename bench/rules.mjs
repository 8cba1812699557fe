// Is the number of rules felt? Measures all rules against 60 of the best-known ones, on trees, histories and the hook.
//   node bench/rules.mjs [--rounds N] REPOSITORY…
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkOut, hookCase } from './cases.mjs';
import { firstLine, timeTogether } from './measure.mjs';
import { machine } from './table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const FEW = 60;
/** Where the 60 are taken from, in this order: what carries any credential comes first, as in every rule set. */
const BEST_KNOWN = 'generic private-key database jwt aws github gitlab google slack stripe npm openai'.split(' ');

/** A copy of dist/ that knows only the first rules of the best-known files. */
const fewRules = async (folder) => {
  const { loadRuleFiles, compileLoaded, encodeRuleSet } = await import(path.join(root, 'generated/rule-compiler.mjs'));
  const loaded = BEST_KNOWN.flatMap((name) => loadRuleFiles(path.join(root, 'rules', `${name}.yaml`)));
  const compiled = compileLoaded(loaded, 'v8').filter(({ optional }) => !optional);
  // Readers and carriers cost the most: all of them are among the few.
  const order = [...compiled].sort(
    (a, b) => Number(b.carrier || b.mode === 'extract') - Number(a.carrier || a.mode === 'extract'),
  );
  const dist = path.join(folder, 'dist');
  cpSync(path.join(root, 'dist'), dist, { recursive: true });
  writeFileSync(path.join(dist, 'rules.bin'), encodeRuleSet(order.slice(0, FEW)));
  return path.join(dist, 'main.js');
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
if (positionals.length === 0) {
  console.error('usage: node bench/rules.mjs [--rounds N] REPOSITORY…');
  process.exit(2);
}
const rounds = Number(values.rounds);
const all = path.join(root, 'dist/main.js');
console.log(machine(firstLine(process.execPath, all, '--version'), rounds));
console.log(`| Repository | Case | all rules | ${FEW} rules | throughput, all : ${FEW} |\n|---|---|---:|---:|---:|`);
for (const repository of positionals) {
  const folder = mkdtempSync(path.join(tmpdir(), 'leakgate-bench-'));
  try {
    const few = await fewRules(folder);
    const tree = checkOut(repository, folder);
    const cases = [
      ['dir .', tree, ['dir', '.', '--jobs', '1'], rounds],
      ['git .', path.resolve(repository), ['git', '.', '--no-cache', '--jobs', '1'], rounds],
    ];
    hookCase(tree);
    cases.push(['hook', tree, ['git', '--staged', '--quiet'], rounds * 4]);
    for (const [name, cwd, args, times] of cases) {
      const command = (main) => ({ args: [process.execPath, main, ...args], cwd, okCodes: [0, 1, 3] });
      const [a, b] = timeTogether([command(all), command(few)], times).map(({ min }) => min);
      const ms = (time) => `${Math.round(time).toLocaleString('en')} ms`;
      console.log(`| ${path.basename(repository)} | \`${name}\` | ${ms(a)} | ${ms(b)} | ${(b / a).toFixed(2)} |`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
