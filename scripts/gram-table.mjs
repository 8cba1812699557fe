// Writes src/detect/kernel/gram-table.ts: how common pairs and the most common fours of bytes are in source text, so that
// the kernel looks for the rarest part of each anchor. Run by hand, over any large trees:  node scripts/gram-table.mjs FOLDER…
// A different table changes the speed only, never a finding.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const counts = new Float64Array(64 * 64).fill(1);
// Fours of letters, digits and what stands between the parts of names, in lower case.
const fours = new Map();
const FOURS_KEPT = 4096;
// Bytes as the kernel sees them have bit 5 set: 64 of the 128 values below 0x80 remain.
const slot = (byte) => (byte & 0x80 ? 0 : ((byte & 0x40) >> 1) | (byte & 0x1f));
for (const folder of process.argv.slice(2)) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || file.includes(`${path.sep}.git${path.sep}`)) continue;
    const bytes = readFileSync(file);
    for (let i = 1; i < bytes.length; i++) counts[slot(bytes[i - 1]) * 64 + slot(bytes[i])]++;
    const text = bytes.toString('latin1').toLowerCase();
    for (const [word] of text.matchAll(/[a-z0-9._-]{4,24}/g))
      for (let i = 0; i + 4 <= word.length; i++) {
        const four = word.slice(i, i + 4);
        fours.set(four, (fours.get(four) ?? 0) + 1);
      }
  }
}
const total = counts.reduce((sum, count) => sum + count, 0);
// 0 is the most common; each step is half as common, up to 'z' for 2^-24 and rarer.
const digit = (count) => Math.max(0, Math.min(35, Math.round((-Math.log2(count / total) - 5) * 1.8))).toString(36);
const rows = Array.from({ length: 64 }, (_, row) =>
  Array.from(counts.subarray(row * 64, row * 64 + 64), digit).join(''),
);
const common = [...fours].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FOURS_KEPT);
const perMillion = (count) => (count / total) * 1e6;
/** 0 for fours of less than two in a million bytes, one more each time they are twice as common. */
const step = (count) => Math.max(0, Math.round(Math.log2(perMillion(count)))).toString(36);
const groups = Map.groupBy ? Map.groupBy(common, ([, count]) => step(count)) : new Map();
if (groups.size === 0) for (const one of common) groups.set(step(one[1]), [...(groups.get(step(one[1])) ?? []), one]);
const lines = [...groups].map(([digit, list]) => `  ['${digit}', '${list.map(([four]) => four).join('')}'],`);
writeFileSync(
  fileURLToPath(new URL('../src/detect/kernel/gram-table.ts', import.meta.url)),
  `/**\n * How rare each pair of folded bytes is in source text, one base-36 digit a pair ('0' the most common), a row for each\n * first byte. Written by scripts/gram-table.mjs.\n */\nexport const PAIR_RARITY = [\n${rows.map((row) => `  '${row}',`).join('\n')}\n].join('');\n\n/**\n * The most common fours of letters, digits and what stands between the parts of names, one group for each step of commonness (base 36; two to the power of it in a\n * million bytes).\n */\nexport const COMMON_FOURS: readonly (readonly [step: string, fours: string])[] = [\n${lines.join('\n')}\n];\n`,
);
