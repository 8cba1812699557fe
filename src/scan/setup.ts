import { createDetector } from '../detect/detector.ts';
import { loadEngines } from '../detect/engine.ts';
import { decodeRuleSet } from '../detect/rules/ruleset.ts';
import { createItemScanner, type ItemScanner, type ScannerOptions } from './item-scanner.ts';
import type { PackTools } from './scan-pack.ts';

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
  /** Matches keep the lines they stand on, for allowlists that look at them. */
  readonly keepsLines?: boolean;
}

/** What a thread scans with. */
export interface Tools {
  readonly scanner: ItemScanner;
  readonly engine: string;
  /** The compiled kernel, which reads trees too. */
  readonly kernel: WebAssembly.Module;
  /** What packs are scanned with; loaded and set up by the first call. */
  packTools(): Promise<PackTools>;
}

/** Sets up a detector and a scanner on it. */
export const setUpScanner = async (setup: DetectorSetup, scanning: ScannerOptions = {}): Promise<Tools> => {
  const engines = await loadEngines(setup.needsLinear);
  const keepsLines = setup.keepsLines === true;
  const only = setup.only && new Set(setup.only);
  const detector = createDetector(setup.kernel, decodeRuleSet(setup.rules), {
    engines,
    ...(only ? { isEnabled: (rule) => only.has(rule.facts.id) } : {}),
  });
  const scanner = createItemScanner(detector, { ...scanning, keepsLines });
  let packTools: Promise<PackTools> | undefined;
  const load = async (): Promise<PackTools> => {
    const { createPackTools } = await import('./pack-tools.ts');
    return createPackTools(detector, scanner, { keepDropped: scanning.locateDropped ?? false, keepsLines });
  };
  return { scanner, engine: engines.name, kernel: setup.kernel, packTools: () => (packTools ??= load()) };
};
