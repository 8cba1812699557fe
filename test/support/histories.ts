import { between, pick, type Random } from './random.ts';

/** A commit of a generated history: its parents by number, and its files as lists of lines. */
export interface Planned {
  readonly parents: readonly number[];
  readonly files: Files;
}

type Files = ReadonlyMap<string, readonly string[]>;

const NAMES = ['a.env', 'b.env', 'dir/c.env', 'dir/d.env'];

/**
 * A history with branches, merges (clean, resolved in favour of a side, or with an edit), reverts, moved and repeated
 * lines, renames with and without a change, copies, removals, and secrets that come and go.
 * @param secrets lines that hold one secret each
 */
export const planHistory = (random: Random, commits: number, secrets: readonly string[]): Planned[] => {
  const plan: Planned[] = [{ parents: [], files: new Map([['a.env', plainLines(random, 8)]]) }];
  while (plan.length < commits) {
    // Mostly on top of what is new, so that branches get a few commits each.
    const from = plan.length - 1 - Math.min(plan.length - 1, between(random, 0, 3) * between(random, 0, 1));
    const kind = random();
    if (kind < 0.25 && plan.length > 3) plan.push(merge(random, plan, from, secrets));
    else if (kind < 0.35 && plan[from]!.parents.length > 0) plan.push(revert(plan, from));
    else if (kind < 0.38) plan.push({ parents: [], files: edited(random, new Map(), secrets) });
    else plan.push({ parents: [from], files: edited(random, plan[from]!.files, secrets) });
  }
  return plan;
};

const plainLines = (random: Random, count: number): string[] =>
  Array.from({ length: count }, () => `setting ${between(random, 1, 12)} of the file`);

/** Back to what the parent had; as often as not with a file of today kept. */
const revert = (plan: readonly Planned[], from: number): Planned => ({
  parents: [from],
  files: plan[plan[from]!.parents[0]!]!.files,
});

const merge = (random: Random, plan: readonly Planned[], from: number, secrets: readonly string[]): Planned => {
  const others = new Set<number>();
  for (let i = between(random, 1, 4) === 4 ? 2 : 1; i > 0; i--) others.add(between(random, 0, plan.length - 1));
  others.delete(from);
  const parents = [from, ...others];
  const files = new Map<string, readonly string[]>();
  for (const name of NAMES) {
    const versions = parents.flatMap((parent) => plan[parent]!.files.get(name) ?? []);
    const lines = random() < 0.3 ? versions : plan[pick(random, parents)]!.files.get(name);
    if (lines && lines.length > 0) files.set(name, lines);
  }
  return { parents, files: random() < 0.4 ? edited(random, files, secrets) : files };
};

const edited = (random: Random, files: Files, secrets: readonly string[]): Files => {
  let next = new Map(files);
  for (let i = between(random, 1, 3); i > 0; i--) next = editOnce(random, next, secrets);
  return next;
};

const editOnce = (random: Random, files: Map<string, readonly string[]>, secrets: readonly string[]) => {
  const name = pick(random, files.size > 0 ? [...files.keys()] : NAMES);
  const lines = [...(files.get(name) ?? plainLines(random, 6))];
  const at = between(random, 0, lines.length);
  const other = pick(random, NAMES);
  switch (
    pick(random, ['secret', 'secret', 'secret', 'insert', 'remove', 'move', 'repeat', 'rename', 'copy', 'delete'])
  ) {
    case 'secret':
      return files.set(name, lines.toSpliced(at, 0, pick(random, secrets)));
    case 'insert':
      return files.set(name, lines.toSpliced(at, 0, ...plainLines(random, between(random, 1, 3))));
    case 'remove':
      return files.set(name, lines.toSpliced(at, between(random, 1, 2)));
    case 'move': {
      const moved = lines.splice(at, between(random, 1, 3));
      return files.set(name, lines.toSpliced(between(random, 0, lines.length), 0, ...moved));
    }
    case 'repeat':
      return files.set(name, lines.toSpliced(at, 0, ...lines.slice(0, between(random, 1, 3))));
    case 'rename':
      files.delete(name);
      return files.set(other, random() < 0.5 ? lines : lines.toSpliced(at, 0, pick(random, secrets)));
    case 'copy':
      return files.set(other, lines);
    default:
      files.delete(name);
      return files;
  }
};

/** The history as input of `git fast-import`; commit n is the mark n + 1 and the branch `c<n>`. */
export const importStream = (plan: readonly Planned[]): string =>
  plan
    .map(({ parents, files }, number) => {
      const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
      const [first, ...others] = parents;
      return [
        `reset refs/heads/c${number}\n`,
        `commit refs/heads/c${number}\nmark :${number + 1}\n`,
        `committer Ada <ada@example.com> ${1_704_067_200 + number} +0000\n`,
        data(`commit ${number}`),
        first === undefined ? '' : `from :${first + 1}\n`,
        ...others.map((parent) => `merge :${parent + 1}\n`),
        'deleteall\n',
        ...[...files].map(
          ([name, lines]) => `M 100644 inline ${name}\n${data(lines.map((line) => `${line}\n`).join(''))}`,
        ),
        '\n',
      ].join('');
    })
    .join('');
