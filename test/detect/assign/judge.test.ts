import { describe, expect, test } from 'vitest';
import { judgeAssignment } from '../../../src/detect/assign/judge.ts';
import * as words from '../../../src/detect/assign/name-words.ts';
import { ASSIGNMENT_ANCHORS, judgeName } from '../../../src/detect/assign/secret-name.ts';
import { BASE62, HEX_DIGITS, LOWER_CASE, randomText } from '../judge/random.ts';
import { findAssignments } from './find.ts';

const strong = randomText(11, 24, BASE62);
const typed = `${randomText(12, 5, LOWER_CASE)}@${randomText(13, 3, '0123456789')}!X`;

/** The best confidence that any assignment on a line gets, or why the last one was dropped. */
function verdict(line: string): string {
  let reason = 'nothing read';
  for (const found of findAssignments(line)) {
    const latin1 = Buffer.from(line, 'utf8').toString('latin1');
    const judged = judgeAssignment(
      found,
      latin1.slice(0, found.nameStart),
      latin1.slice(found.valueEnd + (found.quoted ? 1 : 0)),
    );
    if (judged.keep) return judged.confidence;
    reason = judged.reason;
  }
  return reason;
}

describe('names of secrets', () => {
  test.each([
    ['password', 'password'],
    ['DB_PASSWORD', 'password'],
    ['spring.datasource.password', 'password'],
    ['userPasswd', 'password'],
    ['db_pwd', 'password'],
    ['keystorePass', 'password'],
    ['passphrase', 'password'],
    ['new_password_confirmation', 'password'],
    ['client_secret', 'secret'],
    ['AWS_SECRET_ACCESS_KEY', 'key'],
    ['secretKey', 'secret'],
    ['access_token', 'token'],
    ['apiKey', 'key'],
    ['x-api-key', 'key'],
    ['encryption.key', 'key'],
    ['credentials', 'auth'],
    ['Passwort', 'password'],
    ['mot_de_passe', 'password'],
    ['senha', 'password'],
    ['clave', 'password'],
    ['key', 'vague'],
    ['api_key_billing', 'vague'],
  ])('%s says %s', (name, kind) => {
    expect(judgeName(name)).toEqual({ kind });
  });

  test('a Spanish name in UTF-8 says password', () => {
    expect(judgeName(Buffer.from('contraseña', 'utf8').toString('latin1'))).toEqual({ kind: 'password' });
  });

  test.each([
    'token_type',
    'tokenizer',
    'password_field',
    'password_reset_url',
    'secret_name',
    'key_id',
    'max_tokens',
    'public_key',
    'csrf_token',
    'password_length',
    'secret_path',
    'token_file',
    'next_token',
    'primary_key',
    'cache_key',
    'bypass',
    'compass',
    'monkey',
    'author',
    'encrypted_password',
    'passed',
    'keyboard',
    'PWD',
    'auth_host',
    'sort_key',
  ])('%s names no secret', (name) => {
    expect(judgeName(name)).toHaveProperty('refused');
  });

  test('every keyword of a name is found by an anchor', () => {
    for (const list of [words.PASSWORD, words.SECRET, words.TOKEN, words.KEY, words.AUTH]) {
      for (const word of list) {
        const plain = word === 'contrasena' || word === 'contrasenia' ? 'contraseña' : word;
        expect(
          ASSIGNMENT_ANCHORS.some((anchor) => plain.includes(anchor)),
          word,
        ).toBe(true);
      }
    }
  });
});

describe('judging assignments', () => {
  test.each([
    `DB_PASSWORD=${strong}`,
    `DB_PASSWORD=${typed}`,
    `password: ${typed}`,
    `  "client_secret": "${strong}",`,
    `const apiKey = '${strong}';`,
    `<password>${typed}</password>`,
    `mysql --password=${typed}`,
    `AUTH_TOKEN=${randomText(14, 40, HEX_DIGITS)}`,
    `jwt.secret=${randomText(15, 40, BASE62)}`,
    `user.setPassword("${typed}");`,
    `"key": "${randomText(16, 40, BASE62)}"`,
  ])('a strong value under a secret’s name is kept with medium confidence (%#)', (line) => {
    expect(verdict(line)).toBe('medium');
  });

  test('a word under the name of a password is kept with low confidence, under other names not at all', () => {
    expect(verdict('password = "sunshine"')).toBe('low');
    expect(verdict('DB_PASSWORD=sunshine')).toBe('low');
    expect(verdict('token = "sunshine"')).toBe('a word');
    expect(verdict('password = sunshine;')).toBe('a name in code');
  });

  test.each([
    'password = getPassword()',
    'password = user.password',
    'token: process.env.TOKEN',
    'PASSWORD=${DB_PASSWORD}',
    'PASSWORD=changeme',
    'password: "your-password-here"',
    'token_type: "bearer"',
    'PASSWORD_FILE=/run/secrets/db',
    'password: string',
    'let token = await login()',
    '"password": "Enter your password"',
    '"LABEL_PASSWORD": "Пароль"',
    'secret: ENC[AES256_GCM,data:abcdef123456]',
    'password = None',
    'api_key = os.environ["API_KEY"]',
    "type='password'",
    'key: "user.name"',
    'DB_PASSWORD=db_password',
    'max_tokens: 4096',
    'token = tokens[0]',
    '<input name="password" type="password" placeholder="Password">',
    'password="abc"',
  ])('%s gives nothing away', (line) => {
    expect(['low', 'medium', 'high']).not.toContain(verdict(line));
  });

  test('nothing generic is ever of high confidence, and every drop has a reason without the value', () => {
    for (let seed = 1; seed < 200; seed++) {
      const value = randomText(seed, 4 + (seed % 40), `${BASE62}!@#$%^&*./-_`);
      const [found] = findAssignments(`SECRET_KEY="${value}"`);
      if (found === undefined) continue;
      const judged = judgeAssignment(found, '', '');
      expect(judged.score).toBeTypeOf('number');
      if (judged.keep) expect(judged.confidence).not.toBe('high');
      else expect(judged.reason).not.toContain(value);
    }
  });

  test('nearly every random secret in a configuration file is kept', () => {
    let kept = 0;
    for (let seed = 1; seed <= 500; seed++)
      kept += Number(verdict(`API_SECRET=${randomText(seed, 32, BASE62)}`) === 'medium');
    expect(kept).toBeGreaterThanOrEqual(495);
  });
});
