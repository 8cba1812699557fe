// Writes src/detect/judge/word-table.ts: how likely a letter is after two others in the words of technical English.
// The words come from the documentation and type declarations of the installed development dependencies, so the
// lock file fixes the outcome. Run it by hand when the model should change; the result is committed.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const SYMBOLS = 27;
/** Levels of log2 probability that two bits stand for; must agree with words.ts. */
const LOWEST = -9;
const HIGHEST = -1;
const LEVELS = 4;

/** Packages that only some platforms install would make the outcome depend on the machine. */
const PLATFORM = /linux|darwin|win32|android|freebsd|openbsd|netbsd|sunos|aix|openharmony|wasi|vendor/;

function* texts(dir) {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory() && !PLATFORM.test(entry.name) && entry.name !== '.cache') yield* texts(file);
    else if (entry.isFile() && /\.(md|d\.ts)$/.test(entry.name) && statSync(file).size < 2_000_000)
      yield readFileSync(file, 'latin1');
  }
}

function countWords() {
  const counts = new Map();
  for (const text of texts(path.join(root, 'node_modules'))) {
    for (const [run] of text.matchAll(/[A-Za-z]{2,}/g)) {
      for (const part of run.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)) {
        const word = part.toLowerCase();
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
  }
  return [...counts].filter(([word, count]) => count >= 3 && /^(?=.*[aeiouy])[a-z]{3,16}$/.test(word));
}

const symbol = (character) => (character === ' ' ? 0 : character.charCodeAt(0) - 96);

/** log2 P(c | a, b), smoothed by the bigram and that by the letter's own frequency. */
function model(words) {
  const three = new Float64Array(SYMBOLS ** 3);
  for (const [word, count] of words) {
    const text = `  ${word} `;
    for (let i = 2; i < text.length; i++) {
      three[(symbol(text[i - 2]) * SYMBOLS + symbol(text[i - 1])) * SYMBOLS + symbol(text[i])] +=
        1 + Math.log(count) / 3;
    }
  }
  const two = new Float64Array(SYMBOLS ** 2);
  const one = new Float64Array(SYMBOLS);
  three.forEach((n, at) => {
    two[at % SYMBOLS ** 2] += n;
    one[at % SYMBOLS] += n;
  });
  const sum = (table, from) => table.subarray(from, from + SYMBOLS).reduce((a, b) => a + b, 0);
  const total = sum(one, 0);
  return three.map((n, at) => {
    const letter = (one[at % SYMBOLS] + 1) / (total + SYMBOLS);
    const row = (at % SYMBOLS ** 2) - (at % SYMBOLS);
    const pair = (two[at % SYMBOLS ** 2] + 20 * letter) / (sum(two, row) + 20);
    return Math.log2((n + 6 * pair) / (sum(three, at - (at % SYMBOLS)) + 6));
  });
}

function pack(table) {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const level = (value) =>
    Math.round(((Math.min(HIGHEST, Math.max(LOWEST, value)) - LOWEST) / (HIGHEST - LOWEST)) * (LEVELS - 1));
  let packed = '';
  for (let at = 0; at < table.length; at += 3) {
    packed += digits[level(table[at]) * 16 + level(table[at + 1]) * 4 + level(table[at + 2])];
  }
  return packed;
}

const lines = pack(model(countWords()))
  .match(/.{1,100}/g)
  .map((line) => `  '${line}',`);
writeFileSync(
  path.join(root, 'src/detect/judge/word-table.ts'),
  `/** Written by scripts/word-table.mjs: 27 x 27 x 27 letter trigrams, two bits each, three a character. */\nexport const WORD_TABLE = [\n${lines.join('\n')}\n].join('');\n`,
);
