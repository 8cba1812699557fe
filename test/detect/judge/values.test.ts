import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestReason, isUuid } from '../../../src/detect/judge/digest.ts';
import { characterClasses, classCount, entropy } from '../../../src/detect/judge/entropy.ts';
import { identifierReason } from '../../../src/detect/judge/identifier.ts';
import { placeholderReason } from '../../../src/detect/judge/placeholder.ts';
import { referenceReason } from '../../../src/detect/judge/reference.ts';
import { letterParts, WORD_LIKE, wordScore, wordShare } from '../../../src/detect/judge/words.ts';
import { BASE62, HEX_DIGITS, LOWER_CASE, randomText } from './random.ts';

const seeds = Array.from({ length: 200 }, (_, i) => i + 1);
const share = (values: readonly string[], test: (value: string) => boolean): number =>
  values.filter(test).length / values.length;

describe('entropy', () => {
  test('is 0 for nothing and for one repeated character, and n bits for 2^n equally frequent ones', () => {
    expect(entropy('')).toBe(0);
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abab')).toBeCloseTo(1);
    expect(entropy('0123456789abcdef')).toBeCloseTo(4);
  });

  test('never depends on the order of the characters and never exceeds the size of the alphabet', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const reversed = [...text].reverse().join('');
        const bits = entropy(text);
        expect(entropy(reversed)).toBeCloseTo(bits);
        expect(bits).toBeLessThanOrEqual(Math.log2(Math.max(1, new Set(text).size)) + 1e-9);
      }),
    );
  });

  test('classes count digits, lower case, upper case and everything else', () => {
    expect(classCount('abc')).toBe(1);
    expect(classCount('aB1!')).toBe(4);
    expect(characterClasses('')).toBe(0);
  });
});

describe('the word model', () => {
  test('splits names at case changes and at everything that is no letter', () => {
    expect(letterParts('getHTMLText2 of_my-List')).toEqual(['get', 'HTML', 'Text', 'of', 'my', 'List']);
    expect(letterParts('')).toEqual([]);
  });

  test('tells words from random letters', () => {
    const words = ['password', 'configuration', 'sunshine', 'message', 'container', 'weather', 'banana', 'simple'];
    const random = seeds.map((seed) => randomText(seed, 10, LOWER_CASE));
    expect(share(words, (word) => wordScore(word) > WORD_LIKE)).toBe(1);
    expect(share(random, (text) => wordScore(text) > WORD_LIKE)).toBeLessThan(0.08);
    expect(wordShare('user_name')).toBeGreaterThan(0.8);
    expect(
      share(
        seeds.map((seed) => randomText(seed, 32, BASE62)),
        (text) => wordShare(text) > 0.5,
      ),
    ).toBe(0);
  });
});

describe('placeholders', () => {
  test.each([
    'changeme',
    'CHANGE_ME',
    'your-api-key-here',
    'YourPasswordHere',
    'my_secret_token',
    'somefakekey',
    'test',
    'dummy123',
    'xxxxxxxx',
    'XXXX-XXXX',
    '********',
    '<password>',
    '${DB_PASSWORD}',
    '$DB_PASSWORD',
    '$(cat secret)',
    '%PASSWORD%',
    '{{ vault_password }}',
    '#{password}',
    '@password@',
    '[REDACTED]',
    '12345678',
    'abcdefgh',
    'qwerty',
    'abcd1234',
    'asdfasdfasdf',
    'aaaaaaaa',
    'abababab',
    'abc...',
    '',
    '   ',
    'null',
    'example-token',
    '__PASSWORD__',
    '%s',
    '{password}',
    '!!!---',
  ])('%s is one', (value) => {
    expect(placeholderReason(value)).toBeTypeOf('string');
  });

  test('a random secret that holds the letters of a placeholder word by chance is none', () => {
    for (const word of ['test', 'fake', 'false', 'none', 'todo', 'here', 'null', 'wrong']) {
      for (const seed of seeds.slice(0, 20)) {
        const left = randomText(seed, 14, BASE62);
        const right = randomText(seed + 1000, 14, BASE62);
        expect(placeholderReason(left + word + right), word).toBeUndefined();
        expect(placeholderReason(`${left}-${word}-${right}`), word).toBeUndefined();
      }
    }
  });

  test('hardly any random string is one', () => {
    const random = seeds.flatMap((seed) => [
      randomText(seed, 32, HEX_DIGITS),
      randomText(seed, 20, BASE62),
      randomText(seed, 10, LOWER_CASE),
    ]);
    expect(share(random, (value) => placeholderReason(value) !== undefined)).toBeLessThan(0.005);
  });

  test('a password that people type is none', () => {
    for (const value of ['sunshine', 'Tr0ub4dor&3', 'pa55w0rd!Q', 'm{{h}o)p${e]nob(ody']) {
      expect(placeholderReason(value), value).toBeUndefined();
    }
  });
});

