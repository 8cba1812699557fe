import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import type { GitleaksDocument, GitleaksRule } from './document.ts';
import { readGitleaks } from './read.ts';
import { sayPlace } from './table.ts';

/** A file may extend one that extends another one, and so on, this many times. */
const MOST_FILES = 3;

/**
 * Reads a configuration and those that it extends with `[extend] path`, as one: its own rules and what it changes in
 * theirs come first, allowlists add up.
 * @param readText gives the text of a file, or throws UsageError.
 * @throws UsageError as readGitleaks, and for an extended file that is not there or goes round in a circle.
 */
export const readWithExtended = (
  file: string,
  readText: (file: string) => string,
  before: readonly string[] = [],
): GitleaksDocument => {
  const own = readGitleaks(readText(file), file);
  if (own.extend.path === undefined) return own;
  const place = sayPlace(own.extend.pathPlace);
  const files = [...before, path.resolve(file)];
  const base = findExtended(own.extend.path, file, place);
  if (files.includes(path.resolve(base))) throw new UsageError(`${place}: "path" leads back to ${base}`);
  if (files.length === MOST_FILES) throw new UsageError(`${place}: at most ${MOST_FILES} files extend each other`);
  return extended(own, readWithExtended(base, readText, files));
};

/** gitleaks takes the path from where it is started; files that were written for another place lie beside this one. */
const findExtended = (name: string, file: string, place: string): string => {
  const beside = path.join(path.dirname(file), name);
  const found = [path.normalize(name), path.isAbsolute(name) ? name : beside].find((one) => existsSync(one));
  if (found === undefined)
    throw new UsageError(`${place}: "path" names ${name}, which is neither in this folder nor beside the file`);
  return found;
};

const extended = (own: GitleaksDocument, base: GitleaksDocument): GitleaksDocument => {
  const kept = base.rules.filter(({ id }) => !own.extend.disabledRules.includes(id));
  const changed = own.rules.map((rule) => {
    const below = kept.find(({ id }) => id === rule.id);
    return below ? changedRule(rule, below) : rule;
  });
  const ids = new Set(own.rules.map(({ id }) => id));
  const known = new Set(base.rules.map(({ id }) => id));
  return {
    file: own.file,
    title: own.title ?? base.title,
    extend: {
      ...own.extend,
      useDefault: own.extend.useDefault || base.extend.useDefault,
      // Ids of the extended file are done with; the others are for the default rules.
      disabledRules: [...own.extend.disabledRules.filter((id) => !known.has(id)), ...base.extend.disabledRules],
    },
    rules: [...changed, ...kept.filter(({ id }) => !ids.has(id))],
    allowlists: [...own.allowlists, ...base.allowlists],
    untranslated: [...own.untranslated, ...base.untranslated],
  };
};

/** What the rule does not say is taken from the one it changes; lists add up. */
const changedRule = (rule: GitleaksRule, below: GitleaksRule): GitleaksRule => ({
  id: rule.id,
  place: rule.place,
  places: { ...below.places, ...rule.places },
  description: rule.description ?? below.description,
  regex: rule.regex ?? below.regex,
  secretGroup: rule.secretGroup ?? below.secretGroup,
  entropy: rule.entropy ?? below.entropy,
  path: rule.path ?? below.path,
  keywords: [...new Set([...rule.keywords, ...below.keywords])],
  skipReport: rule.skipReport || below.skipReport,
  required: rule.required.length > 0 ? rule.required : below.required,
  allowlists: [...rule.allowlists, ...below.allowlists],
});
