import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../../src/detect/checks/index.ts';
import { CRC_TOKENS, changeAt, crcHex, random } from './tokens.ts';

const check = (name: string, secret: string) => checkNamed(name)!(secret);

describe('a token that closes with a CRC-32', () => {
  test.each(Object.entries(CRC_TOKENS))('of %s is valid, and invalid with any character changed', (_, [name, make]) => {
    for (let round = 0; round < 20; round++) {
      const token = make();
      expect(check(name, token)).toMatchObject({ proof: 'valid', reason: 'its CRC-32 checksum is right' });
      expect(check(name, changeAt(token, -12)).proof).toBe('invalid');
      expect(check(name, changeAt(token, -1)).proof).toBe('invalid');
    }
  });

  test.each(Object.entries(CRC_TOKENS))('of %s says nothing about another form', (_, [name, make]) => {
    const token = make();
    for (const other of ['', token.slice(0, 10), `${token}!`, 'ü'.repeat(60)]) {
      expect(check(name, other)).toEqual({ proof: 'not applicable' });
    }
  });
});

describe('what each family adds', () => {
  test('GitLab tells whom the token belongs to, decoded from base36', () => {
    const token = CRC_TOKENS['GitLab routable']![1]();
    expect(check('gitlab-routable', token).details).toEqual({ organization: '1', user: String(parseInt('5z', 36)) });
  });

  test('GitLab tokens without a version are not checked', () => {
    expect(check('gitlab-routable', `${'gl' + 'pat-'}${random(40)}.11${random(7, 'abc')}`).proof).toBe(
      'not applicable',
    );
  });

  test('SaladCloud keys of other lengths are not judged', () => {
    expect(check('crc32-base62-tail', `salad_cloud_user_${random(60)}`).proof).toBe('not applicable');
  });

  test('Cloudflare is confirmed when the sum fits and never refuted', () => {
    const body = random(40);
    const token = `${'cf' + 'ut_'}${body}${crcHex(body)}`;
    expect(check('cloudflare-crc32', token).proof).toBe('valid');
    expect(check('cloudflare-crc32', changeAt(token, 12)).proof).toBe('not applicable');
  });
});
