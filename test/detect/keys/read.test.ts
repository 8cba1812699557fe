import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { der, derInteger, SEQUENCE } from '../../../src/detect/keys/der.ts';
import type { KeyExtraction } from '../../../src/detect/keys/key.ts';
import { readPrivateKey } from '../../../src/detect/keys/read.ts';
import { type GeneratedKey, generateKeys, spkiOf } from './generated.ts';
import { rewrap, WRAPPINGS } from './wrappings.ts';

const DASHES = '-'.repeat(5);
const BEGIN = `${DASHES}BEGIN `;
const END = `${DASHES}END `;
const header = (label: string): string => `${BEGIN}${label}${DASHES}`;
const footer = (label: string): string => `${END}${label}${DASHES}`;

function read(text: string, from = text.indexOf(BEGIN)): KeyExtraction {
  const result = readPrivateKey(text, from);
  if (result === undefined || 'refused' in result) throw new Error(`no key: ${JSON.stringify(result)}`);
  return result;
}

const endOf = (text: string): number => text.indexOf(DASHES, text.indexOf(END) + END.length) + DASHES.length;
const rsaLines = (): readonly string[] => keys[0]!.lines;

let keys: GeneratedKey[] = [];
beforeAll(() => {
  keys = generateKeys();
});

function expectWhole(key: GeneratedKey, text: string, context: string): void {
  const found = read(text);
  expect(found.identity, context).toBe(
    key.spki === undefined ? read(key.lines.join('\n')).identity : `spki:${key.spki}`,
  );
  const place = { start: text.indexOf(BEGIN), end: endOf(text) };
  expect(found, context).toMatchObject({
    ...place,
    grade: 'parsed',
    kind: key.kind,
    encrypted: key.spki === undefined,
  });
}

describe('a private key is read out of', () => {
  test.each(Object.keys(WRAPPINGS))('%s', (name) => {
    for (const key of keys) {
      expectWhole(key, `some text before\n${WRAPPINGS[name]!(key.lines)}\nand after\n`, `${key.name} in ${name}`);
    }
  });

  const LOGS = [
    'GitHub Actions log',
    'GitLab log',
    'compose log',
    'compose log, plain name',
    'container runtime log',
    'bracketed times',
    'BuildKit log',
    'hash comments',
    'an added diff',
    'a shell heredoc, indented',
    'a quoted mail',
  ];
  test('a log of any of these, with lines of any width', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...Object.keys(WRAPPINGS)),
        fc.constantFrom('none', ...LOGS),
        fc.constantFrom(0, 40, 48, 65, 70, 76, 200),
        fc.constantFrom('', '2026 was a year\n', 'KEY=1\r\n'),
        (pick, inner, outer, width, before) => {
          const key = keys[pick % keys.length]!;
          const plain = key.lines.some((line) => line.includes(': '));
          const lines = width === 0 || plain ? key.lines : rewrap(key.lines, width);
          const text = WRAPPINGS[inner]!(lines);
          const logged = outer === 'none' ? text : WRAPPINGS[outer]!(text.split('\n'));
          expectWhole(key, `${before}${logged}\nafter: it`, `${key.name} in ${inner} in ${outer}, width ${width}`);
        },
      ),
      { numRuns: 800 },
    );
  });

  test('JSON that was logged line by line by a build in a build', () => {
    const lines = rsaLines().map((line, index) => `#7 0.${100 + index} ${line}`);
    expectWhole(keys[0]!, `{"log": "some words\\r\\n${lines.join('\\r\\n')}\\r\\nmore"}`, 'log in JSON');
  });

  test('a text whose last dashes are missing', () => {
    const text = rsaLines().join('\n').slice(0, -3);
    expect(read(text)).toMatchObject({ grade: 'parsed', end: text.length });
  });
});

