import { expect, it } from 'vitest';
import { nodeCheck } from '../../src/doctor/program.ts';

it.each([
  ['20.18.9', 'fail'],
  ['18.20.0', 'fail'],
  ['20.19.0', 'ok'],
  ['24.1.0', 'ok'],
])('node %s is %s', (version, level) => {
  expect(nodeCheck(version).level).toBe(level);
});
