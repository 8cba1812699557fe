import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { FormError } from '../form/error.ts';
import { compileRule } from './compile.ts';
import { type ParsedRule, parseRuleFile } from './parse.ts';
import type { CompiledRule } from './rule.ts';

/** A rule together with the file it comes from. */
export interface LoadedRule extends ParsedRule {
  readonly file: string;
}

/** What is wrong with a rule, and on which line of its file (from 1). */
export interface Complaint {
  readonly line: number;
  readonly message: string;
}

/**
 * Reads every .yaml and .yml file of a folder (not below it), or one file.
 * @throws UsageError when the folder or a file can't be read, or a file is wrong.
 */
export const readRuleFiles = (folder: string): LoadedRule[] =>
  filesOf(folder).flatMap((file) => {
    const text = reading(file, () => readFileSync(file, 'utf8'));
    return parseRuleFile(text, file).map((parsed) => ({ ...parsed, file }));
  });

/**
 * As readRuleFiles, for rules that are going to be run.
 * @throws UsageError also when an id is used twice.
 */
export const loadRuleFiles = (folder: string): LoadedRule[] => {
  const loaded = readRuleFiles(folder);
  const [again] = usedTwice(loaded);
  if (again) throw new UsageError(`${again.rule.file}:${again.line}: ${again.message}`);
  return loaded;
};

/** The rules whose id an earlier one has. */
export const usedTwice = (loaded: readonly LoadedRule[]): (Complaint & { readonly rule: LoadedRule })[] => {
  const seen = new Map<string, LoadedRule>();
  return loaded.flatMap((rule) => {
    const { id } = rule.rule;
    const before = seen.get(id);
    if (!before) seen.set(id, rule);
    const message = `the id "${id}" is already used in ${before?.file}:${before?.lineOf('id')}`;
    return before ? [{ rule, line: rule.lineOf('id'), message }] : [];
  });
};

const filesOf = (folder: string): string[] => {
  if (reading(folder, () => statSync(folder).isFile())) return [folder];
  const names = reading(folder, () => readdirSync(folder)).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) throw new UsageError(`no rule files (.yaml) in ${folder}`);
  return names.sort().map((name) => path.join(folder, name));
};

const reading = <T>(from: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`can't read rules from ${from}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
};

/**
 * Compiles loaded rules.
 * @throws UsageError with file, line, rule and what is wrong, for the first rule that can't be compiled.
 */
export const compileLoaded = (loaded: readonly LoadedRule[], engine: 'v8' | 're2'): CompiledRule[] =>
  loaded.map((rule) => {
    const compiled = tryCompile(rule, engine);
    if ('message' in compiled)
      throw new UsageError(`${rule.file}:${compiled.line}: rule "${rule.rule.id}": ${compiled.message}`);
    return compiled;
  });

/** Compiles a rule, or says what is wrong with it. */
export const tryCompile = ({ rule, lineOf }: LoadedRule, engine: 'v8' | 're2'): CompiledRule | Complaint => {
  try {
    return compileRule(rule, engine);
  } catch (error) {
    if (error instanceof FormError)
      return { line: lineOf(rule.shape === undefined ? 'pattern' : 'shape'), message: sayForm(error) };
    if (!(error instanceof UsageError)) throw error;
    const message = error.message.replace(`rule ${rule.id}: `, '');
    return { line: lineOf(rule.extract === undefined ? 'context' : 'anchors'), message };
  }
};

/** What is wrong with a shape or pattern, and where in it, unless it is about the whole. */
export const sayForm = ({ message, offset }: FormError): string =>
  offset === 0 ? message : `${message} (at character ${offset + 1})`;
