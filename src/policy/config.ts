import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { UsageError } from '../errors.ts';
import { CONFIDENCES, type Confidence, SEVERITIES, type Severity } from '../types.ts';
import type { GitleaksImport } from './gitleaks/import.ts';

/** What a configuration file can say. The command line wins over it. */
export interface Config {
  readonly failOn?: Severity;
  readonly minConfidence?: Confidence;
  readonly exclude?: readonly string[];
  /** Ids of optional rules that are switched on; 'all' means all of them. */
  readonly enable?: readonly string[];
  /** Ids of rules that are switched off. */
  readonly disable?: readonly string[];
  /** Folders of rules, relative to the file. */
  readonly rules?: readonly string[];
  /** Findings that are accepted, by fingerprint. */
  readonly allow?: readonly AllowEntry[];
  /** What a configuration of gitleaks adds; nothing else is then set but `disable`. */
  readonly gitleaks?: GitleaksImport;
}

/** An accepted secret: it is still reported as allowed, but does not fail the run. */
export interface AllowEntry {
  readonly fingerprint: string;
  /** Why it is accepted; an entry without a reason is refused. */
  readonly reason: string;
}

const MAX_BYTES = 1 << 20;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const listOfTexts = (value: unknown) => (isTexts(value) ? undefined : 'must be a list of texts');
const oneOf = (allowed: readonly string[]) => (value: unknown) =>
  typeof value === 'string' && allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`;

const isEntry = (value: unknown): value is AllowEntry => {
  if (typeof value !== 'object' || value === null) return false;
  const { fingerprint, reason, ...rest } = value as Record<string, unknown>;
  const named = typeof fingerprint === 'string' && /^[0-9a-f]{32}$/.test(fingerprint);
  return named && typeof reason === 'string' && reason.trim() !== '' && Object.keys(rest).length === 0;
};
const listOfEntries = (value: unknown) =>
  Array.isArray(value) && value.every(isEntry)
    ? undefined
    : 'must be a list of entries with a "fingerprint" (32 hex digits) and a "reason"';

const FIELDS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  'fail-on': oneOf(SEVERITIES),
  'min-confidence': oneOf(CONFIDENCES),
  exclude: listOfTexts,
  enable: listOfTexts,
  disable: listOfTexts,
  rules: listOfTexts,
  allow: listOfEntries,
};

/**
 * Reads a configuration file: that of gitleaks when its name ends in .toml, else our own.
 * @throws UsageError with file, line and what is wrong.
 */
export const loadConfig = async (file: string): Promise<Config> => {
  if (!/\.toml$/i.test(file)) return readConfig(file);
  const { importGitleaks } = await import('./gitleaks/import.ts');
  const gitleaks = await importGitleaks(file, readText);
  return { disable: gitleaks.disable, gitleaks };
};

/**
 * Reads a configuration file: data only, nothing in it is run.
 * @throws UsageError with file, line and what is wrong.
 */
export const readConfig = (file: string): Config => {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const fail = (node: Node | null | undefined, message: string): never => {
    throw new UsageError(`${file}:${lines.linePos(node?.range?.[0] ?? 0).line}: ${message}`);
  };
  const broken = document.errors[0];
  if (broken) throw new UsageError(`${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`);
  const root = document.contents;
  if (root === null) return {};
  if (!isMap(root)) return fail(root, 'a configuration is a map of settings');
  const values = root.toJSON() as Record<string, unknown>;
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const check = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (!check) return fail(key as Node, `unknown setting "${name}"; known are ${Object.keys(FIELDS).join(', ')}`);
    const complaint = check(values[name]);
    if (complaint) fail((value ?? key) as Node, `"${name}" ${complaint}`);
  }
  return toConfig(values, path.dirname(file));
};

const readText = (file: string): string => {
  try {
    if (statSync(file).size > MAX_BYTES) throw new UsageError(`${file}: a configuration has at most 1 MiB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `can't read the configuration ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
};

const toConfig = (values: Record<string, unknown>, folder: string): Config => {
  const { 'fail-on': failOn, 'min-confidence': minConfidence, rules, ...lists } = values;
  return {
    ...(lists as Pick<Config, 'exclude' | 'enable' | 'disable' | 'allow'>),
    ...(failOn === undefined ? {} : { failOn: failOn as Severity }),
    ...(minConfidence === undefined ? {} : { minConfidence: minConfidence as Confidence }),
    ...(rules === undefined ? {} : { rules: (rules as string[]).map((name) => path.resolve(folder, name)) }),
  };
};
