// Writes src/detect/kernel/gram-table.ts: how common pairs of bytes are in source text, so that the kernel looks for the
// rarest part of each anchor. Run by hand, over any large trees:  node scripts/gram-table.mjs FOLDER…
// A different table changes the speed only, never a finding.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const counts = new Float64Array(64 * 64).fill(1);
// Bytes as the kernel sees them have bit 5 set: 64 of the 128 values below 0x80 remain.
const slot = (byte) => (byte & 0x80 ? 0 : ((byte & 0x40) >> 1) | (byte & 0x1f));
for (const folder of process.argv.slice(2)) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || file.includes(`${path.sep}.git${path.sep}`)) continue;
    const bytes = readFileSync(file);
    for (let i = 1; i < bytes.length; i++) counts[slot(bytes[i - 1]) * 64 + slot(bytes[i])]++;
  }
}
const total = counts.reduce((sum, count) => sum + count, 0);
// 0 is the most common; each step is half as common, up to 'z' for 2^-24 and rarer.
const digit = (count) => Math.max(0, Math.min(35, Math.round((-Math.log2(count / total) - 5) * 1.8))).toString(36);
const rows = Array.from({ length: 64 }, (_, row) =>
  Array.from(counts.subarray(row * 64, row * 64 + 64), digit).join(''),
);
writeFileSync(
  fileURLToPath(new URL('../src/detect/kernel/gram-table.ts', import.meta.url)),
  `/**\n * How rare each pair of folded bytes is in source text, one base-36 digit a pair ('0' the most common), a row for each\n * first byte. Written by scripts/gram-table.mjs.\n */\nexport const PAIR_RARITY = [\n${rows.map((row) => `  '${row}',`).join('\n')}\n].join('');\n`,
);
