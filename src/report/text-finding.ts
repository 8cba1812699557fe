import type { Finding, Reach, Severity } from '../types.ts';
import type { Cleaner } from './clean.ts';
import { forTerminal, safeLink } from './escape.ts';
import type { ReportOptions } from './options.ts';
import { hyperlink, type Paint, type Style } from './paint.ts';
import { firstCommit, type Place, placesOf } from './places.ts';
import { stepsOf } from './steps.ts';
import { counted, dayOf, grouped, shortId } from './words.ts';

/** What every part of the text report needs. */
export interface TextContext {
  readonly options: ReportOptions;
  readonly clean: Cleaner;
  readonly paint: Paint;
}

const PLACES_SHOWN = 3;

const SEVERITY_STYLE: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
};

const ruleName = ({ rule }: Finding, { options, paint }: TextContext): string => {
  const name = paint(forTerminal(rule.name), 'bold');
  const docs = options.hyperlinks ? safeLink(rule.remediation?.docs) : undefined;
  return docs === undefined ? name : hyperlink(name, docs);
};

/** One line for all findings of a rule: severity, name, rule id, number. */
export const groupHeader = (group: readonly [Finding, ...Finding[]], context: TextContext): string => {
  const [first] = group;
  const severity = context.paint(first.severity.toUpperCase(), 'bold', SEVERITY_STYLE[first.severity]);
  const number = group.length === 1 ? '' : `  ${grouped(group.length)} different ones`;
  return `${severity}  ${ruleName(first, context)}  ${context.paint(forTerminal(first.rule.id), 'dim')}${number}`;
};

const shownSecret = ({ secret, redacted }: Finding, { showSecrets }: ReportOptions): string =>
  forTerminal(showSecrets ? secret : redacted);

/** A path that starts with '-' gets './', so that pasting it into a command can't become an option. */
const shownPath = (path: string): string => forTerminal(path.startsWith('-') ? `./${path}` : path);

const placeOf = ({ location, occurrence }: Pick<Place, 'location' | 'occurrence'>, { clean }: TextContext): string => {
  const { startLine, startColumn } = occurrence.region;
  return `${shownPath(clean.path(location))}:${startLine}:${startColumn}`;
};

const placeNotes = ({ reach, versions, occurrence }: Place): string => {
  const notes: string[] = reach === undefined ? [] : [reach];
  if (versions > 1) notes.push(`${grouped(versions)} versions`);
  if (occurrence.chain.length > 0) notes.push(`decoded from ${forTerminal(occurrence.chain.join(' > '))}`);
  if (occurrence.note !== undefined) notes.push(occurrence.note);
  if (occurrence.introduced === false) notes.push('there before');
  return notes.length === 0 ? '' : `  (${notes.join(', ')})`;
};

const contextLine = (finding: Finding, { occurrence }: Place, { clean, paint }: TextContext): string => {
  const line = forTerminal(clean.context(finding, occurrence.context).replace(/\t/g, ' ').trim());
  return paint(`      | ${line}`, 'dim');
};

const REACH_ORDER: readonly (Reach | undefined)[] = [undefined, 'at HEAD', 'history only', 'unreachable'];

/** What to act on comes first: places this change brought in, then those that still stand at HEAD. */
const byUrgency = (places: readonly Place[]): readonly Place[] =>
  [...places].sort(
    (a, b) =>
      Number(a.occurrence.introduced === false) - Number(b.occurrence.introduced === false) ||
      REACH_ORDER.indexOf(a.reach) - REACH_ORDER.indexOf(b.reach),
  );

const placeLines = function* (finding: Finding, context: TextContext): Generator<string> {
  const places = byUrgency(placesOf(finding));
  const shown = context.options.verbose ? places : places.slice(0, PLACES_SHOWN);
  for (const [index, place] of shown.entries()) {
    yield `    ${context.paint(placeOf(place, context), 'cyan')}${placeNotes(place)}`;
    if ((index === 0 || context.options.verbose) && place.occurrence.context.trim() !== '') {
      yield contextLine(finding, place, context);
    }
  }
  const rest = places.length - shown.length;
  if (rest > 0) yield `    and ${counted(rest, 'more place')}${context.options.quiet ? '' : ' (--verbose shows all)'}`;
};

