import { describe, expect, it } from 'vitest';
import { loadShippedRules } from '../../../src/assets.ts';
import { encodeRuleSet } from '../../../src/detect/rules/encode.ts';
import { compileLoaded } from '../../../src/detect/rules/load.ts';
import type { CompiledRule, RuleSource } from '../../../src/detect/rules/rule.ts';
import { decodeRuleSet } from '../../../src/detect/rules/ruleset.ts';
import { ruleSetOf, ruleSource, rulesOf, shippedRules, shippedSources } from '../../support/detector.ts';

/** As JSON keeps it: fields that are undefined are not there. */
const plain = (rules: readonly CompiledRule[]): unknown => JSON.parse(JSON.stringify(rules));

describe('a compiled rule set', () => {
  const rules = compileLoaded(shippedSources(), 'v8');
  const bytes = encodeRuleSet(rules);

  it('gives back the rules that went in', () => {
    expect(plain(rulesOf(decodeRuleSet(bytes)))).toEqual(plain(rules));
  });

  it('is what the build made of the rule files', () => {
    expect(decodeRuleSet(loadShippedRules()).hash).toBe(decodeRuleSet(bytes).hash);
    expect(plain(rulesOf(shippedRules()))).toEqual(plain(rules));
  });

  it('says of each anchor which rules it belongs to', () => {
    const set = decodeRuleSet(bytes);
    const owned = new Set<string>();
    for (let anchor = 0; ; anchor++) {
      const pairs = set.anchorRules(anchor);
      if (pairs.length === 0) break;
      const literals = new Set<string>();
      for (let i = 0; i < pairs.length; i += 2) {
        literals.add(set.rule(pairs[i]!).anchors[pairs[i + 1]!]!.literal);
        owned.add(`${pairs[i]} ${pairs[i + 1]}`);
      }
      expect(literals.size).toBe(1);
    }
    const active = rules.filter(({ optional }) => !optional);
    expect(owned.size).toBe(active.reduce((sum, { anchors }) => sum + anchors.length, 0));
  });

  it('knows how far a rule may look', () => {
    const reachOf = (sources: RuleSource) => ruleSetOf(sources).reach;
    const form = "'acme_' hex{32}";
    expect(reachOf(ruleSource({ id: 'acme', shape: form, context: ['bank'], within: 70 }))).toBe(37 + 70);
    // A value may stand below the head that the word makes, or behind the longest word that a shorter one stands for.
    expect(reachOf(ruleSource({ id: 'acme', shape: 'hex{32}', context: ['acme'], within: 70 }))).toBe(32 + 400);
    expect(reachOf(ruleSource({ id: 'acme', shape: 'hex{32}', context: ['acme'], within: 900 }))).toBe(32 + 964);
    const most = Math.max(...rules.map(({ maxLength, within }) => maxLength + within));
    expect(decodeRuleSet(bytes).reach).toBeGreaterThanOrEqual(most);
  });

  it('can be read from bytes at any address', () => {
    for (const shift of [1, 2, 3, 4]) {
      const moved = Buffer.alloc(bytes.length + shift);
      bytes.copy(moved, shift);
      const set = decodeRuleSet(moved.subarray(shift));
      expect(set.size).toBe(rules.length);
      expect(set.rule(7).facts.id).toBe(rules[7]!.facts.id);
    }
  });

  it('has the same hash for the same rules, and another for others', () => {
    expect(encodeRuleSet(rules).equals(bytes)).toBe(true);
    expect(decodeRuleSet(encodeRuleSet(rules.slice(1))).hash).not.toBe(decodeRuleSet(bytes).hash);
    const shape = "'acme_' base62{32}";
    const one = ruleSetOf(ruleSource({ id: 'acme', shape }));
    const other = ruleSetOf(ruleSource({ id: 'acme', shape, severity: 'low' }));
    expect(one.hash).not.toBe(other.hash);
  });

  it('names its rules by id', () => {
    const set = decodeRuleSet(bytes);
    expect(set.ids).toEqual(rules.map(({ facts }) => facts.id));
    for (const [index, id] of set.ids.entries()) expect(set.indexOf(id)).toBe(index);
    expect(set.indexOf('acme-nothing')).toBe(-1);
    expect(set.ruleNamed(set.ids[3]!)).toBe(set.rule(3));
    expect(set.ruleNamed('acme-nothing')).toBeUndefined();
  });

  it('keeps optional rules without looking for them', () => {
    const awake = ruleSource({ id: 'acme', shape: "'acme_' hex{32}" });
    const asleep = { ...awake, id: 'other', shape: "'other_' hex{32}", optional: true };
    const nowhere = { ...awake, id: 'pin', shape: 'digit{4} [.] digit{4}', optional: true };
    const set = ruleSetOf(awake, asleep, nowhere);
    expect([set.size, set.active, set.everywhere]).toEqual([3, 1, []]);
    expect([...set.anchorRules(0), ...set.anchorRules(1)]).toEqual([0, 0]);
    expect(set.ruleNamed('other')).toMatchObject({ optional: true, anchors: [{ literal: 'other_' }] });
  });

  it('may be empty', () => {
    const none = decodeRuleSet(encodeRuleSet([]));
    expect([none.size, none.reach, none.everywhere]).toEqual([0, 0, []]);
  });

  it('is told from other bytes', () => {
    expect(() => decodeRuleSet(Buffer.from('something else entirely'))).toThrow(TypeError);
  });
});
