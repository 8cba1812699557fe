import { describe, expect, it } from 'vitest';
import { detectIn, detectorOn, shippedRules } from '../support/detector.ts';
import { mixedText, seeded } from '../support/random.ts';
import { ed25519Key } from '../support/tokens.ts';

const detector = detectorOn(shippedRules(), (rule) => rule.facts.id === 'kubernetes-secret-data');
const all = detectorOn(shippedRules());
const random = seeded(12);
const secret = () => mixedText(random, 18);
const base64 = (text: string) => Buffer.from(text).toString('base64');

const found = (text: string, on = detector) =>
  detectIn(on, text).matches.map((match) => ({
    name: match.details.name,
    secret: match.secret,
    chain: match.chain,
    written: Buffer.from(text).subarray(match.start, match.end).toString(),
  }));
const names = (text: string): (string | undefined)[] => found(text).map(({ name }) => name);
const refusals = (text: string): string[] => detectIn(detector, text).dropped.map(({ reason }) => reason);

describe('a Kubernetes Secret', () => {
  it('gives the values under data, decoded, and those under stringData, as written', () => {
    const [one, other] = [secret(), secret()];
    const text = `apiVersion: v1\nkind: Secret\ndata:\n  webhook: ${base64(one)}\nstringData:\n  license: "${other}"\n`;
    expect(found(text)).toEqual([
      { name: 'webhook', secret: one, chain: ['base64'], written: base64(one) },
      { name: 'license', secret: other, chain: [], written: other },
    ]);
  });

  it('is read before and behind its kind, with any quotes, comments, indentation and line ends', () => {
    const value = secret();
    const lines = [
      'apiVersion: v1',
      'data:',
      `    "one.two": '${base64(value)}' # comment`,
      `    three: ${base64(value)}`,
      'kind: Secret',
      'metadata:',
      '    name: app',
    ];
    for (const lineEnd of ['\n', '\r\n']) expect(names(lines.join(lineEnd))).toEqual(['one.two', 'three']);
    expect(names(`- ${lines.join('\n  ')}`)).toEqual(['one.two', 'three']);
  });

  it('has values that end before commas, comments and blanks, however many blanks there are', () => {
    const value = secret();
    const blanks = ' '.repeat(50_000);
    const map = (line: string) => `kind: Secret\nstringData:\n  license: ${line}\n`;
    for (const line of [value, `${value} , `, `${value}\t# no`, `"${value}" #"`, `'${value}',`, `${value}${blanks}`])
      expect(found(map(line)).map((one) => one.secret)).toEqual([value]);
    expect(found(map(`${value}#1`))[0]?.secret).toBe(`${value}#1`);
    expect(found(map(`"${value}"x"`))[0]?.secret).toBe(`${value}"x`);
    expect(refusals(map(`${value}${blanks}x`))).toHaveLength(1);
    expect(found(map('""'))).toEqual([]);
  });

  it('is read as JSON too, as kubectl prints it', () => {
    const value = secret();
    const manifest = { apiVersion: 'v1', kind: 'Secret', data: { webhook: base64(value) }, metadata: { name: 'app' } };
    expect(found(JSON.stringify(manifest, undefined, 4))).toEqual([
      { name: 'webhook', secret: value, chain: ['base64'], written: base64(value) },
    ]);
  });

  it('ends at the next document', () => {
    const [one, other] = [base64(secret()), base64(secret())];
    const map = (kind: string, name: string, value: string) => `kind: ${kind}\ndata:\n  ${name}: ${value}\n`;
    const text = `${map('ConfigMap', 'before', one)}---\n${map('Secret', 'mine', other)}---\n${map('ConfigMap', 'after', one)}`;
    expect(names(text)).toEqual(['mine']);
    expect(names(`${map('Secret', 'one', one)}---\n${map('Secret', 'two', other)}`)).toEqual(['one', 'two']);
  });

  it('is nothing else whose kind begins alike', () => {
    const value = base64(secret());
    for (const kind of ['SecretStore', 'SecretProviderClass', 'SealedSecret', 'ConfigMap', 'ExternalSecret']) {
      expect(names(`kind: ${kind}\ndata:\n  webhook: ${value}\n`), kind).toEqual([]);
    }
    expect(names(`kind: SecretList\nitems:\n  data:\n    webhook: ${value}\n`)).toEqual(['webhook']);
  });

  it('does not give what is no secret, and says why', () => {
    const entries: [string, string][] = [
      ['username', base64('administrator')],
      ['tls.crt', base64(secret())],
      ['webhook', 'not base64!'],
      ['short', base64('abc')],
      ['hidden', base64('changeme')],
      ['reference', base64('vault:secret/data/app#key')],
    ];
    for (const [name, value] of entries) {
      const text = `kind: Secret\ndata:\n  ${name}: ${value}\n`;
      expect(names(text), name).toEqual([]);
      expect(refusals(text).length, name).toBe(1);
    }
  });

  it('leaves keys and tokens in it to their own rules', () => {
    const key = ed25519Key();
    const text = `kind: Secret\ndata:\n  id_ed25519: ${base64(`${key}\n`)}\n`;
    const [match, ...others] = detectIn(all, text).matches;
    expect(others).toEqual([]);
    expect(match).toMatchObject({ ruleId: 'private-key', chain: ['base64'] });
  });

  it('is read some way from its kind, and the mark of another does not hide it', () => {
    const value = base64(secret());
    const labels = `metadata:\n${'    note: "x"\n'.repeat(1500)}`;
    expect(names(`kind: Secret\n${labels}data:\n  webhook: ${value}\n`)).toEqual(['webhook']);
    expect(names(`${'kind: Secret\n'.repeat(2000)}data:\n  webhook: ${value}\n`)).toEqual(['webhook']);
  });
});
