import { BASE62, between, pick, prose, type Random, randomText } from '../../support/random.ts';
import {
  ecKey,
  ed25519Key,
  githubToken,
  hexKey,
  keyLine,
  npmToken,
  password,
  slackToken,
} from '../../support/tokens.ts';

/** Pieces of text that detectors look at from near and far, and what surrounds them. */

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/** Base64 wrapped at a column, indented or not. */
const wrapped = (text: string, width: number, indent: string): string =>
  (base64(text).match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => `${indent}${line}`).join('\n');

const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const unicode = (text: string): string =>
  [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const manifest = (random: Random): string =>
  `---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${base64(password(random))}\n  user: ${base64('admin')}\n---\n`;

// Keys are slow to make, so that all texts of a run share a few.
const keys = [ed25519Key(), ecKey(), ed25519Key()];

const MAKERS: readonly ((random: Random) => string)[] = [
  (random) => prose(random, between(random, 1, 400)),
  (random) => prose(random, between(random, 200, 3000)),
  (random) => `GITHUB_TOKEN=${githubToken(random)}\n`,
  (random) => `//registry.npmjs.org/:_authToken=${npmToken(random)}\n`,
  (random) => `const slack = '${slackToken(random)}';`,
  (random) => `password: "${password(random)}"\n`,
  (random) => `db_password = '${password(random)}' # the ${pick(random, ['test', 'real', 'other'])} one\n`,
  (random) => `  - name: DB_PASSWORD\n    value: ${password(random)}\n`,
  (random) => `if (password == "${password(random)}") {\n`,
  (random) => `"${password(random)}" == secret_token\n`,
  (random) => `mongodb://user:${password(random).replace('#', '-')}@db.internal:27017/app\n`,
  (random) => `curl -u admin:${randomText(random, 12, BASE62)} https://host.internal/path\n`,
  (random) => `default login ada password ${randomText(random, 14, BASE62)}\n`,
  (random) => `api_key=${hexKey(random)}`,
  (random) => `okta ${randomText(random, 42, BASE62)} apikey ${randomText(random, 60, BASE62)}\n`,
  (random) => `${pick(random, keys)}\n`,
  (random) => JSON.stringify({ key: pick(random, keys), note: 'x'.repeat(between(random, 0, 80)) }),
  (random) => pick(random, keys).split('\n').slice(0, 2).join('\n'),
  () => `${keyLine('BEGIN')}\n`,
  () => `${keyLine('END')}\n`,
  (random) => manifest(random),
  (random) => base64(`token=${githubToken(random)} and more text behind it`),
  (random) => wrapped(`${prose(random, 300)}password=${password(random)}\n${pick(random, keys)}`, 64, '  '),
  (random) => wrapped(prose(random, between(random, 60, 600)), 76, ''),
  (random) => base64(base64(`secret: ${password(random)}, ${prose(random, 40)}`)),
  (random) => Buffer.from(`export TOKEN=${githubToken(random)}`).toString('hex'),
  (random) => percent(`token=${githubToken(random)}`),
  (random) => `${unicode(`key=${githubToken(random)}`)} \\x41\\x42 \\/ ${prose(random, 30)}`,
  (random) => `\x1b[31mpassword=\x1b[0m${password(random)}\x1b[m\n`,
  (random) => randomText(random, between(random, 20, 5000), BASE62),
  (random) => randomText(random, between(random, 1, 90), '\0\x01\x02abc'),
  (random) => ' '.repeat(between(random, 1, 300)),
  (random) => '\n'.repeat(between(random, 1, 4)),
  (random) => `token token token secret=secret password, key: auth(${prose(random, 20).trim()})`,
];

/** A text of `count` pieces. */
export const material = (random: Random, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => pick(random, MAKERS)(random)).join(''), 'latin1');

/** One small piece. */
export const snippet = (random: Random): Buffer =>
  between(random, 0, 2) === 0
    ? Buffer.from(randomText(random, between(random, 0, 6), `${BASE62}\n" =:-`))
    : material(random, 1).subarray(0, between(random, 1, 500));
