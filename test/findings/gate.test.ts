import { describe, expect, test } from 'vitest';
import { applyGate, type GateFacts, type GateOptions, isBlocking } from '../../src/findings/gate.ts';
import { groupFindings } from '../../src/findings/grouping.ts';
import type { Finding, LocatedMatch } from '../../src/types.ts';
import { located, ruleFacts } from './sample.ts';

const COMPLETE: GateFacts = { complete: true, interrupted: false, incompleteReasons: [] };
const OPTIONS: GateOptions = { failOn: 'high', minConfidence: 'medium', exitZero: false, allowIncomplete: [] };

const finding = (fields: Partial<LocatedMatch> = {}, status: Finding['status'] = 'active'): Finding => {
  const [only] = groupFindings([located('a', fields)], ruleFacts);
  if (only === undefined) throw new Error('no finding');
  return { ...only, status };
};

const incomplete = (...incompleteReasons: string[]): GateFacts => ({ ...COMPLETE, complete: false, incompleteReasons });

const exitCode = (findings: Finding[], facts: GateFacts = COMPLETE, options: Partial<GateOptions> = {}): number =>
  applyGate(findings, facts, { ...OPTIONS, ...options }).exitCode;

describe('applyGate', () => {
  test('0 when nothing is at or above the gate', () => {
    expect(exitCode([])).toBe(0);
    expect(exitCode([finding({ severity: 'medium' }), finding({ confidence: 'low' })])).toBe(0);
  });

  test('1 when something is, and says how many', () => {
    const findings = [finding(), finding({ severity: 'critical', confidence: 'medium' }), finding({ severity: 'low' })];
    expect(applyGate(findings, COMPLETE, OPTIONS)).toEqual({
      failOn: 'high',
      minConfidence: 'medium',
      blocking: 2,
      exitCode: 1,
    });
  });

  test('ids, public values and findings that are not active never block', () => {
    const harmless = [
      finding({ ruleId: 'acme-account', severity: 'critical' }),
      finding({ ruleId: 'acme-site', severity: 'critical' }),
      finding({}, 'pre-existing'),
      finding({}, 'allowed'),
      finding({}, 'baseline'),
    ];
    for (const each of harmless) expect(isBlocking(each, OPTIONS)).toBe(false);
    expect(exitCode(harmless)).toBe(0);
  });

  test('3 when the scan is incomplete and nothing blocks, 1 when something does', () => {
    expect(exitCode([], incomplete('missing object'))).toBe(3);
    expect(exitCode([finding()], incomplete('missing object'))).toBe(1);
  });

  test('exit zero turns 1 into 0 but not 3', () => {
    expect(exitCode([finding()], COMPLETE, { exitZero: true })).toBe(0);
    expect(exitCode([finding()], incomplete('missing object'), { exitZero: true })).toBe(3);
  });

  test('only naming every reason turns 3 into 0', () => {
    const facts = incomplete('missing object', 'shallow clone');
    expect(exitCode([], facts, { allowIncomplete: ['shallow clone'] })).toBe(3);
    expect(exitCode([], facts, { allowIncomplete: ['Shallow-Clone', 'missing_object'] })).toBe(0);
    expect(exitCode([finding()], facts, { allowIncomplete: ['shallow clone', 'missing object'] })).toBe(1);
    expect(exitCode([], incomplete(), { allowIncomplete: ['shallow clone'] })).toBe(3);
  });

  test('130 when interrupted, whatever was found', () => {
    const facts = { ...incomplete('interrupted'), interrupted: true };
    expect(exitCode([finding()], facts)).toBe(130);
    expect(exitCode([], facts, { exitZero: true, allowIncomplete: ['interrupted'] })).toBe(130);
  });
});
