import { loadRe2, loadRe2js } from '../../detect/engine.ts';
import { UsageError } from '../../errors.ts';
import { type Place, sayPlace } from './table.ts';

/** Does a regex match somewhere in a text? */
export type Test = (text: string) => boolean;

/** Makes tests of regexes in RE2 syntax. Throws UsageError with the place for one that is wrong. */
export type MakeTest = (regex: string, place: Place) => Test;

/** Tests that run on RE2, which takes linear time whatever the regex and the text are. */
export const loadTester = async (): Promise<MakeTest> => {
  const matcherOf = loadRe2() ?? (await loadRe2js());
  return (regex, place) => {
    try {
      const matcher = matcherOf(regex, false);
      const test: Test = (text) => matcher.find(text, 0) !== undefined;
      // One engine compiles on first use.
      test('');
      return test;
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new UsageError(`${sayPlace(place)}: the regex ${JSON.stringify(regex)} is wrong: ${reason}`);
    }
  };
};
