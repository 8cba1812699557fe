import { createDetector } from '../detect/detector.ts';
import { loadEngines } from '../detect/engine.ts';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { createItemScanner, type ItemScanner, type ScannerOptions } from './item-scanner.ts';

/** All that a thread needs to set up a detector; can be sent to a worker. */
export interface DetectorSetup {
  /** The compiled WebAssembly kernel. */
  readonly kernel: WebAssembly.Module;
  /** The compiled rule set (detect/rules/ruleset.ts). */
  readonly rules: Uint8Array;
  /** True when a rule comes from a user: then RE2 is loaded. */
  readonly needsLinear: boolean;
  /** Name of the engine that user rules run on, for the receipt. */
  readonly engine: string;
  /** Ids of the rules to run; all when undefined. */
  readonly only?: readonly string[];
}

/** Sets up a detector and a scanner on it. */
export const setUpScanner = async (
  setup: DetectorSetup,
  scanning: ScannerOptions = {},
): Promise<{ scanner: ItemScanner; engine: string }> => {
  const engines = await loadEngines(setup.needsLinear);
  const only = setup.only && new Set(setup.only);
  const detector = createDetector(setup.kernel, decodeRuleSet(setup.rules), {
    engines,
    ...(only ? { isEnabled: (rule) => only.has(rule.facts.id) } : {}),
  });
  return { scanner: createItemScanner(detector, scanning), engine: engines.name };
};
