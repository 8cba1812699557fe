import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readComparisons } from '../../../src/detect/assign/comparison.ts';
import { readAssignments } from '../../../src/detect/assign/read.ts';
import { findAssignments } from './find.ts';

/** Q stands for the value. */
const V = 'q7W!e';
const one = (text: string) => {
  const all = findAssignments(text.replaceAll('VALUE', V));
  const first = all.find((found) => found.value === V) ?? all[0];
  return first === undefined ? undefined : `${first.name} ${first.style} ${first.value}`;
};

describe('reading an assignment around a keyword', () => {
  test.each([
    ['PASSWORD=VALUE', 'PASSWORD dotenv'],
    ['export DB_PASSWORD=VALUE', 'DB_PASSWORD dotenv'],
    ['export DB_PASSWORD="VALUE"', 'DB_PASSWORD code'],
    ['  db.password = VALUE', 'db.password code'],
    ['password: VALUE', 'password yaml'],
    ['password: VALUE # comment', 'password yaml'],
    ['- password: "VALUE"', 'password yaml'],
    ['{"password": "VALUE"}', 'password json'],
    ['{\\"password\\": \\"VALUE\\"}', 'password json'],
    ["'password' => 'VALUE',", 'password json'],
    ["config['db']['password'] = 'VALUE'", 'password json'],
    ['const dbPassword = "VALUE";', 'dbPassword code'],
    ['password := `VALUE`', 'password code'],
    ['val password: String = "VALUE"', 'password code'],
    ['def f(password: str = "VALUE"):', 'password code'],
    ['char password[16] = "VALUE";', 'password code'],
    ['password = b"VALUE"', 'password code'],
    ['password = @"VALUE";', 'password code'],
    ['Password: aws.String("VALUE"),', 'Password code'],
    ['user.setPassword("VALUE");', 'user.setPassword call'],
    ['props.put("password", "VALUE")', 'password call'],
    ["define('DB_PASSWORD', 'VALUE');", 'DB_PASSWORD call'],
    ['getenv("DB_PASSWORD", "VALUE")', 'DB_PASSWORD call'],
    ['process.env.DB_PASSWORD || "VALUE"', 'process.env.DB_PASSWORD default'],
    ['${DB_PASSWORD:-VALUE}', 'DB_PASSWORD default'],
    ['<password>VALUE</password>', 'password xml'],
    ['<password type="x">VALUE</password>', 'password xml'],
    ['<c:password><![CDATA[VALUE]]></c:password>', 'password xml'],
    ['<property name="password" value="VALUE"/>', 'password json'],
    ["{ key: 'password', value: 'VALUE' }", 'password json'],
    ['mysql --password=VALUE -u root', 'password flag'],
    ['gpg --passphrase VALUE --output x', 'passphrase flag'],
    ['Connect-It -Password "VALUE" -Name x', 'Password flag'],
    ["CREATE USER x WITH PASSWORD 'VALUE';", 'PASSWORD spaced'],
    ["CREATE USER x IDENTIFIED BY 'VALUE';", 'IDENTIFIED spaced'],
    ['machine h login joe password VALUE', 'password spaced'],
    ['https://h/x?token=VALUE&b=1', 'token query'],
    ['Authorization: Bearer VALUE', 'Authorization yaml'],
    ['<a b="http://h?token=&quot;VALUE&quot;">', 'token code'],
    ['- name: DB_PASSWORD\n  value: VALUE', 'DB_PASSWORD yaml'],
  ])('%s', (text, expected) => {
    expect(one(text)).toBe(`${expected} ${V}`);
  });

  test('a dotenv value may hold any character', () => {
    const value = 'a!b@c#d$e%f^g&h*i(j)k';
    expect(findAssignments(`DB_PASSWORD=${value}\nNEXT=1`)[0]?.value).toBe(value);
  });

  test('escaped quotes do not end a literal', () => {
    expect(findAssignments('password = "a\\"b\\\\"; x')[0]?.value).toBe('a\\"b\\\\');
  });

  test('an empty value never takes the next line', () => {
    expect(findAssignments('PASSWORD=\nNEXT=1')).toEqual([]);
    expect(findAssignments('password:\n  next: 1')).toEqual([]);
    expect(findAssignments('password: ""')).toEqual([]);
  });

  test.each([
    'if (password == "VALUE")',
    'password != "VALUE"',
    'password =~ /x/',
    'Token::VALUE',
    'a token',
    '// the password',
  ])('assigns nothing: %s', (text) => {
    expect(one(text)).toBeUndefined();
  });

  test('comparisons are read apart', () => {
    const read = (text: string) => findAssignments(text.replaceAll('VALUE', V), readComparisons)[0]?.value;
    expect(read('if (password == "VALUE")')).toBe(V);
    expect(read("if (req.body.password === 'VALUE')")).toBe(V);
    expect(read('if ("VALUE" == password)')).toBe(V);
    expect(read('password = "VALUE"')).toBeUndefined();
    expect(read('if (password == other)')).toBeUndefined();
  });

  test('names in UTF-8 are read whole', () => {
    const [found] = findAssignments(`contraseña = "${V}"`);
    expect(Buffer.from(found?.name ?? '', 'latin1').toString('utf8')).toBe('contraseña');
  });

  test('a scheme without a credential behind it is no value', () => {
    expect(findAssignments('password&quot;:token )')).toEqual([]);
  });

  test('offsets always point at the value and the name, whatever the text', () => {
    const piece = fc.constantFrom(
      'password',
      'token',
      'Key',
      '=',
      ':',
      ' ',
      '"',
      "'",
      '\\',
      '\n',
      '(',
      ')',
      '<',
      '>',
      ',',
      '${',
      '}',
      '&quot;',
      'abc',
      '12',
      '--',
      '[',
      ']',
      '`',
      '\xe9',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        for (const read of [readAssignments, readComparisons]) {
          for (const match of text.matchAll(/password|token|key/gi)) {
            for (const found of read(text, match.index, match.index + match[0].length)) {
              expect(text.slice(found.valueStart, found.valueEnd)).toBe(found.value);
              expect(text.slice(found.nameStart, found.nameEnd)).toBe(found.name);
              expect(found.value).not.toBe('');
              expect(found.value).not.toMatch(/[\n\r]/);
              expect(found.name.toLowerCase()).toContain(match[0].toLowerCase());
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
