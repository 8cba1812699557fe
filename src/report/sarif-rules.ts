import type { ReportingConfiguration, ReportingDescriptor } from 'sarif';
import type { Confidence, Finding, RuleFacts, SecretKind, Severity } from '../types.ts';
import { safeLink, wellFormed } from './escape.ts';
import { stepsOf } from './steps.ts';

/** GitHub's bounds: longer texts are refused. */
const LONGEST_TEXT = 1024;
const LONGEST_NAME = 255;

/** GitHub reads a string: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

/** For ids and public values: no ruleset may block on what grants nothing. */
const NO_SECRET_SEVERITY = '1.0';

/** The tag by which GitHub links CWE-798. */
const HARD_CODED_CREDENTIALS = 'external/cwe/cwe-798';

const PRECISION: Readonly<Record<Confidence, string>> = { high: 'high', medium: 'medium', low: 'low' };

type Level = ReportingConfiguration.level;

/** critical and high are errors, medium warnings, low notes; what is no secret is a note whatever its severity. */
export const levelOf = (severity: Severity, kind: SecretKind): Level => {
  if (kind !== 'secret' || severity === 'low') return 'note';
  return severity === 'medium' ? 'warning' : 'error';
};

/** Cut to a length without splitting a surrogate pair. */
const bounded = (text: string, length: number): string =>
  wellFormed(text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`);

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

const KIND_TEXT: Readonly<Record<SecretKind, string>> = {
  secret: 'A credential that grants access.',
  id: 'A name of an account, which grants nothing alone.',
  public: 'A value that is meant to be published.',
};

const helpSteps = (rule: RuleFacts): readonly string[] => {
  const { kind, remediation } = rule;
  if (kind !== 'secret') return ['No action is needed for this value alone.'];
  const revoke = safeLink(remediation?.revoke);
  const first = `If it was ever pushed, revoke or rotate it first${revoke === undefined ? '' : `: ${revoke}`}`;
  return [first, ...stepsOf(rule)];
};

/** Keeps text of a rule (users write rules too) from being read as Markdown or HTML. */
const markdownText = (text: string): string =>
  text.replace(/[\\`*_{}[\]()<>#+!|~&]/g, (char) => `\\${char}`).replace(/\s+/g, ' ');

const helpOf = (rule: RuleFacts): { text: string; markdown: string } => {
  const steps = helpSteps(rule);
  const docs = safeLink(rule.remediation?.docs);
  const text = [
    KIND_TEXT[rule.kind],
    ...steps.map(sentence),
    ...(docs === undefined ? [] : [`Documentation: ${docs}`]),
  ];
  const items = steps.map((step, index) => `${index + 1}. ${linked(step)}`);
  const markdown = [
    KIND_TEXT[rule.kind],
    items.join('\n'),
    ...(docs === undefined ? [] : [`[Documentation](<${docs}>)`]),
  ];
  return { text: wellFormed(text.join('\n')), markdown: wellFormed(markdown.join('\n\n')) };
};

/** Escapes all but addresses, which become links. */
const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"])/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : markdownText(part)))
    .join('');

/** GitHub shows a tag as it is; spaces and capitals would make near-duplicates. */
const tag = (text: string): string => wellFormed(text.toLowerCase().trim().replace(/\s+/g, '-'));

const tagsOf = ({ kind, provider }: RuleFacts): readonly string[] => [
  'security',
  kind,
  ...(kind === 'secret' ? [HARD_CODED_CREDENTIALS] : []),
  `provider/${tag(provider)}`,
];

const toDescriptor = (rule: RuleFacts): ReportingDescriptor => {
  const docs = safeLink(rule.remediation?.docs);
  return {
    id: wellFormed(rule.id),
    name: bounded(rule.name, LONGEST_NAME),
    shortDescription: { text: bounded(sentence(rule.name), LONGEST_TEXT) },
    fullDescription: { text: bounded(sentence(rule.description ?? `${rule.name} (${rule.provider})`), LONGEST_TEXT) },
    help: helpOf(rule),
    ...(docs === undefined ? {} : { helpUri: docs }),
    defaultConfiguration: { level: levelOf(rule.severity, rule.kind) },
    properties: {
      tags: [...tagsOf(rule)],
      precision: PRECISION[rule.confidence],
      'security-severity': rule.kind === 'secret' ? SECURITY_SEVERITY[rule.severity] : NO_SECRET_SEVERITY,
    },
  };
};

export interface RuleTable {
  readonly descriptors: readonly ReportingDescriptor[];
  readonly indexOf: (ruleId: string) => number;
}

/** The rules of the findings, by id, each once. */
export const ruleTable = (findings: readonly Finding[]): RuleTable => {
  const byId = new Map(findings.map(({ rule }) => [rule.id, rule]));
  const ids = [...byId.keys()].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  return {
    descriptors: ids.flatMap((id) => {
      const rule = byId.get(id);
      return rule === undefined ? [] : [toDescriptor(rule)];
    }),
    indexOf: (ruleId) => indexes.get(ruleId) ?? -1,
  };
};
