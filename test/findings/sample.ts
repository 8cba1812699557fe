import { randomInt } from 'node:crypto';
import type { Located } from '../../src/findings/grouping.ts';
import type { CommitInfo, LocatedMatch, Origin, Region, RuleFacts } from '../../src/types.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new random string each time: no test holds a literal that looks like a secret. */
export const random = (length: number): string =>
  Array.from({ length }, () => BASE62[randomInt(BASE62.length)]).join('');

export const randomToken = (): string => `acme_${random(40)}`;

const RULES: Readonly<Record<string, Partial<RuleFacts>>> = {
  'acme-token': {
    name: 'Acme access token',
    description: 'Grants access to the Acme API.',
    remediation: {
      revoke: 'https://acme.example/tokens',
      docs: 'https://acme.example/docs',
      steps: ['ask for a new one'],
    },
  },
  generic: { name: 'Generic password', severity: 'medium', confidence: 'low' },
  'acme-account': { name: 'Acme account id', kind: 'id', severity: 'critical' },
  'acme-site': { name: 'Acme site key', kind: 'public', severity: 'critical' },
};

export const ruleFacts = (id: string): RuleFacts => ({
  id,
  provider: 'Acme Inc.',
  name: id,
  kind: 'secret',
  severity: 'high',
  confidence: 'high',
  ...RULES[id],
});

export const region = (startLine = 1, startColumn = 1, length = 10): Region => ({
  startLine,
  startColumn,
  endLine: startLine,
  endColumn: startColumn + length,
  byteStart: (startLine - 1) * 1000 + startColumn - 1,
  byteEnd: (startLine - 1) * 1000 + startColumn - 1 + length,
});

export const match = (fields: Partial<LocatedMatch> = {}): LocatedMatch => {
  const secret = fields.secret ?? randomToken();
  return {
    ruleId: 'acme-token',
    secret,
    identity: secret,
    start: 0,
    end: secret.length,
    severity: 'high',
    confidence: 'high',
    proof: 'not applicable',
    chain: [],
    reasons: ['the form is exact'],
    details: {},
    alsoMatched: [],
    region: region(),
    context: 'token = "********"',
    ...fields,
  };
};

export const commit = (fields: Partial<CommitInfo> = {}): CommitInfo => ({
  oid: 'a'.repeat(40),
  authorName: 'Jo Doe',
  authorEmail: 'jo@example.org',
  authorDate: '2024-03-01T10:00:00+01:00',
  subject: 'Add the client',
  ...fields,
});

/** A match in a file; other origins by `origin`. */
export const located = (
  path: string,
  fields: Partial<LocatedMatch> = {},
  rest: Partial<Omit<Located, 'match'>> = {},
): Located => {
  const origin: Origin = rest.origin ?? { type: 'file', path };
  return { match: match(fields), path, ...rest, origin };
};

/** A match whose companion, an account id, stands on the line before it. */
export const withCompanion = (fields: Partial<LocatedMatch> = {}): Partial<LocatedMatch> & { id: string } => {
  const id = `acct-${random(20)}`;
  const companion = { ruleId: 'acme-account', secret: id, start: 0, end: id.length };
  return { id, companion, region: region(8, 3), companionRegion: region(7, 5, id.length), ...fields };
};
