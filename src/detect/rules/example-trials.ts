import type { Match } from '../../types.ts';
import type { Detector } from '../detector.ts';
import type { Example, Expand } from './examples.ts';
import type { RuleSource } from './rule.ts';
import { seeded } from './seeded.ts';
import { type NamedTemplate, writtenTemplates } from './written-forms.ts';

/** Examples are filled in with secrets of each of these seeds: always the same ones. */
const SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

export type ExampleKind = 'positive' | 'negative';

/** What the detector says of an example filled in with one seed's secrets. */
export interface Trial {
  readonly kind: ExampleKind;
  /** 'positive example 2' of the rule's own, 'written as JSON', 'a placeholder'. */
  readonly name: string;
  /** Place in the rule's list, from 0; undefined for what all rules are tried in. */
  readonly index?: number;
  readonly seed: number;
  readonly example: Example;
  readonly matches: readonly Match[];
  /** Why judgement refused the rule's own match, when it did. */
  readonly refused?: string;
}

/** Tries a rule's own examples and the ways everybody writes. @throws ExampleError when one can't be filled in. */
export const tryExamples = (rule: RuleSource, expand: Expand, detector: Detector): Trial[] => [
  ...(['positive', 'negative'] as const).flatMap((kind) =>
    (rule.examples?.[kind] ?? []).flatMap((text, index) =>
      // Without a place to fill in, all seeds are the same.
      (text.includes('{{') ? SEEDS : SEEDS.slice(0, 1)).flatMap((seed) =>
        tryOne(rule, { kind, name: `${kind} example ${index + 1}`, text }, seed, expand, detector, index),
      ),
    ),
  ),
  ...writtenTemplates(rule).flatMap((template, place) => tryOne(rule, template, place + 1, expand, detector)),
];

const tryOne = (
  rule: RuleSource,
  { kind, name, text, breaks }: NamedTemplate,
  seed: number,
  expand: Expand,
  detector: Detector,
  index?: number,
): Trial[] => {
  if (breaks?.test(expand(rule, '{{form}}', seeded(seed)).text)) return [];
  const example = expand(rule, text, seeded(seed));
  const bytes = Buffer.from(example.text, 'latin1');
  detector.input(bytes.length).set(bytes);
  const { matches, dropped } = detector.detect(bytes.length);
  const refused = dropped.find(({ ruleId }) => ruleId === rule.id)?.reason;
  return [
    {
      kind,
      name,
      seed,
      example,
      matches,
      ...(index === undefined ? {} : { index }),
      ...(refused === undefined ? {} : { refused }),
    },
  ];
};

/** Has the rule matched, be it that a more specific one took its place? */
export const isFound = ({ id }: RuleSource, { matches }: Trial): boolean =>
  matches.some(({ ruleId, alsoMatched }) => ruleId === id || alsoMatched.includes(id));

/** As isFound; a match that is the rule's own must be of the very secret that was put in. */
export const isFoundExactly = ({ id }: RuleSource, { matches, example }: Trial): boolean =>
  matches.some((match) => (match.ruleId === id ? isOf(match, example.secrets) : match.alsoMatched.includes(id)));

/** In the spelling of the example, or decoded from it, as the values of a Kubernetes Secret are. */
const isOf = ({ secret }: Match, put: readonly string[]): boolean =>
  put.length === 0 || put.some((one) => secret === one || secret === Buffer.from(one, 'base64').toString('latin1'));
