import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16 } from '../../../src/detect/checks/crc32.ts';
import { CHECK_NAMES, checkNamed } from '../../../src/detect/checks/index.ts';
import { spkiOf } from '../keys/generated.ts';
import { changeAt, random } from './tokens.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the list of checks', () => {
  test('is sorted, and each name has a check', () => {
    expect(CHECK_NAMES).toEqual([...CHECK_NAMES].sort());
    for (const name of CHECK_NAMES) expect(checkNamed(name)).toBeTypeOf('function');
    expect(checkNamed('no such check')).toBeUndefined();
    expect(checkNamed('constructor')).toBeUndefined();
  });

  test('no check throws, repeats the secret, or takes noise for valid', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.base64String({ maxLength: 200 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 120 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CHECK_NAMES), noise, (name, text) => {
        const result = check(name, text);
        expect(['valid', 'invalid', 'not applicable']).toContain(result.proof);
        if (text.length > 12) expect(JSON.stringify(result)).not.toContain(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a JSON Web Token', () => {
  const token = (header: unknown, payload: unknown): string =>
    `${base64url(header)}.${base64url(payload)}.${randomBytes(32).toString('base64url')}`;
  const now = Math.floor(Date.now() / 1000);

  test('is valid and tells algorithm, issuer and expiry', () => {
    const result = check('jwt', token({ alg: 'RS256' }, { iss: 'https://example.org', exp: 4102444800 }));
    expect(result).toMatchObject({
      proof: 'valid',
      details: { alg: 'RS256', issuer: 'https://example.org', expiry: '2100-01-01T00:00:00Z' },
    });
    expect(result.details).not.toHaveProperty('expired');
  });

  test('is judged the same after it expired: the answer does not depend on the day', () => {
    const details = (exp: number) => check('jwt', token({ alg: 'HS256' }, { exp }));
    expect(details(now - 60)).toEqual({ ...details(now + 60), details: expect.objectContaining({ alg: 'HS256' }) });
  });

  test('without a signature says so', () => {
    const result = check('jwt', `${base64url({ alg: 'none' })}.${base64url({ sub: 'me' })}.`);
    expect(result).toMatchObject({
      proof: 'valid',
      details: { alg: 'none' },
      reason: expect.stringContaining('alg none'),
    });
  });

  test('behind a vendor prefix is found', () => {
    expect(check('jwt', `${'gh' + 's_'}123_${token({ alg: 'ES256' }, { exp: now + 60 })}`).proof).toBe('valid');
  });

  test('that is encrypted has five parts', () => {
    const parts = [base64url({ alg: 'RSA-OAEP', enc: 'A256GCM' }), random(20), random(16), random(40), random(22)];
    expect(check('jwt', parts.join('.'))).toMatchObject({ proof: 'valid', details: { encrypted: 'yes' } });
  });

  test('of which a part is no JSON is invalid', () => {
    expect(check('jwt', `${random(20)}.${random(20)}.${random(20)}`).proof).toBe('invalid');
    expect(check('jwt', `${base64url({ alg: 'HS256' })}.${random(20)}.${random(20)}`).proof).toBe('invalid');
    expect(check('jwt', `${base64url({ typ: 'JWT' })}.${base64url({})}.${random(20)}`).proof).toBe('invalid');
    expect(check('jwt', 'example.com')).toEqual({ proof: 'not applicable' });
  });

  test('that was valid for half an hour at most is of low confidence, whatever the date', () => {
    const lived = (seconds: number) =>
      check('jwt', token({ alg: 'HS256' }, { iat: 1_700_000_000, exp: 1_700_000_000 + seconds }));
    expect(lived(300)).toMatchObject({ proof: 'valid', confidence: 'low' });
    expect(lived(300).reason).toContain('300 seconds');
    expect(lived(7200).confidence).toBeUndefined();
  });

  test('that is the sample of jwt.io is recognised, whoever signed it', () => {
    const samples = [
      { sub: '1234567890', name: 'John Doe', iat: 1516239022 },
      { sub: '1234567890', name: 'John Doe', admin: true },
      { sub: '1234567890', name: 'John Doe', admin: true, iat: 1516239022 },
    ];
    for (const sample of samples) {
      const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(sample)}`;
      const mac = createHmac('sha256', 'your-256-bit-secret').update(signed).digest('base64url');
      expect(check('jwt', `${signed}.${mac}`)).toMatchObject({
        proof: 'invalid',
        details: { known: 'a sample token of jwt.io' },
      });
    }
    expect(check('jwt', token({ alg: 'RS256' }, samples[0])).details).toMatchObject({
      known: 'a sample token of jwt.io',
    });
  });
});

describe('an AWS access key id', () => {
  const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  /** Sixteen base32 digits that hold a 12-digit account number behind the first bit. */
  const idOf = (account: bigint): string => {
    let bits = ((1n << 47n) | (account << 7n)) << 32n;
    bits |= BigInt(`0x${randomBytes(4).toString('hex')}`);
    let text = '';
    for (let digit = 0; digit < 16; digit++, bits >>= 5n) text = BASE32[Number(bits & 31n)]! + text;
    return `${'AK' + 'IA'}${text}`;
  };

  test('tells the account and proves nothing', () => {
    expect(check('aws-key-id', idOf(1234567890n))).toEqual({
      proof: 'not applicable',
      details: { account: '001234567890' },
    });
    expect(check('aws-key-id', idOf(999999999999n)).details).toEqual({ account: '999999999999' });
    expect(check('aws-key-id', idOf(1000000000001n))).toEqual({ proof: 'not applicable' });
  });

  test('of the documentation is invalid', () => {
    const id = `${'AK' + 'IA'}IOSFODNN7${'EXAMPLE'}`;
    expect(check('aws-key-id', id)).toMatchObject({
      proof: 'invalid',
      confidence: 'low',
      details: { known: 'a sample of the AWS documentation' },
      reason: expect.stringContaining('documentation'),
    });
  });

  test('of the old form has no account, one with other digits is invalid', () => {
    expect(check('aws-key-id', `${'AK' + 'IA'}J${random(15, BASE32)}`)).toEqual({ proof: 'not applicable' });
    expect(check('aws-key-id', `${'AK' + 'IA'}Q${random(14, BASE32)}0`).proof).toBe('invalid');
  });
});

describe('base32 with CRC-16', () => {
  const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const encode = (bytes: Buffer): string => {
    let bits = '';
    for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
    return bits
      .match(/.{1,5}/g)!
      .map((group) => BASE32[parseInt(group.padEnd(5, '0'), 2)])
      .join('');
  };
  const closed = (head: Buffer): string => {
    const body = Buffer.concat([head, randomBytes(32)]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc16(body));
    return encode(Buffer.concat([body, sum]));
  };

  test('NATS seeds tell their role', () => {
    // S in the upper five bits, U in the next eight: strkey.go
    const seed = closed(Buffer.from([(18 << 3) | (160 >> 5), (160 & 31) << 3]));
    expect(seed).toMatch(/^SU/);
    expect(check('nkeys-crc16', seed)).toMatchObject({ proof: 'valid', details: { role: 'user' } });
    expect(check('nkeys-crc16', changeAt(seed, 30)).proof).toBe('invalid');
  });

  test('Stellar seeds are valid', () => {
    const seed = closed(Buffer.from([0x90]));
    expect(check('stellar-crc16', seed).proof).toBe('valid');
    expect(check('stellar-crc16', changeAt(seed, 30)).proof).toBe('invalid');
  });
});

describe('Bech32', () => {
  // valid strings of BIP-173 and BIP-350, none of them a key
  test.each([
    'A12UEL5L',
    'a12uel5l',
    '?1ezyfcl',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    'A1LQFN3A',
  ])('is valid: %s', (text) => {
    expect(check('bech32', text).proof).toBe('valid');
  });

  test('tells the human-readable part, and fails with a changed character', () => {
    const text = 'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w';
    expect(check('bech32', text).details).toEqual({ hrp: 'split' });
    expect(check('bech32', text.replace('hand', 'hamd')).proof).toBe('invalid');
    expect(check('bech32', text.replace('hand', 'HAND')).proof).toBe('not applicable');
    expect(check('bech32', 'no separator').proof).toBe('not applicable');
  });
});

describe('Base58Check', () => {
  const encode = (bytes: Buffer, alphabet: string): string => {
    let value = BigInt(`0x${bytes.toString('hex')}`);
    let text = '';
    for (; value > 0n; value /= 58n) text = alphabet[Number(value % 58n)]! + text;
    for (const byte of bytes) {
      if (byte !== 0) break;
      text = alphabet[0]! + text;
    }
    return text;
  };
  const closed = (body: Buffer): Buffer => {
    const once = createHash('sha256').update(body).digest();
    return Buffer.concat([body, createHash('sha256').update(once).digest().subarray(0, 4)]);
  };
  const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

  test.each([
    ['80', 33, BITCOIN, 'wallet import format'],
    ['0488ade4', 74, BITCOIN, 'extended private key'],
    ['21', 16, RIPPLE, 'Ripple seed'],
  ])('version %s and %i bytes are valid', (version, size, alphabet, form) => {
    const text = encode(closed(Buffer.concat([Buffer.from(version, 'hex'), randomBytes(size)])), alphabet);
    expect(check('base58check', text)).toMatchObject({ proof: 'valid', details: { form } });
    expect(check('base58check', changeAt(text, 9)).proof).toBe('invalid');
  });

  test('keeps leading zeros', () => {
    const text = encode(closed(Buffer.concat([Buffer.alloc(3), randomBytes(20)])), BITCOIN);
    expect(check('base58check', text).proof).toBe('valid');
  });
});

describe('a PyPI token', () => {
  const field = (type: number, data: string | Buffer): Buffer => {
    const bytes = Buffer.from(data);
    const size = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
    return Buffer.concat([Buffer.from([type, ...size]), bytes]);
  };
  const macaroon = (location: string, caveats: readonly unknown[]): Buffer =>
    Buffer.concat([
      Buffer.from([2]),
      field(1, location),
      field(2, '00000000-0000-4000-8000-000000000000'),
      Buffer.from([0]),
      ...caveats.map((caveat) => Buffer.concat([field(2, JSON.stringify(caveat)), Buffer.from([0])])),
      Buffer.from([0]),
      field(6, randomBytes(32)),
    ]);
  const token = (bytes: Buffer): string => `pypi-${bytes.toString('base64url')}`;

  test('tells location, scope and expiry', () => {
    const caveats = [
      [0, 4102444800, 0],
      [1, ['one', 'two']],
    ];
    expect(check('pypi-macaroon', token(macaroon('pypi.org', caveats)))).toEqual({
      proof: 'valid',
      details: { location: 'pypi.org', expiry: '2100-01-01T00:00:00Z', projects: 'one, two' },
      reason: 'it is a complete macaroon',
    });
    const older = [{ version: 1, permissions: 'user' }];
    expect(check('pypi-macaroon', token(macaroon('test.pypi.org', older))).details).toMatchObject({ scope: 'user' });
    const project = [{ version: 1, permissions: { projects: ['x'.repeat(150)] } }];
    expect(check('pypi-macaroon', token(macaroon('pypi.org', project))).details?.projects).toMatch(/^x+…$/);
  });

  test('that is cut or of another place is invalid', () => {
    const whole = macaroon('pypi.org', []);
    expect(check('pypi-macaroon', token(whole.subarray(0, -3))).proof).toBe('invalid');
    expect(check('pypi-macaroon', token(macaroon('example.org', []))).proof).toBe('invalid');
    expect(check('pypi-macaroon', 'npm-something')).toEqual({ proof: 'not applicable' });
  });
});

describe('a Google service account', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    type: 'service_account',
    project_id: 'some-project',
    private_key_id: random(40, 'abcdef0123456789'),
    private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    client_email: 'robot@some-project.iam.gserviceaccount.com',
  };

  test('has the identity of its key and tells project and mail address', () => {
    const expected = {
      proof: 'valid',
      identity: `spki:${spkiOf(privateKey)}`,
      details: { project: 'some-project', email: account.client_email, type: 'RSA', bits: '2048' },
    };
    expect(check('gcp-service-account', JSON.stringify(account, null, 2))).toMatchObject(expected);
    expect(check('gcp-service-account', JSON.stringify(JSON.stringify(account)).slice(1, -1))).toMatchObject(expected);
  });

  test('whose key does not parse is invalid, other JSON is not judged', () => {
    expect(check('gcp-service-account', JSON.stringify({ ...account, private_key: 'your key' })).proof).toBe('invalid');
    expect(check('gcp-service-account', '{"type": "service_account"}').proof).toBe('not applicable');
    expect(check('gcp-service-account', '{').proof).toBe('not applicable');
  });
});

describe('basic authentication', () => {
  const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64');

  test('tells the user, not the password', () => {
    const password = random(16);
    const result = check('basic-auth', encode(`someone:${password}`));
    expect(result).toMatchObject({ proof: 'not applicable', confidence: 'medium', details: { user: 'someone' } });
    expect(JSON.stringify(result)).not.toContain(password);
    expect(check('basic-auth', `Basic ${encode(`someone:${password}`)}`)).toEqual(result);
  });

  test('with a token in place of the user does not tell it', () => {
    const token = `tok9_${random(30)}`;
    for (const password of ['', 'x-oauth-basic']) {
      const result = check('basic-auth', encode(`${token}:${password}`));
      expect(result.confidence).toBe('medium');
      expect(JSON.stringify(result)).not.toContain(token);
    }
  });

  test.each(['sunshine', 'me', 'dragon'])('with the password %s is of low confidence', (password) => {
    expect(check('basic-auth', encode(`someone:${password}`)).confidence).toBe('low');
  });

  test.each([
    'someone:password',
    'someone:',
    'someone:<password>',
    'someone:${PASSWORD}',
    'someone:xxxxxxxx',
    'no colon at all',
    '{"a": "b"}',
  ])('is invalid: %s', (text) => {
    expect(check('basic-auth', encode(text)).proof).toBe('invalid');
  });

  test('of bytes that are no text is invalid, other text is not judged', () => {
    expect(check('basic-auth', encode(Buffer.from([0xff, 0x3a, 0xfe, 0x01]))).proof).toBe('invalid');
    expect(check('basic-auth', 'not base64!').proof).toBe('not applicable');
  });
});

describe('JSON in base64', () => {
  test('is valid behind any prefix and tells the names of its members', () => {
    const token = `${'op' + 's_'}${base64({ signInAddress: 'x', secretKey: random(20) })}`;
    expect(check('json-base64', token)).toMatchObject({
      proof: 'valid',
      details: { fields: 'signInAddress, secretKey' },
    });
    expect(check('json-base64', base64({ a: 1 })).proof).toBe('valid');
  });

  test('that does not decode is invalid', () => {
    expect(check('json-base64', `${base64({ a: random(30) }).slice(0, 30)}`).proof).toBe('invalid');
    expect(check('json-base64', 'nothing').proof).toBe('not applicable');
  });

  test('of Sentry tells organization and place', () => {
    const payload = { iat: 1741264356, url: 'https://sentry.io', region_url: 'https://de.sentry.io', org: 'acme' };
    const make = (value: unknown): string => `${'sntr' + 'ys_'}${base64(value)}_${random(43)}`;
    expect(check('sentry-payload', make(payload))).toMatchObject({
      proof: 'valid',
      details: {
        org: 'acme',
        url: 'https://sentry.io',
        regionUrl: 'https://de.sentry.io',
        issued: '2025-03-06T12:32:36Z',
      },
    });
    expect(check('sentry-payload', make({ a: 1 })).proof).toBe('invalid');
    expect(check('sentry-payload', `${'sntr' + 'ys_'}${random(41)}_${random(43)}`).proof).toBe('invalid');
    expect(check('sentry-payload', 'sntrys_').proof).toBe('not applicable');
  });
});
