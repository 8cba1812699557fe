import type { CompiledRule } from '../detect/rules/rule.ts';
import { UsageError } from '../errors.ts';
import { allRules, prepareDetector } from '../policy/rules.ts';
import { forTerminal } from '../report/escape.ts';
import { scan } from '../scan/scan.ts';
import { texts, type Values } from './settings.ts';

const loadRules = async (values: Values): Promise<CompiledRule[]> => {
  const { rules } = await prepareDetector({ folders: texts(values, 'rules'), only: [], disable: [] });
  return allRules(rules).sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1));
};

/** Rules of users may say anything: no control character of theirs reaches the terminal. */
const print = (lines: readonly string[]): number => {
  process.stdout.write(`${lines.map(forTerminal).join('\n')}\n`);
  return 0;
};

/** `leakgate rules list`: one line a rule. */
export const listRules = async (values: Values): Promise<number> => {
  const rules = await loadRules(values);
  const width = Math.max(...rules.map(({ facts }) => facts.id.length));
  return print(
    rules.map(({ facts: { id, severity, confidence, kind, name } }) =>
      [id.padEnd(width), severity.padEnd(8), confidence.padEnd(6), kind.padEnd(6), name].join('  '),
    ),
  );
};

/** `leakgate rules show ID`: what a rule looks for, how it judges, and what to do about a finding. */
export const showRule = async (id: string, values: Values): Promise<number> => {
  const rule = (await loadRules(values)).find(({ facts }) => facts.id === id);
  if (!rule) throw new UsageError(`no rule has the id "${id}"`, '"leakgate rules list" shows all');
  const { facts } = rule;
  const remediation = facts.remediation ?? {};
  const rows: [string, string | undefined][] = [
    ['Provider', facts.provider],
    ['Kind', facts.kind],
    ['Severity', facts.severity],
    ['Confidence', facts.confidence],
    ['Looks for', rule.written],
    [
      'Starts at',
      rule.anchors.length
        ? [...new Set(rule.anchors.map(({ literal }) => literal))].join(', ')
        : 'everything (no literal)',
    ],
    ['Near', rule.context.length ? `one of ${rule.context.join(', ')}, within ${rule.within} characters` : undefined],
    ['Entropy', rule.entropy ? `at least ${rule.entropy} bits a character` : undefined],
    ['Must have', rule.needs.join(', ') || undefined],
    ['Proof', rule.check && `offline check ${rule.check}`],
    ['Comes with', rule.pair],
    ['Only in', rule.include.join(', ') || undefined],
    ['Engine', rule.engine],
    ['Revoke at', remediation.revoke],
    ['Documentation', remediation.docs],
  ];
  return print([
    `${facts.id}: ${facts.name}`,
    ...(facts.description ? [facts.description] : []),
    '',
    ...rows.flatMap(([label, value]) => (value ? [`${label.padEnd(14)}${value}`] : [])),
    ...(remediation.steps?.length
      ? ['', 'What to do', ...remediation.steps.map((step, i) => `  ${i + 1}. ${step}`)]
      : []),
  ]);
};

/** `leakgate rules test FILE`: which rules match, and what was refused and why. */
export const testRules = async (file: string, values: Values, signal: AbortSignal): Promise<number> => {
  const detector = await prepareDetector({ folders: texts(values, 'rules'), only: [], disable: [] });
  const result = await scan(
    { mode: 'dir', paths: [file], ignored: true },
    {
      detector,
      failOn: 'low',
      minConfidence: 'low',
      exitZero: true,
      allowIncomplete: [],
      allow: [],
      exclude: [],
      explain: true,
      signal,
    },
  );
  const matched = result.findings.flatMap((finding) =>
    finding.occurrences.map(
      ({ path = '', region }) =>
        `match    ${path}:${region.startLine}:${region.startColumn}  ${finding.rule.id}  ${finding.confidence}  ${finding.redacted}` +
        (finding.alsoMatched.length ? `  (also ${finding.alsoMatched.join(', ')})` : ''),
    ),
  );
  const refused = (result.droppedMatches ?? []).map(
    ({ path, line, ruleId, reason }) => `refused  ${path}:${line}  ${ruleId}  ${reason}`,
  );
  return (
    print([...matched, ...refused, `${matched.length} matched, ${refused.length} refused`]) || result.gate.exitCode
  );
};
