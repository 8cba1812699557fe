import { UsageError } from '../../errors.ts';
import type { Section } from './lines.ts';

/** A place in a configuration file. Lines are 1-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** `file:line`, as messages begin. */
export const sayPlace = ({ file, line }: Place): string => `${file}:${line}`;

/**
 * A table of a TOML file whose values are read by name, in any case, as gitleaks reads them. A reader gives undefined, or
 * an empty list, for what is not there, and throws UsageError with file, line, table and key for a value of a wrong type.
 */
export interface Table {
  /** What messages call it: `rule "my-token"`. */
  readonly label: string;
  /** The same table, called otherwise. */
  readonly named: (label: string) => Table;
  readonly has: (key: string) => boolean;
  readonly placeOf: (key?: string) => Place;
  readonly text: (key: string) => string | undefined;
  readonly texts: (key: string) => readonly string[];
  /** A finite number of 0 or more. */
  readonly number: (key: string) => number | undefined;
  /** A whole number of 0 or more. */
  readonly count: (key: string) => number | undefined;
  readonly flag: (key: string) => boolean;
  readonly table: (key: string, label: string) => Table | undefined;
  readonly tables: (key: string, label: string) => readonly Table[];
  /** The keys that are there and not among those given, as written. */
  readonly keysBeside: (known: readonly string[]) => readonly string[];
  /** Throws UsageError with the place of the key. */
  readonly fail: (key: string, message: string) => never;
}

type Values = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isTables = (value: unknown): value is Values[] => Array.isArray(value) && value.every(isTable);
const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
const isCount = (value: unknown): value is number => isNumber(value) && Number.isInteger(value);

/** Reads a table of a parsed file. */
export const createTable = (values: Values, section: Section, file: string, label: string): Table => {
  const byName = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), { key, value }]));
  const placeOf = (key?: string): Place => ({ file, line: key === undefined ? section.line : section.lineOf(key) });
  const fail = (key: string, message: string): never => {
    throw new UsageError(`${sayPlace(placeOf(key))}: ${label === '' ? '' : `${label}: `}"${key}" ${message}`);
  };
  const read = <T>(key: string, isRight: (value: unknown) => value is T, wanted: string): T | undefined => {
    const value = byName.get(key.toLowerCase())?.value;
    return value === undefined || isRight(value) ? value : fail(key, `must be ${wanted}`);
  };
  return {
    label,
    named: (other) => createTable(values, section, file, other),
    has: (key) => byName.has(key.toLowerCase()),
    placeOf,
    text: (key) => read(key, isText, 'a text'),
    texts: (key) => read(key, isTexts, 'a list of texts') ?? [],
    number: (key) => read(key, isNumber, 'a number of 0 or more'),
    count: (key) => read(key, isCount, 'a whole number of 0 or more'),
    flag: (key) => read(key, isFlag, 'true or false') ?? false,
    table: (key, childLabel) => {
      const value = read(key, isTable, 'a table');
      return value && createTable(value, section.child(key), file, childLabel);
    },
    tables: (key, childLabel) =>
      (read(key, isTables, `a list of tables: [[${key}]]`) ?? []).map((value, index) =>
        createTable(value, section.child(key, index), file, childLabel),
      ),
    keysBeside: (known) => {
      const names = new Set(known.map((name) => name.toLowerCase()));
      return [...byName].flatMap(([name, { key }]) => (names.has(name) ? [] : [key]));
    },
    fail,
  };
};
