// Compares both ways to read a history: findings at any confidence, their commits, and all counts. Prints one line a repository.
//   node bench/backends.mjs REPOSITORY…
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const leakgate = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const reportOf = (repository, backend) => {
  const options = [
    '--no-cache',
    '--git-backend',
    backend,
    '--min-confidence',
    'low',
    '--exit-zero',
    '--format',
    'json',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [leakgate, 'git', repository, ...options], {
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  // 3 says that something was not read, which both have to agree on.
  if (status !== 0 && status !== 3) throw new Error(`leakgate ended with ${status}: ${stderr}`);
  const report = JSON.parse(stdout);
  const { durationMs: _, ...receipt } = report.receipt;
  return { ...report, receipt };
};

let differences = 0;
for (const repository of process.argv.slice(2)) {
  const direct = reportOf(repository, 'pack');
  const same = JSON.stringify(direct) === JSON.stringify(reportOf(repository, 'cat-file'));
  if (!same) differences++;
  const places = direct.findings.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
  const what = `${direct.receipt.items} objects, ${direct.findings.length} findings in ${places} places`;
  console.log(`${same ? 'same' : 'DIFFERENT'}  ${path.resolve(repository)}: ${what}`);
}
process.exitCode = differences > 0 ? 1 : 0;
