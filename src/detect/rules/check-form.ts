import { compileForm, type Form } from '../form/form.ts';
import { type Complaint, type LoadedRule, tryCompile } from './load.ts';
import type { CompiledRule, RuleAnchor } from './rule.ts';
import { seeded } from './seeded.ts';

/** Texts of a form that its anchors are looked for in, beside the compiler's proof. */
const SAMPLES = 32;

/** What is wrong with the form of a rule that compiles: as `shape` and so on stand, whatever its examples. */
export const checkForm = (loaded: LoadedRule, compiled: CompiledRule): Complaint[] => {
  const line = loaded.lineOf(formField(loaded));
  const messages = [...anchorComplaints(loaded, compiled), ...stepComplaints(loaded)];
  return messages.map((message) => ({ line, message }));
};

/** The field that says what the secret looks like. */
const formField = ({ rule }: LoadedRule): 'shape' | 'pattern' | 'extract' =>
  rule.shape !== undefined ? 'shape' : rule.pattern !== undefined ? 'pattern' : 'extract';

const anchorComplaints = ({ rule }: LoadedRule, compiled: CompiledRule): string[] => {
  if (compiled.mode === 'everywhere')
    return ['has no literal of 3 characters and no "context" words: it would run over every byte'];
  if (compiled.mode !== 'form') return [];
  const form = compileForm(rule.shape === undefined ? { pattern: rule.pattern ?? '' } : { shape: rule.shape }, {
    encodedLimit: 4096,
  });
  const matches = samplesOf(form);
  if (!matches) return ['no text was found that it matches'];
  const anchors = compiled.anchors.map(({ literal }) => `"${literal}"`).join(', ');
  return matches.every((match) => compiled.anchors.some((anchor) => isHeld(anchor, match)))
    ? []
    : [`a match need not hold any of the anchors ${anchors}`];
};

/** Texts that the form matches as a whole; undefined when there is none. */
const samplesOf = (form: Form): string[] | undefined => {
  const random = seeded(1);
  try {
    return Array.from({ length: SAMPLES }, () => form.generate(random).text);
  } catch {
    // The only error of a generator: parts of the form exclude each other.
    return undefined;
  }
};

/** Does a match hold the anchor at its place, with what the kernel wants to see behind it? */
const isHeld = ({ literal, nocase, minOffset, maxOffset, test }: RuleAnchor, match: string): boolean => {
  const text = nocase ? match.toLowerCase() : match;
  for (let at = text.indexOf(literal, minOffset); at >= 0 && at <= maxOffset; at = text.indexOf(literal, at + 1)) {
    const end = at + literal.length;
    if (test.type !== 'run' || runLength(match, end, test.set) >= test.min) return true;
  }
  return false;
};

const runLength = (text: string, from: number, set: string): number => {
  let at = from;
  while (at < text.length && set[text.charCodeAt(at)] === '1') at++;
  return at - from;
};

/** Rules of users run on RE2 whatever their form; one that V8 could take long for is slow there too. */
const stepComplaints = (loaded: LoadedRule): string[] => {
  const compiled = tryCompile(loaded, 'v8');
  return 'message' in compiled || compiled.engine === 'v8'
    ? []
    : [
        'may take more than a million steps for one candidate: bound its repeats, or let neighbours differ in their first character',
      ];
};
