import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetsUrl, loadKernel } from '../../assets.ts';
import { createDetector } from '../../detect/detector.ts';
import { loadEngines } from '../../detect/engine.ts';
import { checkRules, type Problem, type Verdict } from '../../detect/rules/check-rules.ts';
import { encodeRuleSet } from '../../detect/rules/encode.ts';
import { readRuleFiles } from '../../detect/rules/load.ts';
import type { CompiledRule } from '../../detect/rules/rule.ts';
import { decodeRuleSet } from '../../detect/rules/ruleset.ts';
import { forTerminal } from '../../report/escape.ts';
import { texts, type Values } from '../settings.ts';

/** The rule files that ship with the package: `rules/` lies beside the folder of the built files. */
const shippedFolder = (): string => {
  const folder = fileURLToPath(new URL('../rules', assetsUrl));
  const relative = path.relative('', folder);
  return relative.startsWith('..') ? folder : relative;
};

/**
 * `leakgate rules test`: checks the rules that ship with the package, or with --rules those of the user beside them.
 * Loads the compiler and the YAML parser: import it only when it is asked for.
 * @returns the exit code: 0 when all is well, 1 when a rule has a problem
 * @throws UsageError for rule files that can't be read
 */
export const testAllRules = async (values: Values): Promise<number> => {
  const folders = texts(values, 'rules');
  const shipped = readRuleFiles(shippedFolder());
  const engines = await loadEngines(true);
  const kernel = loadKernel();
  const detectorOf = (rules: readonly CompiledRule[]) =>
    createDetector(kernel, decodeRuleSet(encodeRuleSet(rules)), { engines });
  const verdict = checkRules(
    folders.length === 0
      ? { own: shipped, engine: 'v8', others: [], detectorOf }
      : { own: folders.flatMap(readRuleFiles), engine: 're2', others: shipped, detectorOf },
  );
  process.stdout.write(`${[...verdict.problems.map(shown), summary(verdict)].join('\n')}\n`);
  return verdict.problems.length === 0 ? 0 : 1;
};

const shown = ({ file, line, id, message }: Problem): string =>
  `${forTerminal(file)}:${line}: rule ${id}: ${forTerminal(message)}`;

const summary = ({ rules, examples, problems }: Verdict): string =>
  `${counted(rules, 'rule')}, ${counted(examples, 'example')}: ${
    problems.length === 0 ? 'all hold' : counted(problems.length, 'problem')
  }`;

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