const commitLine = (finding: Finding, { clean }: TextContext): string | undefined => {
  const commit = firstCommit(finding.occurrences);
  if (commit === undefined) return undefined;
  const author = forTerminal(clean.text(commit.authorName));
  const subject = forTerminal(clean.text(commit.subject));
  return `first commit ${forTerminal(shortId(commit.oid))} by ${author} on ${forTerminal(dayOf(commit.authorDate))}: ${subject}`;
};

const detailLine = ({ details }: Finding, { clean }: TextContext): string | undefined => {
  const entries = Object.entries(details);
  if (entries.length === 0) return undefined;
  return entries.map(([name, value]) => `${forTerminal(name)}: ${forTerminal(clean.text(value))}`).join(', ');
};

const companionLine = ({ companion }: Finding): string | undefined =>
  companion && `${forTerminal(companion.name)} ${forTerminal(companion.redacted)}`;

const labelled = function* (label: string, value: string | undefined, { paint }: TextContext): Generator<string> {
  if (value !== undefined && value !== '') yield `    ${paint(label.padEnd(12), 'dim')}${value}`;
};

/** The block of one finding: value and confidence, places, first commit, why it is believed, fingerprint. */
export const findingLines = function* (finding: Finding, context: TextContext): Generator<string> {
  const proof = finding.proof === 'not applicable' ? '' : `, offline check ${finding.proof}`;
  yield `  ${shownSecret(finding, context.options)}  ${context.paint(`confidence ${finding.confidence}${proof}`, 'dim')}`;
  yield* placeLines(finding, context);
  yield* labelled('seen', commitLine(finding, context), context);
  yield* labelled('why', forTerminal(context.clean.text(finding.reasons.join('; '))), context);
  yield* labelled('details', detailLine(finding, context), context);
  yield* labelled('with', companionLine(finding), context);
  if (finding.alsoMatched.length > 0 && (context.options.verbose || context.options.explain)) {
    yield* labelled('also matched', ` ${forTerminal(finding.alsoMatched.join(', '))}`, context);
  }
  yield* labelled('fingerprint', finding.fingerprint, context);
};

/** How to fix findings of a rule, said once for the group. What is no secret needs no fix. */
export const groupFooter = function* ({ rule }: Finding, context: TextContext): Generator<string> {
  if (rule.kind !== 'secret') {
    const kind = rule.kind === 'id' ? 'names an account and grants nothing alone' : 'is meant to be published';
    yield `  ${context.paint('note', 'bold')} This ${kind}; it never fails the run.`;
    return;
  }
  const { revoke, docs } = rule.remediation ?? {};
  const where = revoke === undefined ? '' : ` at ${forTerminal(revoke)}`;
  yield `  ${context.paint('fix', 'bold')} If it was ever pushed, revoke or rotate it first${where}; removing it from the code is not enough.`;
  for (const step of stepsOf(rule)) yield `      then ${forTerminal(step)}`;
  if (docs !== undefined && context.options.verbose) yield `      see ${forTerminal(docs)}`;
};

/** A finding in one line, for those that don't count. */
export const quietFindingLine = (finding: Finding, status: string, context: TextContext): string => {
  const places = placesOf(finding);
  const [first] = places;
  const place = first === undefined ? '' : placeOf(first, context);
  const more = places.length > 1 ? ` and ${counted(places.length - 1, 'more place')}` : '';
  const value = shownSecret(finding, context.options);
  const line = `${status}: ${finding.severity} ${forTerminal(finding.rule.name)} ${value} ${place}${more} ${finding.fingerprint}`;
  return context.paint(line, 'dim');
};
