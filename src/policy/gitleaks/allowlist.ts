import type { Located } from '../../findings/grouping.ts';
import type { GitleaksAllowlist } from './document.ts';
import { type Place, sayPlace } from './table.ts';
import type { MakeTest, Test } from './tester.ts';

/** An allowlist ready to judge matches where they stand. */
export interface Allowlist {
  /** Why a match is accepted, for reports. */
  readonly reason: string;
  /** `commits`: those that brought the same secret into the same path. */
  readonly accepts: (placed: Located, commits: ReadonlySet<string>) => boolean;
}

type Criterion = Allowlist['accepts'];

/**
 * Prepares an allowlist. Kinds of criteria that it does not name do not count; without any it accepts nothing.
 * @throws UsageError for a regex that is wrong.
 */
export const createAllowlist = (source: GitleaksAllowlist, makeTest: MakeTest): Allowlist => {
  const criteria = criteriaOf(source, makeTest);
  return {
    reason: `allowlist of ${source.description ? `${source.place.file}: ${source.description}` : sayPlace(source.place)}`,
    accepts: (placed, commits) => {
      if (criteria.length === 0) return false;
      const holds = (criterion: Criterion) => criterion(placed, commits);
      return source.all ? criteria.every(holds) : criteria.some(holds);
    },
  };
};

const criteriaOf = (source: GitleaksAllowlist, makeTest: MakeTest): Criterion[] => {
  const { place, regexTarget } = source;
  const listed = new Set(source.commits.map((commit) => commit.toLowerCase()));
  const paths = anyOf(source.paths, place, makeTest);
  const regexes = anyOf(source.regexes, place, makeTest);
  const words = source.stopwords.map((word) => word.toLowerCase());
  const criteria: [readonly string[], Criterion][] = [
    [source.commits, (_, commits) => [...commits].some((commit) => listed.has(commit))],
    [source.paths, ({ path }) => path !== undefined && paths(path)],
    [source.regexes, (placed) => regexes(targetOf(placed, regexTarget))],
    [source.stopwords, ({ match }) => contains(match.secret.toLowerCase(), words)],
  ];
  return criteria.flatMap(([given, criterion]) => (given.length > 0 ? [criterion] : []));
};

const anyOf = (regexes: readonly string[], place: Place, makeTest: MakeTest): Test => {
  const tests = regexes.map((regex) => makeTest(regex, place));
  return (text) => tests.some((test) => test(text));
};

const contains = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

/** A reader (of private keys, of assignments) has no form beside the secret. */
const targetOf = ({ match }: Located, target: GitleaksAllowlist['regexTarget']): string =>
  target === 'secret' ? match.secret : ((target === 'line' ? match.lines : match.form) ?? match.secret);
