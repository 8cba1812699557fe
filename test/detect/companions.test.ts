import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/detect/detector.ts';
import type { RuleSource } from '../../src/detect/rules/rule.ts';
import { createItemScanner } from '../../src/scan/item-scanner.ts';
import { detectIn, detectorOn, ruleSetOf, ruleSource } from '../support/detector.ts';
import { between, HEX, mixedText, pick, prose, type Random, randomText, seeded } from '../support/random.ts';

const ID = ruleSource({
  id: 'acme-id',
  name: 'Acme key id',
  kind: 'id',
  shape: "'acid_' hex{16}",
  pair: 'acme-secret',
});
const SECRET = ruleSource({
  id: 'acme-secret',
  shape: 'base62{40}',
  context: ['acme'],
  confidence: 'low',
  needs: ['digit', 'upper', 'lower'],
  pair: 'acme-id',
});
const withRules = (...rules: RuleSource[]) => detectorOn(ruleSetOf(...rules));
const acme = withRules(ID, SECRET);

const random = seeded(41);
const newId = (from: Random = random) => `acid_${randomText(from, 16, HEX)}`;
const newSecret = (from: Random = random) => mixedText(from, 40);

const scanned = (text: string, detector: Detector, zone?: number) =>
  createItemScanner(detector, zone === undefined ? {} : { zone }).scan(Buffer.from(text)).matches;

/** The secrets that a scan reports, each with the rule and value of its companion. */
const reported = (text: string, detector = acme): unknown[] =>
  scanned(text, detector).map(({ ruleId, secret, confidence, companion }) => ({
    ruleId,
    secret,
    confidence,
    companion: companion && { ruleId: companion.ruleId, secret: companion.secret },
  }));

describe('an id and its secret', () => {
  it('near each other are one finding, in either order', () => {
    const [id, secret] = [newId(), newSecret()];
    const finding = {
      ruleId: 'acme-secret',
      secret,
      confidence: 'high',
      companion: { ruleId: 'acme-id', secret: id },
    };
    expect(reported(`ACME_ID=${id}\nACME_SECRET=${secret}\n`)).toEqual([finding]);
    expect(reported(`ACME_SECRET=${secret}\nACME_ID=${id}\n`)).toEqual([finding]);
  });

  it('are joined by the detector, which marks the id', () => {
    const { matches } = detectIn(acme, `ACME_ID=${newId()}\nACME_SECRET=${newSecret()}\n`);
    expect(matches.map(({ ruleId, partOf }) => [ruleId, partOf])).toEqual([
      ['acme-id', 'acme-secret'],
      ['acme-secret', undefined],
    ]);
    expect(matches[1]!.reasons).toContain('its companion stands near (Acme key id)');
  });

  it('are joined up to 512 bytes away, and two findings beyond', () => {
    const gapOf = (size: number) => `\n${'#'.repeat(size - 2 - 'ACME_SECRET='.length)}\nACME_SECRET=`;
    for (const [gap, count] of [
      [512, 1],
      [513, 2],
    ] as const)
      expect(reported(newId() + gapOf(gap) + newSecret()), `${gap} bytes`).toHaveLength(count);
  });

  it('belong together by nearness when there are several', () => {
    const pairs = Array.from({ length: 3 }, () => ({ id: newId(), secret: newSecret() }));
    const text = pairs
      .map(({ id, secret }) => `[acme]\nid = ${id}\nacme_secret = ${secret}\n${'-'.repeat(90)}\n`)
      .join('');
    expect(reported(text)).toMatchObject(
      pairs.map(({ id, secret }) => ({ secret, companion: { ruleId: 'acme-id', secret: id } })),
    );
  });

  it('are related when only the id names the secret, too', () => {
    const { pair: _, ...alone } = SECRET;
    const [id, secret] = [newId(), newSecret()];
    expect(reported(`${id} acme_key=${secret}`, withRules(ID, alone))).toMatchObject([
      { secret, companion: { secret: id } },
    ]);
  });

  it('stay apart when neither names the other', () => {
    const { pair: _, ...id } = ID;
    const { pair: __, ...secret } = SECRET;
    expect(reported(`${newId()} acme_key=${newSecret()}`, withRules(id, secret))).toHaveLength(2);
  });

  it('two secrets that name each other are two findings', () => {
    const one = ruleSource({ id: 'one', shape: "'one_' base62{20}", pair: 'two' });
    const two = ruleSource({ id: 'two', shape: "'two_' base62{20}", pair: 'one' });
    const text = `one_${mixedText(random, 20)} two_${mixedText(random, 20)}`;
    expect(reported(text, withRules(one, two))).toMatchObject([{ companion: undefined }, { companion: undefined }]);
  });
});

describe('an id alone', () => {
  it('is a finding of its own', () => {
    const id = newId();
    expect(reported(`ACME_ID=${id}\n`)).toEqual([
      { ruleId: 'acme-id', secret: id, confidence: 'high', companion: undefined },
    ]);
  });
});

