import { parse, TomlError } from 'smol-toml';
import { UsageError } from '../../errors.ts';
import type {
  GitleaksAllowlist,
  GitleaksDocument,
  GitleaksRequired,
  GitleaksRule,
  RuleField,
  Untranslated,
} from './document.ts';
import { sectionsOf } from './lines.ts';
import { createTable, type Place, type Table } from './table.ts';

const ROOT_KEYS = ['title', 'description', 'extend', 'rules', 'allowlist', 'allowlists'];
const EXTEND_KEYS = ['useDefault', 'path', 'url', 'disabledRules'];
const RULE_FIELDS: readonly RuleField[] = ['regex', 'secretGroup', 'entropy', 'path', 'keywords'];
const RULE_KEYS = [
  ...['id', 'description', 'tags', 'skipReport', 'required', 'allowlist', 'allowlists'],
  ...RULE_FIELDS,
];
const REQUIRED_KEYS = ['id', 'withinLines', 'withinColumns'];
const ALLOWLIST_KEYS = [
  ...['description', 'condition', 'commits', 'paths', 'regexTarget', 'regexes', 'stopwords', 'targetRules'],
];
const TARGETS = { '': 'secret', secret: 'secret', match: 'match', line: 'line' } as const;
const CONDITIONS: Readonly<Record<string, boolean>> = { '': false, OR: false, '||': false, AND: true, '&&': true };

/**
 * Reads a gitleaks configuration (format: https://github.com/gitleaks/gitleaks#configuration).
 * @param text of the file; @param file its name in messages.
 * @throws UsageError with file and line: for broken TOML (and column), for a value of a wrong type, for a rule without id.
 */
export const readGitleaks = (text: string, file: string): GitleaksDocument => {
  const root = createTable(parseToml(text, file), sectionsOf(text), file, '');
  const untranslated: Untranslated[] = [];
  const extend = root.table('extend', '[extend]');
  if (extend?.text('url'))
    extend.fail('url', 'is refused: leakgate uses no network; fetch the file and name it with "path"');
  nameUnknown(root, ROOT_KEYS, untranslated);
  if (extend) nameUnknown(extend, EXTEND_KEYS, untranslated);
  const rules = root.tables('rules', 'rule').map((table) => readRule(table, untranslated));
  nameTags(root, untranslated);
  return {
    file,
    title: root.text('title'),
    extend: {
      useDefault: extend?.flag('useDefault') ?? false,
      path: extend?.text('path'),
      pathPlace: extend?.placeOf('path') ?? root.placeOf(),
      disabledRules: extend?.texts('disabledRules') ?? [],
      disabledPlace: extend?.placeOf('disabledRules') ?? root.placeOf(),
    },
    rules,
    allowlists: readAllowlists(root, 'allowlist', untranslated),
    untranslated,
  };
};

const parseToml = (text: string, file: string): Record<string, unknown> => {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line: the others quote the file.
    const message = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '');
    throw new UsageError(`${file}:${error.line}:${error.column}: not valid TOML: ${message}`);
  }
};

const nameUnknown = (table: Table, known: readonly string[], untranslated: Untranslated[]): void => {
  for (const key of table.keysBeside(known)) {
    const owner = table.label === '' ? '' : `${table.label}: `;
    untranslated.push({ place: table.placeOf(key), message: `${owner}"${key}" is not used` });
  }
};

/** One line for all rules: nearly every one has tags. */
const nameTags = (root: Table, untranslated: Untranslated[]): void => {
  const tagged = root.tables('rules', 'rule').filter((rule) => rule.texts('tags').length > 0);
  const [first] = tagged;
  if (!first) return;
  const rules = tagged.length === 1 ? '1 rule' : `${tagged.length} rules`;
  untranslated.push({ place: first.placeOf('tags'), message: `"tags" are not used (${rules})` });
};

const readRule = (unnamed: Table, untranslated: Untranslated[]): GitleaksRule => {
  const id = unnamed.text('id') ?? unnamed.fail('id', 'is missing');
  if (!/^[\x20-\x7e]+$/.test(id)) unnamed.fail('id', 'must be made of printable ASCII characters');
  const table = unnamed.named(`rule "${id}"`);
  nameUnknown(table, RULE_KEYS, untranslated);
  const places: Partial<Record<RuleField, Place>> = {};
  for (const field of RULE_FIELDS) if (table.has(field)) places[field] = table.placeOf(field);
  return {
    id,
    place: table.placeOf('id'),
    places,
    description: table.text('description'),
    regex: table.text('regex') || undefined,
    secretGroup: table.count('secretGroup'),
    entropy: table.number('entropy'),
    path: table.text('path') || undefined,
    keywords: table.texts('keywords'),
    skipReport: table.flag('skipReport'),
    required: table.tables('required', `${table.label}, required`).map((one) => readRequired(one, untranslated)),
    allowlists: readAllowlists(table, `${table.label}, allowlist`, untranslated),
  };
};

const readRequired = (table: Table, untranslated: Untranslated[]): GitleaksRequired => {
  nameUnknown(table, REQUIRED_KEYS, untranslated);
  return {
    id: table.text('id') ?? table.fail('id', 'is missing'),
    place: table.placeOf(),
    withinLines: table.count('withinLines'),
    withinColumns: table.count('withinColumns'),
  };
};

/** Both spellings: one table (old), and a list of tables. */
const readAllowlists = (owner: Table, label: string, untranslated: Untranslated[]): GitleaksAllowlist[] => {
  const single = owner.table('allowlist', label);
  return [...(single ? [single] : []), ...owner.tables('allowlists', label)].map((table) =>
    readAllowlist(table, untranslated),
  );
};

const readAllowlist = (table: Table, untranslated: Untranslated[]): GitleaksAllowlist => {
  nameUnknown(table, ALLOWLIST_KEYS, untranslated);
  const target = table.text('regexTarget') ?? '';
  const condition = (table.text('condition') ?? '').toUpperCase();
  if (!Object.hasOwn(TARGETS, target)) table.fail('regexTarget', 'must be one of secret, match, line');
  if (!Object.hasOwn(CONDITIONS, condition)) table.fail('condition', 'must be OR or AND');
  const criteria = {
    commits: table.texts('commits').filter(Boolean),
    paths: table.texts('paths').filter(Boolean),
    regexes: table.texts('regexes').filter(Boolean),
    stopwords: table.texts('stopwords').filter(Boolean),
  };
  if (Object.values(criteria).every((list) => list.length === 0))
    untranslated.push({
      place: table.placeOf(),
      message: `${table.label}: without "commits", "paths", "regexes" and "stopwords" it allows nothing`,
    });
  return {
    place: table.placeOf(),
    description: table.text('description') || undefined,
    all: CONDITIONS[condition] ?? false,
    regexTarget: TARGETS[target as keyof typeof TARGETS],
    ...criteria,
    targetRules: table.texts('targetRules'),
  };
};
