import type { AnchorTest } from '../kernel/image.ts';
import type { CompiledRule, RuleAnchor } from './rule.ts';

/**
 * How a rule stands in the compiled rule set: byte sets are numbers into one table for all rules, and anchors that
 * share a test name it once, since thousands of rules repeat a few dozen sets.
 */

type PackedTest = readonly [type: AnchorTest['type'], set?: number, min?: number, reach?: number, byte?: number];
type PackedAnchor = readonly [literal: string, nocase: 0 | 1, minOffset: number, maxOffset: number, test: number];

type PackedRule = Omit<CompiledRule, 'anchors' | 'first' | 'last'> & {
  readonly anchors: readonly PackedAnchor[];
  readonly tests: readonly PackedTest[];
  readonly first: number;
  readonly last: number;
};

/** Numbers sets as they come. */
export interface SetTable {
  readonly sets: string[];
  numberOf(set: string): number;
}

export const createSetTable = (): SetTable => {
  const sets: string[] = [];
  const numbers = new Map<string, number>();
  return {
    sets,
    numberOf: (set) => {
      const known = numbers.get(set);
      if (known !== undefined) return known;
      numbers.set(set, sets.length);
      return sets.push(set) - 1;
    },
  };
};

/** The JSON text of a rule. */
export const packRule = (rule: CompiledRule, table: SetTable): string => {
  const tests: string[] = [];
  const anchors = rule.anchors.map(({ literal, nocase, minOffset, maxOffset, test }): PackedAnchor => {
    const text = JSON.stringify(packTest(test, table));
    if (!tests.includes(text)) tests.push(text);
    return [literal, nocase ? 1 : 0, minOffset, maxOffset, tests.indexOf(text)];
  });
  const packed: PackedRule = {
    ...rule,
    anchors,
    tests: tests.map((text) => JSON.parse(text) as PackedTest),
    first: table.numberOf(rule.first),
    last: table.numberOf(rule.last),
  };
  return JSON.stringify(packed);
};

const packTest = (test: AnchorTest, table: SetTable): PackedTest => {
  if (test.type === 'run') return ['run', table.numberOf(test.set), test.min];
  if (test.type === 'near') return ['near', table.numberOf(test.set), test.min, test.reach];
  if (test.type === 'until') return ['until', table.numberOf(test.set), test.min, test.reach, test.byte];
  return [test.type];
};

/** The rule of a JSON text that packRule wrote, with the same sets. */
export const unpackRule = (text: string, sets: readonly string[]): CompiledRule => {
  const { tests, ...packed } = JSON.parse(text) as PackedRule;
  const unpacked = tests.map((test) => unpackTest(test, sets));
  return {
    ...packed,
    first: sets[packed.first]!,
    last: sets[packed.last]!,
    anchors: packed.anchors.map(
      ([literal, nocase, minOffset, maxOffset, test]): RuleAnchor => ({
        literal,
        nocase: nocase === 1,
        minOffset,
        maxOffset,
        test: unpacked[test]!,
      }),
    ),
  };
};

const unpackTest = ([type, set = 0, min = 0, reach = 0, byte = 0]: PackedTest, sets: readonly string[]): AnchorTest => {
  if (type === 'run') return { type, set: sets[set]!, min };
  if (type === 'near') return { type, set: sets[set]!, min, reach };
  if (type === 'until') return { type, set: sets[set]!, min, reach, byte };
  return { type };
};
