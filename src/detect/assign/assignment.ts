/**
 * How a name and its value are bound together.
 * dotenv: NAME=value · code: an operator and a literal or expression · json: quoted name · yaml: `name: value` ·
 * xml: element or attribute pair · flag: command line option · call: argument of a call · query: URL or form parameter ·
 * default: fallback of a lookup (`${NAME:-value}`, `env.NAME || 'value'`) · spaced: `name 'value'`, as in SQL ·
 * comparison: `name == 'value'`
 */
export type AssignmentStyle =
  | 'dotenv'
  | 'code'
  | 'json'
  | 'yaml'
  | 'xml'
  | 'flag'
  | 'call'
  | 'query'
  | 'default'
  | 'spaced'
  | 'comparison';

/** A name with a value beside it. Offsets are 0-based in the text that was read, ends exclusive. */
export interface Assignment {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly name: string;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly value: string;
  readonly quoted: boolean;
  readonly style: AssignmentStyle;
}
