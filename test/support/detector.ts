import { fileURLToPath } from 'node:url';
import { loadKernel, loadShippedRules } from '../../src/assets.ts';
import { createDetector, type Detection, type Detector } from '../../src/detect/detector.ts';
import { type Engines, loadRe2, loadRe2js, v8Matchers } from '../../src/detect/engine.ts';
import { compileRule } from '../../src/detect/rules/compile.ts';
import { encodeRuleSet } from '../../src/detect/rules/encode.ts';
import { type LoadedRule, loadRuleFiles } from '../../src/detect/rules/load.ts';
import type { CompiledRule, RuleSource } from '../../src/detect/rules/rule.ts';
import { decodeRuleSet, type RuleSet } from '../../src/detect/rules/ruleset.ts';
import type { Match } from '../../src/types.ts';

/** The files come from `npm run generate`, which the test run's global set-up does. */
let kernel: WebAssembly.Module | undefined;
export const kernelModule = (): WebAssembly.Module => {
  kernel ??= loadKernel();
  return kernel;
};

/** The rules of `rules/`, as written. */
let loaded: readonly LoadedRule[] | undefined;
export const shippedSources = (): readonly LoadedRule[] => {
  loaded ??= loadRuleFiles(fileURLToPath(new URL('../../rules', import.meta.url)));
  return loaded;
};

/** The rules of `rules/`, as built. */
let shipped: RuleSet | undefined;
export const shippedRules = (): RuleSet => {
  shipped ??= decodeRuleSet(loadShippedRules());
  return shipped;
};

/** All rules of a set. */
export const rulesOf = (set: RuleSet): CompiledRule[] =>
  Array.from({ length: set.size }, (_, index) => set.rule(index));

/** Patterns of users run on RE2 where it loads, else on its port, never on V8: some of the tests' would not come to an end. */
const linear = loadRe2() ?? (await loadRe2js());
export const testEngines = (): Engines => ({ name: 'v8', v8: v8Matchers, linear });

/** The rules of `rules/` with the optional ones awake. */
let awake: RuleSet | undefined;
export const awakeRules = (): RuleSet => {
  awake ??= decodeRuleSet(encodeRuleSet(rulesOf(shippedRules()).map((rule) => ({ ...rule, optional: false }))));
  return awake;
};

/** A rule with everything but its form filled in. */
export const ruleSource = (fields: Partial<RuleSource> & Pick<RuleSource, 'id'>): RuleSource => ({
  provider: 'Acme',
  name: 'Acme token',
  kind: 'secret',
  severity: 'high',
  confidence: 'high',
  ...fields,
});

/** A rule set of a test's own rules. */
export const ruleSetOf = (...sources: RuleSource[]): RuleSet =>
  decodeRuleSet(encodeRuleSet(sources.map((source) => compileRule(source, 'v8'))));

/** Only some of the shipped rules, so that what a detector must look at on either side of a match is short. */
export const someShippedRules = (accept: (rule: CompiledRule) => boolean): RuleSet =>
  decodeRuleSet(encodeRuleSet(rulesOf(shippedRules()).filter(accept)));

export const detectorOn = (rules: RuleSet, isEnabled?: (rule: CompiledRule) => boolean): Detector =>
  createDetector(kernelModule(), rules, { engines: testEngines(), ...(isEnabled ? { isEnabled } : {}) });

/** Finds secrets in a whole text, given as bytes or as text that is put into UTF-8. */
export const detectIn = (detector: Detector, text: string | Uint8Array): Detection => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  detector.input(bytes.length).set(bytes);
  return detector.detect(bytes.length);
};

/** Matches as short text: `rule-id [start, end)`. */
export const shown = (matches: readonly Match[]): string[] =>
  matches.map(
    ({ ruleId, start, end, chain }) => `${ruleId} [${start}, ${end})${chain.length ? ` ${chain.join('>')}` : ''}`,
  );
