import type { Match } from '../../types.ts';
import type { Detector } from '../detector.ts';
import type { Example, Expand } from './examples.ts';
import type { RuleSource } from './rule.ts';
import { seeded } from './seeded.ts';

/** Examples are filled in with secrets of each of these seeds: always the same ones. */
const SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

export type ExampleKind = 'positive' | 'negative';

/** What the detector says of an example filled in with one seed's secrets. */
export interface Trial {
  readonly kind: ExampleKind;
  /** Place in the rule's list, from 0. */
  readonly index: number;
  readonly seed: number;
  readonly example: Example;
  readonly matches: readonly Match[];
  /** Why judgement refused the rule's own match, when it did. */
  readonly refused?: string;
}

/** Tries every example of a rule. @throws ExampleError when one can't be filled in. */
export const tryExamples = (rule: RuleSource, expand: Expand, detector: Detector): Trial[] =>
  (['positive', 'negative'] as const).flatMap((kind) =>
    (rule.examples?.[kind] ?? []).flatMap((template, index) =>
      // Without a place to fill in, all seeds are the same.
      (template.includes('{{') ? SEEDS : SEEDS.slice(0, 1)).map((seed): Trial => {
        const example = expand(rule, template, seeded(seed));
        const bytes = Buffer.from(example.text, 'latin1');
        detector.input(bytes.length).set(bytes);
        const { matches, dropped } = detector.detect(bytes.length);
        const refused = dropped.find(({ ruleId }) => ruleId === rule.id)?.reason;
        return { kind, index, seed, example, matches, ...(refused === undefined ? {} : { refused }) };
      }),
    ),
  );

/** Has the rule matched, be it that a more specific one took its place? */
export const isFound = ({ id }: RuleSource, { matches }: Trial): boolean =>
  matches.some(({ ruleId, alsoMatched }) => ruleId === id || alsoMatched.includes(id));

/** As isFound; a match that is the rule's own must be of the very secret that was put in. */
export const isFoundExactly = ({ id }: RuleSource, { matches, example }: Trial): boolean =>
  matches.some((match) => (match.ruleId === id ? isOf(match, example.secrets) : match.alsoMatched.includes(id)));

/** In the spelling of the example, or decoded from it, as the values of a Kubernetes Secret are. */
const isOf = ({ secret }: Match, put: readonly string[]): boolean =>
  put.length === 0 || put.some((one) => secret === one || secret === Buffer.from(one, 'base64').toString('latin1'));