describe('two keys in one text', () => {
  test('are two readings that do not touch', () => {
    const text = `${rsaLines().join('\n')}\n${keys[2]!.lines.join('\n')}\n`;
    const first = read(text, 0);
    const second = read(text, text.indexOf(BEGIN, 1));
    expect(first.identity).toBe(`spki:${keys[0]!.spki}`);
    expect(second.identity).toBe(`spki:${keys[2]!.spki}`);
    expect(first.end).toBeLessThan(second.start);
  });

  test('stay apart when the first one lost its END', () => {
    const text = `${rsaLines().slice(0, 8).join('\n')}\n${keys[2]!.lines.join('\n')}\n`;
    expect(read(text, 0)).toMatchObject({ grade: 'truncated', kind: 'RSA' });
    expect(read(text, 0).end).toBe(rsaLines().slice(0, 8).join('\n').length);
    expect(read(text, text.indexOf(BEGIN, 1)).identity).toBe(`spki:${keys[2]!.spki}`);
  });

  test('of which the END belongs to another label', () => {
    const text = [...rsaLines().slice(0, -1), footer('PRIVATE KEY')].join('\n');
    expect(read(text)).toMatchObject({ grade: 'parsed', identity: `spki:${keys[0]!.spki}` });
    expect(read(text).end).toBe(text.indexOf(`\n${END}`));
  });
});

describe('a key without its END', () => {
  test.each([
    '\nand prose goes on here, for a while\nand on\n',
    '\n\nNEXT=abcdefghijklmnopqrst\n',
    '"}, {"a": "b"}',
    '',
  ])('is whole when its structure is: %j', (after) => {
    for (const key of keys.filter(({ spki }) => spki !== undefined)) {
      const body = key.lines.slice(0, -1).join('\n');
      const found = read(`${body}${after}`);
      expect(found, key.name).toMatchObject({ grade: 'parsed', identity: `spki:${key.spki}`, end: body.length });
    }
  });

  test('is whole inside a JSON string too, and ends with its last character', () => {
    const text = `{"key": "${rsaLines().slice(0, -1).join('\\n')}", "next": "abcdefghijklmnopqrst"}`;
    expect(read(text)).toMatchObject({ grade: 'parsed', end: text.indexOf('", "next"') });
  });

  test('is truncated wherever it is cut, or refused when too little is left', () => {
    const text = rsaLines().slice(0, -1).join('\n');
    fc.assert(
      fc.property(fc.integer({ min: header('RSA PRIVATE KEY').length, max: text.length - 4 }), (cut) => {
        const result = readPrivateKey(text.slice(0, cut), 0)!;
        if ('refused' in result) expect(cut).toBeLessThan(header('RSA PRIVATE KEY').length + 70);
        else expect(result).toMatchObject({ start: 0, grade: 'truncated', kind: 'RSA', encrypted: false });
      }),
    );
  });

  test('tells its algorithm from its front', () => {
    const pkcs8 = keys.find(({ name }) => name === 'RSA in PKCS#8')!;
    expect(read(pkcs8.lines.slice(0, 6).join('\n'))).toMatchObject({ grade: 'truncated', kind: 'RSA' });
    expect(read(rsaLines().slice(0, 6).join('\n')).details).toMatchObject({ bits: '2048' });
  });

  test('is cut off in a log too, and the lines after it are left out', () => {
    const cut = WRAPPINGS['GitHub Actions log']!(rsaLines().slice(0, 9));
    const text = `${cut}\n2026-06-20T09:28:00.0000000Z Error: process completed with exit code 1\n`;
    expect(read(text)).toMatchObject({ grade: 'truncated', end: cut.length });
  });

  test('is given up after 64 KiB', () => {
    const rows = Array.from({ length: 3000 }, () => randomBytes(48).toString('base64'));
    const found = read([header('RSA PRIVATE KEY'), ...rows, footer('RSA PRIVATE KEY')].join('\n'));
    expect(found.grade).toBe('truncated');
    expect(found.end).toBeLessThanOrEqual(65_536);
    expect(found.reasons.join()).toContain('64 KiB');
  });
});

