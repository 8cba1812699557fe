import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { detectIn, detectorOn, shippedRules } from '../support/detector.ts';

const detector = detectorOn(shippedRules());
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const account = { type: 'service_account', project_id: 'demo', private_key: privateKey };
const found = (text: string) => detectIn(detector, text).matches.map(({ secret, proof }) => ({ secret, proof }));

describe('a service account key file', () => {
  it('is one finding, as it stands or inside a JSON string', () => {
    for (const text of [JSON.stringify(account), JSON.stringify(account, undefined, 2)])
      expect(found(`x = ${text};`)).toEqual([{ secret: text, proof: 'valid' }]);
    const escaped = JSON.stringify(JSON.stringify(account)).slice(1, -1);
    expect(found(`"${escaped}"`)).toEqual([{ secret: escaped, proof: 'valid' }]);
  });

  it('is read once, however often its mark stands in it', () => {
    const text = JSON.stringify({ ...account, also: Array.from({ length: 200 }, () => 'service_account') });
    expect(found(text)).toEqual([{ secret: text, proof: 'valid' }]);
    const last = JSON.stringify({ also: ['service_account', 'x'.repeat(8000)], ...account });
    expect(found(last)).toEqual([{ secret: last, proof: 'valid' }]);
  });
});
