import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { UsageError } from '../../errors.ts';
import { CONFIDENCES, SEVERITIES } from '../../types.ts';
import { CHECK_NAMES } from '../checks/index.ts';
import { CHARACTER_NEEDS, EXTRACTORS, type RuleSource } from './rule.ts';

/** What a field must be; returns a complaint, or undefined when it is right. */
type Expectation = (value: unknown) => string | undefined;

const text: Expectation = (value) => (typeof value === 'string' && value.trim() ? undefined : 'must be a text');
const flag: Expectation = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const positive: Expectation = (value) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? undefined : 'must be a number of 0 or more';
const texts: Expectation = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && one) ? undefined : 'must be a list of texts';
const oneOf =
  (allowed: readonly string[]): Expectation =>
  (value) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`;
const someOf =
  (allowed: readonly string[]): Expectation =>
  (value) =>
    Array.isArray(value) && value.every((one) => allowed.includes(one))
      ? undefined
      : `must be a list of ${allowed.join(', ')}`;
const anything: Expectation = () => undefined;
const object: Expectation = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be a map';
const mapOf =
  (fields: Readonly<Record<string, Expectation>>): Expectation =>
  (value) => {
    const wrong = object(value);
    if (wrong) return wrong;
    for (const [name, part] of Object.entries(value as object)) {
      const expect = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!expect) return `has no field "${name}": it is a map of ${Object.keys(fields).join(', ')}`;
      const complaint = expect(part);
      if (complaint) return `is wrong: "${name}" ${complaint}`;
    }
    return undefined;
  };

const FIELDS: Readonly<Record<string, Expectation>> = {
  id: (value) =>
    typeof value === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value)
      ? undefined
      : 'must be words in lower case joined by "-"',
  name: text,
  description: text,
  kind: oneOf(['secret', 'id', 'public']),
  severity: oneOf(SEVERITIES),
  confidence: oneOf(CONFIDENCES),
  shape: text,
  pattern: text,
  extract: oneOf(EXTRACTORS),
  anchors: texts,
  nocase: flag,
  context: texts,
  within: positive,
  entropy: positive,
  needs: someOf(CHARACTER_NEEDS),
  check: oneOf(CHECK_NAMES),
  pair: text,
  include: texts,
  boundary: oneOf(['token', 'none']),
  carrier: flag,
  optional: flag,
  generate: text,
  remediation: mapOf({ revoke: text, docs: text, steps: texts }),
  live: object,
  examples: mapOf({ variable: text, positive: texts, negative: texts }),
  note: anything,
};

const REQUIRED = ['id', 'name', 'kind', 'severity', 'confidence'] as const;
const FORMS = ['shape', 'pattern', 'extract'] as const;

/**
 * The 1-based line of a part of a rule in its file: `lineOf('examples', 'positive', 0)`. Of a part that is not there, the
 * line of what it would stand in; without arguments that of the rule.
 */
export type LineOf = (...path: readonly (string | number)[]) => number;

/** A rule and where its parts stand. */
export interface ParsedRule {
  readonly rule: RuleSource;
  readonly lineOf: LineOf;
}

/**
 * Reads one rule file.
 * @param yaml its text; @param file the name shown in errors.
 * @throws UsageError with file, line and what is wrong, for the first thing that is.
 */
export const parseRuleFile = (yaml: string, file: string): ParsedRule[] => {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const lineOfNode = (node: Node | null | undefined): number => lines.linePos(node?.range?.[0] ?? 0).line;
  const fail = (node: Node | null | undefined, message: string): never => {
    const line = lineOfNode(node);
    throw new UsageError(`${file}:${line}: ${message}`, 'rules/README.md describes the format of rule files');
  };
  const broken = document.errors[0];
  if (broken) throw new UsageError(`${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`);
  const root = document.contents;
  if (!isMap(root)) return fail(root, 'a rule file is a map with "provider" and "rules"');
  const provider = root.get('provider');
  if (typeof provider !== 'string' || !provider) return fail(root, '"provider" is missing: the name of the vendor');
  for (const { key } of root.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!['provider', 'homepage', 'rules'].includes(name)) fail(key as Node, `unknown field "${name}"`);
  }
  const rules = root.get('rules', true) as unknown;
  if (!isSeq(rules)) return fail(root, '"rules" is missing: a list of rules');
  return rules.items.map((item) => {
    const rule = readRule(item, provider, fail);
    return { rule, lineOf: (...path) => lineOfNode(partOf(item as YAMLMap, path)) };
  });
};

/** The part of a rule at the end of a path, or the last one on the way to it that is there. */
const partOf = (rule: YAMLMap, path: readonly (string | number)[]): Node => {
  for (let length = path.length; length > 0; length--) {
    const node = rule.getIn(path.slice(0, length), true);
    if (isNode(node)) return node;
  }
  return rule;
};

const readRule = (node: unknown, provider: string, fail: (node: Node, message: string) => never): RuleSource => {
  if (!isMap(node)) return fail(node as Node, 'a rule is a map');
  const map = node as YAMLMap;
  const rule = map.toJSON() as Record<string, unknown>;
  const id = typeof rule.id === 'string' ? `rule "${rule.id}": ` : '';
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const expect = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (!expect) return fail(key as Node, `${id}unknown field "${name}"`);
    const complaint = expect(rule[name]);
    if (complaint) fail((value ?? key) as Node, `${id}"${name}" ${complaint}`);
  }
  for (const name of REQUIRED) if (rule[name] === undefined) fail(map, `${id}"${name}" is missing`);
  if (FORMS.filter((name) => rule[name] !== undefined).length !== 1) {
    fail(map, `${id}exactly one of "shape", "pattern" and "extract" says what the secret looks like`);
  }
  if (rule.extract !== undefined && !(rule.anchors as unknown[] | undefined)?.length) {
    fail(map, `${id}"extract" needs "anchors": the literals at which the reader starts`);
  }
  const { note: _, ...fields } = rule;
  const examples = rule.examples as object | undefined;
  return {
    provider,
    ...fields,
    ...(examples ? { examples: { positive: [], negative: [], ...examples } } : {}),
  } as unknown as RuleSource;
};