describe('a header is refused when', () => {
  const label = 'RSA PRIVATE KEY';
  const rows = (count: number, row: string): string[] => Array.from({ length: count }, () => row);
  test.each<[string, string]>([
    ['it stands in code', `if (text.startsWith('${header(label)}')) return parse(text.replace(/[a-z]+/g, ''));\n`],
    ['header and END stand side by side in a table', `"${header(label)}\\0${footer(label)}\\0"`],
    ['constants are declared', `const A = '${header(label)}';\nconst B = '${footer(label)}';\n`],
    ['a sentence quotes it', `The line ${header(label)} opens a key and is followed by many lines of text as you know`],
    ['dots stand for the body', `${header(label)}\n...\n${footer(label)}`],
    ['the body is elided', `${header(label)}\nMIIEpAIBAAKCAQEA...\n${footer(label)}`],
    ['x stand for the body', [header(label), ...rows(8, 'x'.repeat(64)), footer(label)].join('\n')],
    [
      'one row repeats',
      [header(label), ...rows(8, 'abcdefghijklmnop0123456789ABCDEF'.repeat(2)), footer(label)].join('\n'),
    ],
    ['the body is masked', [header(label), ...rows(3, '***'), footer(label)].join('\n')],
    ['a variable stands for the body', `${header(label)}\n\${PRIVATE_KEY_BODY}\n${footer(label)}`],
    [
      'words stand for the body',
      `${header(label)}\n<insert the private key of your own server here>\n${footer(label)}`,
    ],
    [
      'prose stands for the body',
      `${header(label)}\n${'put the key of your server right here '.repeat(6)}\n${footer(label)}`,
    ],
    ['the body is too short', `${header(label)}\n${'MIIEowIBAAKCAQEA'}\n${footer(label)}`],
    ['nothing follows', header(label)],
  ])('%s', (_, text) => {
    const result = readPrivateKey(text, text.indexOf(BEGIN));
    expect(result).toMatchObject({ start: text.indexOf(BEGIN), refused: expect.any(String) });
  });

  test('its body is cut by hand with dots', () => {
    const text = [...rsaLines().slice(0, 5), '...', ...rsaLines().slice(-3)].join('\n');
    expect(readPrivateKey(text, 0)).toMatchObject({ refused: 'the body is elided', end: text.length });
  });
});

describe('what is no private key', () => {
  test.each([
    'CERTIFICATE',
    'PUBLIC KEY',
    'RSA PUBLIC KEY',
    'PGP MESSAGE',
    'PGP PUBLIC KEY BLOCK',
    'EC PARAMETERS',
    'private key',
  ])('is not read: %s', (label) => {
    const body = randomBytes(96).toString('base64');
    expect(readPrivateKey(`${header(label)}\n${body}\n${footer(label)}`, 0)).toBeUndefined();
  });

  test('is not read where no header stands', () => {
    expect(readPrivateKey('no header', 0)).toBeUndefined();
    expect(readPrivateKey(BEGIN, 0)).toBeUndefined();
  });
});

