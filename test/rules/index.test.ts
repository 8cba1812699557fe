import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('rules/INDEX.md lists the rules as they are (npm run index)', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/rules-index.mjs', '--check'], { encoding: 'utf8' });
  expect(`${status} ${stderr}`).toBe('0 ');
});
