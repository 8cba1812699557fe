// How does the time of a whole history grow? Scans a quarter, a half and all of a repository's first-parent history.
//   node bench/growth.mjs [--rounds N] REPOSITORY
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { historyCase } from './cases.mjs';
import { firstLine, timeTogether } from './measure.mjs';
import { machine } from './table.mjs';

const SHARES = [0.25, 0.5, 1];

const git = (dir, ...args) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });

/** A bare repository with what one commit leads to, in one pack. */
const upTo = (source, commit, folder) => {
  execFileSync('git', ['init', '--quiet', '--bare', folder]);
  git(folder, 'fetch', '--quiet', '--no-tags', path.resolve(source), `${commit}:refs/heads/main`);
  git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/main');
  git(folder, 'repack', '-adq');
  return folder;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const [source] = positionals;
if (source === undefined) {
  console.error('usage: node bench/growth.mjs [--rounds N] REPOSITORY');
  process.exit(2);
}
const rounds = Number(values.rounds);
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
console.log(machine(firstLine(process.execPath, main, '--version'), rounds));
console.log(
  '| Commits of the first-parent line | Objects read | Content | leakgate | one thread | git prints all objects | ratio |',
);
console.log('|---|---:|---:|---:|---:|---:|---:|');
const commits = git(source, 'rev-list', '--first-parent', '--reverse', 'HEAD').trim().split('\n');
for (const share of SHARES) {
  const folder = mkdtempSync(path.join(tmpdir(), 'leakgate-bench-'));
  try {
    const commit = commits[Math.ceil(commits.length * share) - 1];
    const { commands, receipt } = historyCase(upTo(source, commit, path.join(folder, 'part.git')));
    const [own, single, , printed] = timeTogether(commands, rounds).map(({ min }) => min);
    const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
    const cells = [
      `${(share * 100).toFixed(0)} %`,
      receipt.items.toLocaleString('en'),
      `${(receipt.bytes / 1e6).toFixed(0)} MB`,
      ...[own, single, printed].map(seconds),
      `${(own / printed).toFixed(2)} ×`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
