import { createExpand, type Expand } from '../../src/detect/rules/examples.ts';
import { shippedSources } from '../support/detector.ts';

const rules = new Map(shippedSources().map(({ rule }) => [rule.id, rule]));

/** Fills in examples of the shipped rules with generated secrets. */
export const expand: Expand = createExpand((id) => rules.get(id));