describe('references', () => {
  test.each([
    'op://vault/item/field',
    'vault:secret/data/db#password',
    'ssm:/prod/db/password',
    'arn:aws:secretsmanager:eu-west-1:1:secret:a',
    'projects/p/secrets/db/versions/1',
    'ENC[AES256_GCM,data:x]',
    'kms:alias',
    'file:/etc/pw',
    '/run/secrets/db_password',
    'encrypted:abc',
    'process.env.DB_PASSWORD',
    'os.environ["DB_PASSWORD"]',
    'System.getenv("PW")',
    "getenv('PW')",
    'config.get("password")',
    '{{resolve:secretsmanager:x}}',
    '@Microsoft.KeyVault(SecretUri=x)',
    'get_secret("db")',
  ])('%s points elsewhere', (value) => {
    expect(referenceReason(value)).toBeTypeOf('string');
  });

  test('random strings point nowhere', () => {
    const random = seeds.map((seed) => randomText(seed, 24, `${BASE62}!@#%^&*`));
    expect(share(random, (value) => referenceReason(value) !== undefined)).toBe(0);
  });
});

describe('identifiers', () => {
  test.each([
    'userName',
    'user_name',
    'access-token',
    'request.headers.token',
    'https://example.org/login',
    'src/lib/index.ts',
    '/etc/passwd',
    '@scope/package',
    '1.2.3',
    '2024-01-31',
    'application/json',
    '#ffcc00',
    '12px',
    'please enter your password',
    'Reset password',
    'someone@example.org',
    '10.0.0.1',
    'TOKEN_TYPE',
    'true',
  ])('%s is one when quoted', (value) => {
    expect(identifierReason(value)).toBeTypeOf('string');
  });

  test.each(['getPassword()', 'new Token', 'foo::bar', 'await fetchIt', 'Map<string, string>', 'a && b', 'items[0]'])(
    '%s is code when unquoted',
    (value) => {
      expect(identifierReason(value, false)).toBeTypeOf('string');
    },
  );

  test('random strings are none, and a URL with a password is none', () => {
    const random = seeds.flatMap((seed) => [randomText(seed, 24, BASE62), randomText(seed, 9, LOWER_CASE)]);
    expect(share(random, (value) => identifierReason(value) !== undefined)).toBeLessThan(0.01);
    expect(identifierReason(`https://joe:${randomText(1, 12, BASE62)}@db.internal/x`)).toBeUndefined();
  });
});

describe('digests', () => {
  const sha = randomText(5, 64, HEX_DIGITS);
  const uuid = `${randomText(1, 8, HEX_DIGITS)}-${randomText(2, 4, HEX_DIGITS)}-4${randomText(3, 3, HEX_DIGITS)}-a000-${randomText(4, 12, HEX_DIGITS)}`;

  test('hex of a digest is one under a name of one, not under the name of a secret', () => {
    expect(digestReason(sha, 'file_sha256')).toBe('a digest');
    expect(digestReason(sha)).toBe('a digest');
    expect(digestReason(sha, 'api_key')).toBeUndefined();
  });

  test('a UUID is an identifier under any name but those of secrets', () => {
    expect(isUuid(uuid)).toBe(true);
    expect(isUuid(`${uuid}0`)).toBe(false);
    expect(digestReason(uuid, 'request_uuid')).toBe('a UUID');
    expect(digestReason(uuid, 'token')).toBeUndefined();
  });

  test('integrity and password hashes are digests under every name', () => {
    expect(digestReason(`sha512-${randomText(6, 86, BASE62)}==`, 'secret')).toBe('an integrity hash');
    expect(digestReason(`$2b$10$${randomText(7, 53, BASE62)}`, 'password')).toBe('a password hash');
  });
});
