import { gzipSync } from 'node:zlib';
import { between, mixedText, pick, prose, type Random } from '../support/random.ts';
import * as tokens from '../support/tokens.ts';

/** One key of each kind for the whole run: they are slow to make. */
const KEYS = [tokens.ed25519Key(), tokens.ecKey(), tokens.rsaKey()];

const plainToken = (random: Random): string =>
  pick(random, [tokens.githubToken, tokens.npmToken, tokens.stripeKey, tokens.slackToken, tokens.awsKeyId])(random);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped = (text: string, width: number): string => text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n');

/** Every character as an escape, or only those that need one. */
const percent = (text: string, random: Random): string =>
  text.replace(/./g, (c) => (/\w/.test(c) && random() < 0.7 ? c : `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
const escaped = (text: string, random: Random): string =>
  text.replace(/./g, (c) =>
    random() < 0.7 && /\w/.test(c) ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
const coloured = (text: string, random: Random): string => {
  const at = between(random, 1, text.length - 1);
  return `\x1b[32m${text.slice(0, at)}\x1b[0m\x1b[1;31m${text.slice(at)}\x1b[0m`;
};

const encodings: readonly ((text: string, random: Random) => string)[] = [
  (text) => base64(text),
  (text) => wrapped(base64(text), 64),
  (text) => base64(base64(text)),
  (text) => base64(`${text} and ${text}`.repeat(8)),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => gzipSync(Buffer.from(text)).toString('base64'),
  (text) => Buffer.from(text, 'utf16le').toString('base64'),
  percent,
  escaped,
  coloured,
  (text) => JSON.stringify(text),
];

const manifest = (random: Random): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  webhook: ${base64(tokens.password(random))}\n` +
  `  broker-login: ${base64(mixedText(random, 18))}\n---\n`;

const makers: readonly ((random: Random) => string)[] = [
  (random) => `GITHUB_TOKEN=${tokens.githubToken(random)}\n`,
  (random) => `  stripe: "${tokens.stripeKey(random)}",\n`,
  (random) => `//registry.npmjs.org/:_authToken=${tokens.npmToken(random)}\n`,
  (random) => `${plainToken(random)} ${plainToken(random)} ${plainToken(random)}\n`,
  (random) => `{"a":"${plainToken(random)}","secret_token":"${plainToken(random)}"},`,
  (random) => `aws_access_key_id = ${tokens.awsKeyId(random)}\naws_secret_access_key = ${mixedText(random, 40)}\n`,
  (random) => `db_password: "${tokens.password(random)}" # token secret password\n`,
  (random) => `git clone https://ci:${pick(random, [plainToken, tokens.password])(random)}@git.acme.test/app.git\n`,
  (random) => `Authorization: Bearer ${mixedText(random, 40)}\n`,
  () => `password = "\${DB_PASSWORD}" and secret: changeme\n`,
  (random) => `${pick(random, KEYS)}\n`,
  (random) => `{"private_key":${JSON.stringify(pick(random, KEYS))}}`,
  (random) => pick(random, KEYS).replace(/^/gm, '2024-05-01T10:00:00Z app | '),
  manifest,
  (random) => `data: ${pick(random, encodings)(`TOKEN=${plainToken(random)} is what we use here`, random)} end\n`,
  (random) => `x="${pick(random, encodings)(`{"api_key": "${mixedText(random, 32)}", "n": 1}`, random)}"\n`,
  (random) => `${pick(random, encodings)(random() < 0.1 ? pick(random, KEYS) : KEYS[0]!, random)}\n`,
  () => `\u{1f600}é\ud83d\ude80 `,
  (random) => `${'\u{1f680}ä'.repeat(between(random, 1, 30))}\n`,
];

/** A text of at least `length` characters with secrets in many ways, near and far from each other. */
export const secretText = (random: Random, length: number): string => {
  let text = '';
  while (text.length < length) {
    text += pick(random, makers)(random);
    if (random() < 0.5) text += prose(random, between(random, 1, 200));
    else if (random() < 0.3) text += ' ';
  }
  return random() < 0.3 ? text.replace(/\n/g, '\r\n') : text;
};

export type StoredAs = 'utf-8' | 'utf-8 with mark' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';
export const STORED_AS: readonly StoredAs[] = [
  'utf-8',
  'utf-8 with mark',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
];

/** The bytes of a text in an encoding; a mark stands first in all but plain UTF-8. */
export const stored = (text: string, as: StoredAs): Buffer => {
  if (as === 'utf-8') return Buffer.from(text);
  const marked = `\ufeff${text}`;
  if (as === 'utf-8 with mark') return Buffer.from(marked);
  if (as === 'utf-16le') return Buffer.from(marked, 'utf16le');
  if (as === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16();
  const points = [...marked].map((character) => character.codePointAt(0)!);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, i) => {
    if (as === 'utf-32le') bytes.writeUInt32LE(point, i * 4);
    else bytes.writeUInt32BE(point, i * 4);
  });
  return bytes;
};
