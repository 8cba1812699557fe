// Where does the time of a whole history go? Profiles one thread and adds up what each part of the work took.
//   node bench/split.mjs REPOSITORY…
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel } from '../scripts/generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Parts by the function that a sample stands in or was called from; of several the innermost counts. */
const PARTS = [
  ['waiting for git', /^\(idle\)/],
  ['collecting garbage', /^\(garbage collector\)/],
  ['starting git', /^(?:ChildProcess\.)?spawn /],
  ['inflating', /assembly\/(?:inflate|prefix-codes)\//],
  ['applying deltas', /assembly\/delta\//],
  ['anchors', /assembly\/(?:anchors|anchor-tests)\/|^versions\/(?:look|scanChanges)|assembly\/versions\//],
  ['encoded text', /assembly\/spots\/|^(?:decodeTracks|decodeSpot|decodingsOf) /],
  ['rules and judgement', /^evaluate /],
  ['index and headers of packs', /^(?:takeSnapshot|cutPieces|packJobs|planPacks) /],
  ['reading the pack', /^readEntry /],
  ['trees', /^(?:readTrees|searchTrees|createTreeIndex) |assembly\/(?:trees|tree-)/],
  ['commits of findings', /^(?:attributeBlobs|attributeCommits|readHistory|parseHistory|placeFound|placeAll) /],
  ['texts and their versions', /^(?:scanPack|performPackJob) /],
];
const REST = 'start, report and the rest';

const nameOf = ({ functionName, url }) => `${functionName || '(anonymous)'} ${url}`;

/** Seconds by part of a profile in the form of V8 (a tree of nodes, samples of leaves, microseconds between them). */
const splitOf = ({ nodes, samples, timeDeltas }) => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const known = new Map();
  const partOf = (id) => {
    if (id === undefined) return REST;
    if (!known.has(id)) {
      const name = nameOf(byId.get(id).callFrame);
      const part = PARTS.find(([, pattern]) => pattern.test(name));
      known.set(id, part ? part[0] : partOf(parents.get(id)));
    }
    return known.get(id);
  };
  const seconds = new Map();
  samples.forEach((id, i) => {
    const part = partOf(id);
    seconds.set(part, (seconds.get(part) ?? 0) + timeDeltas[i] / 1e6);
  });
  return seconds;
};

/** A copy of dist/ whose kernel names its functions in profiles. */
const namedCopy = async (folder) => {
  const dist = path.join(folder, 'dist');
  cpSync(path.join(root, 'dist'), dist, { recursive: true });
  await compileKernel(path.join(root, 'generated/kernel-named.wasm'), { names: true });
  cpSync(path.join(root, 'generated/kernel-named.wasm'), path.join(dist, 'kernel.wasm'));
  return path.join(dist, 'main.js');
};

const profileOf = (main, repository, folder) => {
  const profiles = mkdtempSync(path.join(folder, 'profile-'));
  const node = ['--cpu-prof', '--cpu-prof-dir', profiles];
  const args = [...node, main, 'git', repository, '--no-cache', '--jobs', '1', '--exit-zero'];
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0 && status !== 3) throw new Error(`leakgate ended with ${status}: ${stderr}`);
  const [file] = readdirSync(profiles);
  return JSON.parse(readFileSync(path.join(profiles, file), 'utf8'));
};

const repositories = process.argv.slice(2);
if (repositories.length === 0) {
  console.error('usage: node bench/split.mjs REPOSITORY…');
  process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'leakgate-bench-'));
try {
  const main = await namedCopy(folder);
  const splits = repositories.map((repository) => splitOf(profileOf(main, path.resolve(repository), folder)));
  const total = (split) => [...split.values()].reduce((sum, one) => sum + one, 0);
  console.log(`| Part | ${repositories.map((one) => path.basename(one)).join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(repositories.length)}`);
  for (const part of [...PARTS.map(([name]) => name), REST]) {
    const cells = splits.map((split) => {
      const seconds = split.get(part) ?? 0;
      return `${seconds.toFixed(2)} s (${((100 * seconds) / total(split)).toFixed(0)} %)`;
    });
    console.log(`| ${part} | ${cells.join(' | ')} |`);
  }
  console.log(`| all, profiled | ${splits.map((split) => `${total(split).toFixed(2)} s`).join(' | ')} |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
