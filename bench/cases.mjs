// What is measured on one repository, each with what it is measured against.
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const leakgate = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Findings (1) and gaps such as absent submodules (3) are answers too: the table shows the exit code. */
const ANSWERS = [0, 1, 3];
const LITERAL = 'password';
const STAGED_FILES = 10;

const git = (dir, ...args) => execFileSync('git', ['-C', dir, ...args], { maxBuffer: 1 << 30 });

const scan = (cwd, ...args) => ({
  label: 'leakgate',
  args: [process.execPath, leakgate, ...args],
  cwd,
  okCodes: ANSWERS,
});

/** Items and bytes of a scan, as its own receipt counts them. */
const receiptOf = ({ args, cwd }) => {
  try {
    return JSON.parse(execFileSync(args[0], [...args.slice(1), '--exit-zero', '--format', 'json'], jsonOptions(cwd)))
      .receipt;
  } catch (error) {
    // An incomplete scan ends with 3 and still prints its report.
    if (error.status !== 3) throw error;
    return JSON.parse(error.stdout).receipt;
  }
};

const jsonOptions = (cwd) => ({ cwd, maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });

/** Checks the repository out into `folder`/tree without copying its objects. */
export const checkOut = (repository, folder) => {
  const tree = path.join(folder, 'tree');
  execFileSync('git', ['clone', '--quiet', '--shared', '--', path.resolve(repository), tree], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return tree;
};

/** Every tracked file, against reading the bytes and against one literal looked for by ripgrep. */
export const treeCase = (tree, hasRipgrep) => {
  const own = scan(tree, 'dir', '.');
  const read = {
    label: 'reading the bytes',
    args: ['sh', '-c', 'git ls-files -z | xargs -0 cat > /dev/null'],
    cwd: tree,
  };
  // -a and -uu: the same files and all of their bytes, as leakgate reads them. 1: no line matched.
  const rg = {
    label: 'ripgrep, one literal',
    args: ['rg', '-c', '-a', '-uu', '-g', '!/.git', LITERAL, '.'],
    cwd: tree,
    okCodes: [0, 1],
  };
  return { title: 'Working tree', commands: [own, ...(hasRipgrep ? [rg] : []), read], receipt: receiptOf(own) };
};

/**
 * Every object of the repository, against git printing them all; on one thread and read through git too. With `patches` also
 * against git printing the patches of all commits, which takes minutes on a large repository.
 */
export const historyCase = (repository, { patches = false } = {}) => {
  const cwd = path.resolve(repository);
  // What an earlier run remembered would leave nothing to measure.
  const own = scan(cwd, 'git', '.', '--no-cache');
  const git = (label, ...args) => ({ label, args: ['git', ...args], cwd });
  const commands = [
    own,
    { ...scan(cwd, 'git', '.', '--no-cache', '--jobs', '1'), label: 'leakgate, one thread' },
    { ...scan(cwd, 'git', '.', '--no-cache', '--git-backend', 'cat-file'), label: 'leakgate, through git' },
    git('git prints all objects', 'cat-file', '--batch-all-objects', '--batch', '--unordered'),
    ...(patches ? [git('git prints all patches', 'log', '-p', '--all')] : []),
  ];
  return { title: 'Whole history', commands, receipt: receiptOf(own) };
};

/** Ten changed files in the index, against what no hook can go below. */
export const hookCase = (tree) => {
  stageFiles(tree);
  const own = scan(tree, 'git', '--staged', '--quiet');
  execFileSync(process.execPath, [leakgate, 'hook', 'install', '--plain', tree], { stdio: 'ignore' });
  const hook = {
    label: 'the installed hook',
    args: [path.join(tree, '.git/hooks/pre-commit')],
    cwd: tree,
    okCodes: ANSWERS,
  };
  const bare = { label: 'node, nothing else', args: [process.execPath, '-e', '0'], cwd: tree };
  const diff = { label: 'git shows what is staged', args: ['git', 'diff', '--cached'], cwd: tree };
  return { title: `Hook, ${STAGED_FILES} staged files`, commands: [own, hook, bare, diff], receipt: receiptOf(own) };
};

/** Adds a line to text files spread over the tree, and stages them. */
const stageFiles = (tree) => {
  const names = git(tree, 'grep', '-Ilz', '--cached', '-e', '').toString('utf8').split('\0').filter(Boolean);
  const step = Math.max(1, Math.floor(names.length / STAGED_FILES));
  const chosen = names.filter((_, index) => index % step === 0).slice(0, STAGED_FILES);
  for (const name of chosen) appendFileSync(path.join(tree, name), '\none more line\n');
  git(tree, '--literal-pathspecs', 'add', '--', ...chosen);
};
