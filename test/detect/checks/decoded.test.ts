import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { randomText } from '../judge/random.ts';
import { seededBytes } from './seeded-bytes.ts';
import { BASE62, changeAt } from './tokens.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);
const NOTHING = { proof: 'not applicable' };
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

describe('a token of Atlassian Data Center', () => {
  const token = base64(Buffer.concat([Buffer.from('123456789012:'), seededBytes(20)]));

  test('tells its id, with and without the prefix of Bitbucket', () => {
    const expected = { proof: 'valid', details: { tokenId: '123456789012' } };
    expect(check('atlassian-dc-pat', token)).toMatchObject(expected);
    expect(check('atlassian-dc-pat', `BBDC-${token}`)).toMatchObject(expected);
  });

  test('of another form is never refuted', () => {
    expect(check('atlassian-dc-pat', changeAt(token, 3))).toEqual(NOTHING);
    expect(check('atlassian-dc-pat', token.slice(0, 40))).toEqual(NOTHING);
    expect(check('atlassian-dc-pat', base64(Buffer.concat([Buffer.from('12345678901x:'), seededBytes(20)])))).toEqual(
      NOTHING,
    );
  });
});

describe('a Discord token', () => {
  const tail = `.${randomText(1, 6, BASE62)}.${randomText(1, 38, BASE62)}`;

  test('tells account and date: the example of the vendor', () => {
    const account = ['175928847', '299117063'].join('');
    expect(check('discord-snowflake', base64url(account) + tail)).toMatchObject({
      proof: 'valid',
      details: { account, accountCreated: '2016-04-30T11:18:25.796Z' },
    });
  });

  test.each(['not a number at all', '075928847299117063', '99999999999999999999', '1234567890123456'])(
    'with a first part of %s is not judged',
    (text) => {
      expect(check('discord-snowflake', base64url(text) + tail)).toEqual(NOTHING);
    },
  );
});

describe('a WorkOS key', () => {
  // the time of the example in the ULID specification
  const id = `01ARYZ6S41${randomText(1, 16, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')}`;
  const make = (text: string): string => `sk_${'test'}_${base64(text)}`;

  test('tells its id and when it was made', () => {
    expect(check('workos-base64', make(`key_${id},${randomText(1, 25, BASE62)}`))).toMatchObject({
      proof: 'valid',
      details: { keyId: `key_${id}`, issued: '2016-07-30T22:36:16.385Z' },
    });
  });

  test('of another vendor is not judged', () => {
    expect(check('workos-base64', `sk_${'test'}_${randomText(1, 60, BASE62)}`)).toEqual(NOTHING);
    expect(check('workos-base64', make(`key_${id.replace(/.$/, 'U')},${randomText(1, 25, BASE62)}`))).toEqual(NOTHING);
  });
});

describe('an X token of OAuth 2.0', () => {
  const make = (end: string): string => base64url(`${randomText(1, 43, BASE62)}:1700000000123:1:0:${end}`);

  test.each([
    ['at:1', 'access token'],
    ['rt:1', 'refresh token'],
    ['ac:1', 'authorization code'],
  ])('that ends in %s is an %s', (end, tokenOf) => {
    const details = { tokenOf, issued: '2023-11-14T22:13:20.123Z' };
    expect(check('twitter-oauth2-text', make(end))).toMatchObject({ proof: 'valid', details });
  });

  test('of another form is not judged', () => {
    expect(check('twitter-oauth2-text', make('xx:1'))).toEqual(NOTHING);
    expect(check('twitter-oauth2-text', randomText(1, 90, BASE62))).toEqual(NOTHING);
  });
});

describe('a Grafana Cloud token', () => {
  const make = (value: unknown): string => `${'gl' + 'c_'}${base64(JSON.stringify(value))}`;
  const key = randomText(1, 24, BASE62);

  test('tells organization, name and region, not the key', () => {
    const result = check('grafana-cloud', make({ o: '12345', n: 'stack-9-write', k: key, m: { r: 'eu' } }));
    expect(result).toMatchObject({ proof: 'valid', details: { org: '12345', name: 'stack-9-write', region: 'eu' } });
    expect(JSON.stringify(result)).not.toContain(key);
    expect(check('grafana-cloud', make({ o: 7, k: key, m: null })).details).toEqual({ org: '7' });
  });

  test('without a key is not judged', () => {
    expect(check('grafana-cloud', make({ o: '12345' }))).toEqual(NOTHING);
    expect(check('grafana-cloud', `${'gl' + 'c_'}${randomText(1, 60, BASE62)}`)).toEqual(NOTHING);
  });
});

describe('a Supabase key', () => {
  const body = `sb_${'secret'}_${randomText(1, 22, BASE62)}`;
  const sum = (project: string): string =>
    createHash('sha256').update(`${project}|${body}`).digest('base64url').slice(0, 8);

  test('of a self-hosted project is proven', () => {
    const details = { project: 'self-hosted' };
    expect(check('supabase-sha256-ref', `${body}_${sum('supabase-self-hosted')}`)).toMatchObject({
      proof: 'valid',
      details,
    });
  });

  test('of any other project is not refuted', () => {
    expect(check('supabase-sha256-ref', `${body}_${sum('abcdefghijklmnopqrst')}`)).toEqual(NOTHING);
  });
});

