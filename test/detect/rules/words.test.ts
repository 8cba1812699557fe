import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldWord, searchWords, spellings } from '../../../src/detect/rules/words.ts';

describe('context words', () => {
  it('are compared without case and separators', () => {
    expect(foldWord('Acme_API-Key . x')).toBe('acmeapikeyx');
  });

  it('are written joined, with "_", "-" or ".", and never with a blank', () => {
    expect(spellings('Acme API')).toEqual(['acme_api', 'acme-api', 'acmeapi', 'acme.api']);
    expect(spellings('ACME')).toEqual(['acme']);
  });

  it('fold to the same in each of their spellings', () => {
    for (const word of ['acme_api_key', 'acme.token', 'a-b c']) {
      for (const spelling of spellings(word)) expect(foldWord(spelling)).toBe(foldWord(word));
    }
  });
});

describe('the words that are looked for', () => {
  it('leave out a word that holds another, which reaches further instead', () => {
    expect(searchWords(['acme', 'acme_api_key'])).toEqual([{ word: 'acme', further: '_api_key'.length }]);
  });

  it('keep the joined spelling of a word in which the shorter one does not stand by itself', () => {
    expect(searchWords(['my-acme.key', 'Acme Key'])).toEqual([
      { word: 'myacmekey', further: 0 },
      { word: 'Acme Key', further: 0 },
    ]);
    expect(searchWords(['acme', 'acme_hmac']).map(({ word }) => word)).toEqual(['acme', 'acmehmac']);
  });

  it('are all of them when none is among the parts of another', () => {
    expect(searchWords(['acme', 'acmex', 'xacme_key'])).toEqual([
      { word: 'acme', further: 0 },
      { word: 'acmex', further: 0 },
      { word: 'xacme_key', further: 0 },
    ]);
  });

  const part = fc.constantFrom('acme', 'api', 'key', 'cloud', 'io');
  const word = fc
    .array(part, { minLength: 1, maxLength: 4 })
    .chain((parts) => fc.constantFrom('_', '-', '.', ' ').map((separator) => parts.join(separator)));

  it('lose none: where a word stands in any spelling there is one that is looked for and reaches as far', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.nat(60), (words, within) => {
        const looked = searchWords(words);
        for (const written of words.flatMap(spellings)) {
          const lastByte = written.length + within;
          const reaches = looked.flatMap(({ word: kept, further }) =>
            spellings(kept).flatMap((spelling) => {
              const at = written.indexOf(spelling);
              return at < 0 ? [] : [at + spelling.length + within + further];
            }),
          );
          expect(Math.max(...reaches), `${written} of ${words.join()}`).toBeGreaterThanOrEqual(lastByte);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are words of the list or their joined spellings, each at most as often as there', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const looked = searchWords(words).map(({ word: kept }) => foldWord(kept));
        const folded = words.map(foldWord);
        expect(looked.filter((one) => !folded.includes(one))).toEqual([]);
        expect(looked.length).toBeLessThanOrEqual(words.length);
      }),
    );
  });
});