describe('a secret right behind its id', () => {
  it.each([
    ['in a table', 'ID,SECRET\n'],
    ['on the next line', 'ID\nSECRET\n'],
    ['two lines below', 'id: ID\nregion: eu\nvalue: "SECRET"\n'],
    ['in a call', 'connect("ID", "SECRET")\n'],
  ])('needs no word: %s', (_, template) => {
    const [id, secret] = [newId(), newSecret()];
    expect(reported(template.replace('ID', id).replace('SECRET', secret))).toEqual([
      { ruleId: 'acme-secret', secret, confidence: 'high', companion: { ruleId: 'acme-id', secret: id } },
    ]);
  });

  it.each([
    ['before it', 'SECRET,ID\n'],
    ['three lines below', 'ID\na\nb\nSECRET\n'],
    ['more than 160 bytes behind', `ID${' '.repeat(161)}SECRET\n`],
    ['glued to something', 'ID,xSECRET\n'],
  ])('is not found %s', (_, template) => {
    const text = template.replace('ID', newId()).replace('SECRET', newSecret());
    expect(reported(text)).toMatchObject([{ ruleId: 'acme-id' }]);
  });

  it('is not looked for behind an id that is no unmistakable one', () => {
    const common = withRules({ ...ID, confidence: 'medium' }, SECRET);
    expect(reported(`${newId()},${newSecret()}`, common)).toMatchObject([{ ruleId: 'acme-id' }]);
  });

  it('is not looked for when its rule is switched off', () => {
    const off = detectorOn(ruleSetOf(ID, SECRET), ({ facts }) => facts.id !== 'acme-secret');
    expect(reported(`${newId()},${newSecret()}`, off)).toMatchObject([{ ruleId: 'acme-id' }]);
  });
});

describe('an id whose rule is asleep', () => {
  const asleep = withRules({ ...ID, optional: true }, SECRET);

  it('is found beside its secret', () => {
    const [id, secret] = [newId(), newSecret()];
    for (const text of [`id=${id}\nacme_key=${secret}`, `acme_key=${secret}\nid=${id}`])
      expect(reported(text, asleep)).toMatchObject([{ secret, companion: { ruleId: 'acme-id', secret: id } }]);
  });

  it('is not found alone, nor too far off', () => {
    expect(reported(`ACME_ID=${newId()}\n`, asleep)).toEqual([]);
    const far = `${newId()}\n${'#'.repeat(600)}\nacme_key=${newSecret()}`;
    expect(reported(far, asleep)).toMatchObject([{ ruleId: 'acme-secret', companion: undefined }]);
  });

  it('of a common form has to be given to something that says it', () => {
    const common = ruleSource({ ...ID, shape: 'hex{24}', context: ['acme_account'], optional: true });
    const detector = withRules(common, SECRET);
    const id = randomText(random, 24, HEX);
    expect(reported(`acme_account: ${id}\nacme_key=${newSecret()}`, detector)).toMatchObject([
      { companion: { secret: id } },
    ]);
    expect(reported(`acme_account is not ${id}\nacme_key=${newSecret()}`, detector)).toMatchObject([
      { companion: undefined },
    ]);
  });
});

describe('companions across borders of zones', () => {
  /** Ids and secrets near and far from each other, with prose between. */
  const text = (seed: number): string => {
    const from = seeded(seed);
    return Array.from({ length: between(from, 4, 14) }, () => {
      const piece = pick(from, [
        () => `ACME_ID=${newId(from)}`,
        () => `acme_secret: "${newSecret(from)}"`,
        () => `${newId(from)},${newSecret(from)}`,
        () => `[acme]\nid = ${newId(from)}\nkey = ${newSecret(from)}`,
      ])();
      return `${piece}\n${prose(from, between(from, 0, 700))}`;
    }).join('');
  };

  const shown = (item: string, detector: Detector, zone?: number) =>
    scanned(item, detector, zone).map(({ ruleId, secret, confidence, region, companion, companionRegion }) => ({
      ruleId,
      secret,
      confidence,
      region,
      companion: companion?.secret,
      companionRegion,
    }));

  it.each([
    ['awake', acme],
    ['asleep', withRules({ ...ID, optional: true }, SECRET)],
  ])('are joined as in one zone, with ids %s', (_, detector) => {
    let joined = 0;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 16, max: 3000 }), (seed, zone) => {
        const item = text(seed).repeat(3);
        const whole = shown(item, detector);
        joined += whole.filter(({ companion }) => companion !== undefined).length;
        expect(shown(item, detector, zone)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    expect(joined).toBeGreaterThan(200);
  });

  it('are joined in encoded text that goes on over several zones, and reported at the place of that text', () => {
    const wrapped = (text: string) => text.replace(/.{76}/g, '$&\n');
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 64, max: 3000 }), (seed, zone) => {
        const from = seeded(seed);
        const pair = () =>
          `${prose(from, between(from, 1000, 2200))}\nid=${newId(from)}\n${prose(from, between(from, 0, 90))}acme_key=${newSecret(from)}\n`;
        const inner = Buffer.from(pair() + pair());
        const written = pick(from, [
          inner.toString('base64'),
          wrapped(inner.toString('base64')),
          inner.toString('hex'),
        ]);
        const item = `${prose(from, between(from, 0, 9000))}x = "${written}"\n${prose(from, 12_000)}`;
        const whole = shown(item, acme);
        expect(whole.filter(({ companion }) => companion !== undefined).length).toBe(2);
        expect(shown(item, acme, zone)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a companion', () => {
  it('is reported with the place where it stands', () => {
    const id = newId();
    const [match] = scanned(`# ${'é'.repeat(9)}\n  id: ${id}\nacme_key=${newSecret()}\n`, acme);
    expect(match!.companionRegion).toMatchObject({
      startLine: 2,
      startColumn: 7,
      endLine: 2,
      endColumn: 7 + id.length,
    });
  });
});