describe('bodies that are no whole key', () => {
  test('are of the shape of one when they are random base64', () => {
    const rows = Array.from({ length: 12 }, () => randomBytes(48).toString('base64'));
    const text = [header('PRIVATE KEY'), ...rows, footer('PRIVATE KEY')].join('\n');
    expect(read(text)).toMatchObject({ grade: 'shape', kind: 'PKCS#8', encrypted: false, end: text.length });
    expect(read(text).identity).toMatch(/^key:[0-9a-f]{64}$/);
  });

  test('are of the shape of one when the numbers do not make a key', () => {
    const numbers = Array.from({ length: 8 }, () => derInteger(randomBytes(64)));
    const body = der(SEQUENCE, derInteger(Buffer.alloc(1)), ...numbers).toString('base64');
    const text = [header('RSA PRIVATE KEY'), ...body.match(/.{1,64}/g)!, footer('RSA PRIVATE KEY')].join('\n');
    expect(read(text)).toMatchObject({ grade: 'shape', kind: 'RSA' });
  });

  test('never make the reader throw or leave the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\n', '\\n', '\\', '&#', '<br', '"', '+', '=', ': ', '|', END, BEGIN, 'Proc-Type: 4,ENCRYPTED\n'),
      fc.uint8Array({ minLength: 3, maxLength: 90 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('RSA ', 'EC ', 'OPENSSH ', '', 'ENCRYPTED '),
        fc.array(piece, { maxLength: 20 }),
        (name, pieces) => {
          const text = Buffer.from(header(`${name}PRIVATE KEY`) + pieces.join(''), 'utf8').toString('latin1');
          const result = readPrivateKey(text, 0)!;
          expect(result.start).toBe(0);
          expect(result.end).toBeGreaterThan(0);
          expect(result.end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('special encodings', () => {
  test("OpenSSL's own form of DSA keys has the identity of the PKCS#8 form", () => {
    const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    const text = traditionalDsa(
      privateKey.export({ format: 'der', type: 'pkcs8' }),
      publicKey.export({ format: 'der', type: 'spki' }),
    );
    expect(read(text)).toMatchObject({ grade: 'parsed', kind: 'DSA', identity: `spki:${spkiOf(privateKey)}` });
    expect(spkiOf(createPrivateKey(text))).toBe(spkiOf(privateKey));
  });

  test('an EC key with a compressed point has the identity of the uncompressed one', () => {
    const ecdh = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const { d, x, y } = ecdh.export({ format: 'jwk' });
    const sign = Buffer.from(y!, 'base64url').at(-1)! & 1;
    const point = Buffer.concat([Buffer.from([2 + sign]), Buffer.from(x!, 'base64url')]);
    const curve = Buffer.from('06082a8648ce3d030107', 'hex');
    const body = der(
      SEQUENCE,
      derInteger(Buffer.from([1])),
      der(4, Buffer.from(d!, 'base64url')),
      der(0xa0, curve),
      der(0xa1, der(3, Buffer.alloc(1), point)),
    );
    const text = [
      header('EC PRIVATE KEY'),
      ...body.toString('base64').match(/.{1,64}/g)!,
      footer('EC PRIVATE KEY'),
    ].join('\n');
    expect(read(text)).toMatchObject({ grade: 'parsed', identity: `spki:${spkiOf(ecdh)}` });
  });

  test('an EC key under its parameters is read', () => {
    const parameters = [header('EC PARAMETERS'), 'BggqhkjOPQMBBw==', footer('EC PARAMETERS')].join('\n');
    const text = `${parameters}\n${keys[2]!.lines.join('\n')}`;
    expect(readPrivateKey(text, 0)).toBeUndefined();
    expect(read(text, text.indexOf(BEGIN, 1)).identity).toBe(`spki:${keys[2]!.spki}`);
  });

  test('an encrypted key names its cipher', () => {
    const locked = keys.find(({ name }) => name === 'RSA in encrypted PKCS#1')!;
    expect(read(locked.lines.join('\n')).details).toMatchObject({ type: 'RSA', cipher: 'AES-128-CBC' });
  });
});

/** Rebuilds `SEQUENCE { 0, p, q, g, y, x }` from the standard encodings. */
function traditionalDsa(pkcs8: Buffer, spki: Buffer): string {
  const numbers = (bytes: Buffer): Buffer[] => {
    const found: Buffer[] = [];
    const walk = (part: Buffer): void => {
      for (let at = 0; at + 2 <= part.length; ) {
        const long = part[at + 1]! & 0x80 ? part[at + 1]! & 0x7f : 0;
        const length = long > 0 ? part.readUIntBE(at + 2, long) : part[at + 1]!;
        const content = part.subarray(at + 2 + long, at + 2 + long + length);
        if (part[at] === 2) found.push(content);
        else if (part[at] === 0x30 || part[at] === 4) walk(content);
        else if (part[at] === 3) walk(content.subarray(1));
        at += 2 + long + length;
      }
    };
    walk(bytes);
    return found;
  };
  const [version, p, q, g, x] = numbers(pkcs8);
  const y = numbers(spki).at(-1);
  const body = der(SEQUENCE, ...[version, p, q, g, y, x].map((number) => derInteger(number!)));
  const label = 'DSA PRIVATE KEY';
  return [header(label), ...body.toString('base64').match(/.{1,64}/g)!, footer(label)].join('\n');
}
