import { type Check, fail } from '../doctor/check.ts';
import { programChecks } from '../doctor/program.ts';
import { repositoryChecks } from '../doctor/repository.ts';
import { SourceError, UsageError } from '../errors.ts';
import { forTerminal } from '../report/escape.ts';
import { openRepository } from '../sources/git/repository.ts';
import { inWords } from '../sources/tree/errno.ts';
import { statGiven } from '../sources/tree/given.ts';

/**
 * `leakgate doctor`: would a gate work here? One line a fact; where something is wrong it says what to do.
 * @returns 0, or 1 when something would keep a gate from working
 */
export const runDoctor = async (dir: string): Promise<number> => {
  if (!statGiven(dir)) throw new UsageError(`no such folder: ${dir}`);
  const program = await programChecks(dir);
  // Without git there is nothing more to find out, and it would be said twice.
  const checks = [...program, ...(program[0]?.level === 'fail' ? [] : await placeChecks(dir))];
  const failed = checks.filter(({ level }) => level === 'fail').length;
  for (const { level, text } of checks) process.stdout.write(`${LABEL[level]}  ${forTerminal(text)}\n`);
  process.stdout.write(failed === 0 ? 'All is well.\n' : `${failed} to mend.\n`);
  return failed === 0 ? 0 : 1;
};

const LABEL: Readonly<Record<Check['level'], string>> = { ok: 'ok  ', note: 'note', fail: 'FAIL' };

const placeChecks = async (dir: string): Promise<Check[]> => {
  try {
    const repo = await openRepository(dir);
    if (!repo) return [fail(`${dir} is in no git repository: only leakgate dir and leakgate stdin work here`)];
    return await repositoryChecks(repo);
  } catch (error) {
    if (error instanceof SourceError) return [fail(error.message)];
    const { path: file } = error as NodeJS.ErrnoException;
    if (file === undefined) throw error;
    return [fail(`${file}: ${inWords(error)}`)];
  }
};