describe('a Clerk key', () => {
  test('tells the host of its API, one of Stripe is not judged', () => {
    const key = `pk_${'live'}_${base64('clerk.example.com$')}`;
    expect(check('base64-host-dollar', key)).toMatchObject({ proof: 'valid', details: { host: 'clerk.example.com' } });
    expect(check('base64-host-dollar', `pk_${'live'}_${base64('clerk.example.com')}`)).toEqual(NOTHING);
    expect(check('base64-host-dollar', `pk_${'live'}_${randomText(1, 24, BASE62)}`)).toEqual(NOTHING);
  });
});

describe('base64 of a UUID', () => {
  test('is proven, other text of that length is not', () => {
    expect(check('base64-uuid', base64(randomUUID())).proof).toBe('valid');
    expect(check('base64-uuid', randomText(1, 48, BASE62))).toEqual(NOTHING);
  });
});

describe('base64 of 32 bytes', () => {
  const key = base64(seededBytes(32));

  test('proves nothing, in either alphabet', () => {
    expect(check('base64-32bytes', key)).toMatchObject({ proof: 'not applicable', reason: 'it decodes to 32 bytes' });
    expect(check('base64-32bytes', `${base64url(seededBytes(32, 2))}=`).proof).toBe('not applicable');
  });

  test('with bits that no encoder writes, or of one byte, is invalid', () => {
    expect(check('base64-32bytes', `${key.slice(0, 42)}B=`).proof).toBe('invalid');
    expect(check('base64-32bytes', base64(Buffer.alloc(32, 0x41))).proof).toBe('invalid');
    expect(check('base64-32bytes', key.slice(0, 40))).toEqual(NOTHING);
  });
});

describe('a Ceph key', () => {
  const make = (type: number, seconds: number, nanoseconds: number): string => {
    const head = Buffer.alloc(12);
    head.writeUInt16LE(type, 0);
    head.writeUInt32LE(seconds, 2);
    head.writeUInt32LE(nanoseconds, 6);
    head.writeUInt16LE(16, 10);
    return base64(Buffer.concat([head, seededBytes(16)]));
  };

  test('tells when it was made', () => {
    expect(check('ceph-key', make(1, 1_700_000_000, 5))).toMatchObject({
      proof: 'valid',
      details: { created: '2023-11-14T22:13:20Z' },
    });
    expect(check('ceph-key', make(1, 0, 5)).details).toBeUndefined();
  });

  test('with more nanoseconds than a second has is invalid, another type is not judged', () => {
    expect(check('ceph-key', make(1, 1_700_000_000, 1e9)).proof).toBe('invalid');
    expect(check('ceph-key', make(2, 1_700_000_000, 5))).toEqual(NOTHING);
  });
});

describe('a Cisco type 7 password', () => {
  // the encodings of the word cisco that Cisco's and others' documents print
  test.each(['0822' + '455D0A16', '070C' + '285F4D06'])('%s decodes to five characters', (text) => {
    expect(check('cisco-type7', text)).toMatchObject({ proof: 'not applicable', details: { passwordLength: '5' } });
  });

  test('that is long and decodes to text is proven', () => {
    // shifting the whole by one place of the key keeps the text only when the key is right
    const key = ['dsfd;kfoA,.iye', 'wrkldJKDHSUBs'].join('');
    const password = randomText(1, 14, BASE62);
    for (const start of [0, 5, 12]) {
      const bytes = Buffer.from(password).map((byte, at) => byte ^ key.charCodeAt(start + at));
      const text = String(start).padStart(2, '0') + Buffer.from(bytes).toString('hex').toUpperCase();
      const result = check('cisco-type7', text);
      expect(result).toMatchObject({ proof: 'valid', details: { passwordLength: '14' } });
      expect(JSON.stringify(result)).not.toContain(password);
    }
  });

  test('that decodes to no text is invalid', () => {
    expect(check('cisco-type7', '04FFFFFFFFFF').proof).toBe('invalid');
    expect(check('cisco-type7', '99AABB')).toEqual(NOTHING);
    expect(check('cisco-type7', '0822455')).toEqual(NOTHING);
  });
});

describe('a JSON Web Token for somebody', () => {
  const token = (payload: unknown): string =>
    [{ alg: 'RS256' }, payload].map((part) => base64url(JSON.stringify(part))).join('.') +
    `.${base64url(seededBytes(32))}`;

  test('tells its audience, one or several', () => {
    expect(check('jwt', token({ aud: 'api://orders' })).details).toMatchObject({ audience: 'api://orders' });
    expect(check('jwt', token({ aud: ['one', 'two', 3] })).details).toMatchObject({ audience: 'one, two' });
    expect(check('jwt', token({ aud: 'x'.repeat(200) })).details?.audience).toMatch(/^x{119}…$/);
    expect(check('jwt', token({ aud: 5 })).details).not.toHaveProperty('audience');
  });
});
