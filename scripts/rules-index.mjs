// Writes rules/INDEX.md, the list of all rules, or with --check tells whether it is up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const folder = fileURLToPath(new URL('../rules', import.meta.url));

/** Every rule file, parsed: `{ file, provider, homepage, rules }`, sorted by provider. */
const readRuleFolder = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((file) => ({ file, ...parse(readFileSync(path.join(folder, file), 'utf8')) }))
    .sort((a, b) => compare(a.provider.toLowerCase(), b.provider.toLowerCase()));

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const cell = (text) => String(text).replace(/[|<*_[\]`]/g, '\\$&');
const linked = (text, url) => (url ? `[${cell(text)}](${url})` : cell(text));

const lineOf = ({ id, name, kind, severity, confidence, check, optional }) =>
  `- \`${id}\` ${cell(name)}: ${[kind, severity, confidence, check && 'offline check', optional && 'optional'].filter(Boolean).join(', ')}`;

const sectionOf = ({ file, provider, homepage, rules }) =>
  `### ${linked(provider, homepage)} ([${file}](${file}))\n\n${rules.map(lineOf).join('\n')}\n`;

/** The page for the parsed files. */
const renderIndex = (files) => {
  const rules = files.flatMap((file) => file.rules);
  const count = (accept) => rules.filter(accept).length.toLocaleString('en');
  const optional = count((rule) => rule.optional);
  return [
    '# All rules',
    '',
    `${count(() => true)} rules for credentials of ${files.length.toLocaleString('en')} providers; ${optional} of them are optional: they run only with`,
    '`--enable ID`. Each line says kind, severity and confidence; `leakgate rules show ID` says more.',
    'Written by `npm run index`.',
    '',
    ...files.map(sectionOf),
  ].join('\n');
};

const file = path.join(folder, 'INDEX.md');
const page = renderIndex(readRuleFolder());
if (!process.argv.includes('--check')) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  process.stderr.write('rules/INDEX.md is not up to date: npm run index\n');
  process.exitCode = 1;
}
