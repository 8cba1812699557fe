import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { FormError } from '../form/error.ts';
import { compileRule } from './compile.ts';
import { parseRuleFile } from './parse.ts';
import type { CompiledRule, RuleSource } from './rule.ts';

/** A rule together with the file it comes from. */
export interface LoadedRule {
  readonly rule: RuleSource;
  readonly file: string;
}

/**
 * Reads every .yaml and .yml file of a folder (not below it), or one file.
 * @throws UsageError when the folder can't be read, a file is wrong, or an id is used twice.
 */
export const loadRuleFiles = (folder: string): LoadedRule[] => {
  const loaded = filesOf(folder).flatMap((file) =>
    parseRuleFile(readFileSync(file, 'utf8'), file).map((rule) => ({ rule, file })),
  );
  const seen = new Map<string, string>();
  for (const { rule, file } of loaded) {
    const before = seen.get(rule.id);
    if (before !== undefined) throw new UsageError(`${file}: the id "${rule.id}" is already used in ${before}`);
    seen.set(rule.id, file);
  }
  return loaded;
};

const filesOf = (folder: string): string[] => {
  try {
    if (statSync(folder).isFile()) return [folder];
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    if (names.length === 0) throw new UsageError(`no rule files (.yaml) in ${folder}`);
    return names.sort().map((name) => path.join(folder, name));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `can't read rules from ${folder}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
};

/** Compiles loaded rules; errors name the file and the rule. */
export const compileLoaded = (loaded: readonly LoadedRule[], engine: 'v8' | 're2'): CompiledRule[] =>
  loaded.map(({ rule, file }) => {
    try {
      return compileRule(rule, engine);
    } catch (error) {
      if (!(error instanceof FormError)) throw error;
      throw new UsageError(`${file}: rule "${rule.id}": ${error.message} (at character ${error.offset + 1})`);
    }
  });
