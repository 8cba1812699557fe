import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEY_MASK, MASK, redact, redactIn } from '../../src/findings/redact.ts';
import { createScrubber } from '../../src/findings/scrub.ts';
import { random, randomToken } from './sample.ts';

const WHOLE = { start: false, end: false };

/** Longest text that is part of both. */
const sharedLength = (text: string, secret: string): number => {
  for (let length = secret.length; length > 0; length--) {
    for (let at = 0; at + length <= secret.length; at++) {
      if (text.includes(secret.slice(at, at + length))) return length;
    }
  }
  return 0;
};

const token = fc.stringMatching(/^[A-Za-z0-9]{20,60}$/);

/** Text that shares no character with a token. */
const separator = fc.stringMatching(/^[ =:;"]{0,20}$/);

const pem = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('redact', () => {
  test("keeps an issuer's prefix of long secrets", () => {
    expect(redact(`acme_${random(40)}`)).toBe(`acme_${MASK}`);
    expect(redact(`${'sk'}-${'live'}-${random(60)}`)).toBe(`${'sk'}-${'live'}-${MASK}`);
    expect(redact(`${'GOC'}SPX-${random(40)}`)).toBe(`${'GOC'}SPX-${MASK}`);
  });

  test('keeps a shorter prefix when the whole one is more than a fifth', () => {
    expect(redact(`ab_live_${random(16)}`)).toBe(`ab_${MASK}`);
  });

  test('keeps nothing of short secrets, of random fronts and of words', () => {
    expect(redact(`acme_${random(10)}`)).toBe(MASK);
    expect(redact(`aB3x-${random(40)}`)).toBe(MASK);
    expect(redact('correct horse battery staple')).toBe(MASK);
    expect(redact('')).toBe(MASK);
  });

  test('names key material instead of showing it', () => {
    expect(redact(pem())).toBe(KEY_MASK);
  });

  test('never shows more than 8 characters or a fifth, and does not tell the length', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (secret) => {
        const shown = redact(secret);
        expect(shown === KEY_MASK || shown.endsWith(MASK)).toBe(true);
        const prefix = shown.endsWith(MASK) ? shown.slice(0, -MASK.length) : '';
        expect(secret.startsWith(prefix)).toBe(true);
        expect(prefix.length).toBeLessThanOrEqual(Math.min(8, secret.length / 5));
      }),
    );
  });
});

describe('redactIn', () => {
  test('hides every secret in a line, also one that stands twice', () => {
    const [first, second] = [randomToken(), random(12)];
    expect(redactIn(`a=${first}; b=${second}; c=${first}.`, [first, second], WHOLE)).toBe(
      `a=acme_${MASK}; b=${MASK}; c=acme_${MASK}.`,
    );
  });

  test('hides overlapping secrets as one', () => {
    const long = random(30);
    expect(redactIn(`<${long}>`, [long.slice(0, 20), long.slice(10)], WHOLE)).toBe(`<${MASK}>`);
  });

  test('leaves a line alone that holds none', () => {
    expect(redactIn('nothing here', [randomToken(), ''], WHOLE)).toBe('nothing here');
  });

  test('an excerpt cut anywhere shows no part of a secret', () => {
    fc.assert(
      fc.property(separator, token, separator, fc.nat(), fc.nat(), (before, secret, after, a, b) => {
        const line = before + secret + after;
        const [from, to] = [a % (line.length + 1), b % (line.length + 1)].sort((x, y) => x - y) as [number, number];
        expect(sharedLength(redactIn(line.slice(from, to), [secret]), secret)).toBe(0);
      }),
    );
  });

  test('hides the lines of a key, in its own lines or escaped into one', () => {
    const key = pem();
    const body = key.split('\n').filter((line) => line !== '' && !line.includes('-----'));
    expect(body.length).toBeGreaterThan(1);
    for (const text of [...key.split('\n'), JSON.stringify(key), key.replaceAll('\n', '\\n').slice(0, 120)]) {
      const shown = redactIn(text, [key]);
      for (const line of body) expect(sharedLength(shown, line)).toBeLessThan(4);
    }
  });
});

describe('createScrubber', () => {
  test('hides whatever plain search finds, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 5 }), fc.array(separator), (secrets, texts) => {
        const text = texts.flatMap((part, index) => [part, secrets[index % secrets.length]]).join('');
        const shown = createScrubber(secrets, 8)(text);
        for (const secret of secrets) expect(shown).not.toContain(secret);
        for (const part of texts) expect(shown).toContain(part);
      }),
    );
  });

  test('hides secrets that overlap each other whole', () => {
    const long = random(40);
    expect(createScrubber([long.slice(0, 25), long.slice(15)], 8)(`a ${long} b`)).toBe(`a ${MASK} b`);
    expect(createScrubber([long.slice(5, 20), long], 8)(`a ${long} b`)).toBe(`a ${MASK} b`);
  });

  test('leaves short secrets and texts without secrets as they are', () => {
    expect(createScrubber(['abc'], 8)('path/abc/file')).toBe('path/abc/file');
    expect(createScrubber([randomToken()], 8)('path/abc/file')).toBe('path/abc/file');
  });
});
