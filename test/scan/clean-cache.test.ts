import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, createCleanCache } from '../../src/scan/clean-cache.ts';
import { folderMaker } from '../support/folder.ts';

const make = folderMaker();
const idOf = (number: number): Buffer => createHash('sha1').update(String(number)).digest();
const ids = (from: number, to: number): Buffer =>
  Buffer.concat(Array.from({ length: to - from }, (_, i) => idOf(from + i)));

describe('the memory of clean objects', () => {
  it('holds what was added, over several scans', () => {
    const { dir } = make();
    createCleanCache(dir, '/repo', ['rules']).add(undefined, [ids(0, 4000), ids(3000, 6000)]);
    const first = createCleanCache(dir, '/repo', ['rules']).load();
    expect(first?.size).toBe(6000);
    createCleanCache(dir, '/repo', ['rules']).add(first, [ids(6000, 6001)]);
    const second = createCleanCache(dir, '/repo', ['rules']).load()!;
    expect([second.size, second.has(idOf(0)), second.has(idOf(6000)), second.has(idOf(6001))]).toEqual([
      6001,
      true,
      true,
      false,
    ]);
    expect(second.hasHex(idOf(17).toString('hex'))).toBe(true);
  });

  it('is another one for other rules and for another repository', () => {
    const { dir } = make();
    createCleanCache(dir, '/repo', ['rules']).add(undefined, [ids(0, 6000)]);
    expect(createCleanCache(dir, '/repo', ['other rules']).load()).toBeUndefined();
    expect(createCleanCache(dir, '/other', ['rules']).load()).toBeUndefined();
  });

  it('is not believed when any of its bytes has changed', () => {
    const { dir } = make();
    const cache = createCleanCache(dir, '/repo', ['rules']);
    cache.add(undefined, [ids(0, 6000)]);
    const file = join(dir, readdirSync(dir)[0]!);
    const whole = readFileSync(file);
    for (const at of [0, 20, 50, 60_000, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      writeFileSync(file, damaged);
      expect(cache.load()).toBeUndefined();
    }
    writeFileSync(file, whole.subarray(0, 1000));
    expect(cache.load()).toBeUndefined();
    writeFileSync(file, whole);
    expect(cache.load()?.size).toBe(6000);
  });

  it('is not written for a small repository, nor where it can not be', () => {
    const { dir, write } = make();
    createCleanCache(join(dir, 'small'), '/repo', ['rules']).add(undefined, [ids(0, 100)]);
    expect(existsSync(join(dir, 'small'))).toBe(false);
    const file = write('file', 'a file where a folder should be');
    expect(() => createCleanCache(file, '/repo', ['rules']).add(undefined, [ids(0, 6000)])).not.toThrow();
  });

  it('lies where the user keeps such things', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', HOME: '/home/ada' }, 'linux')).toBe('/caches/leakgate');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.cache/leakgate');
    expect(cacheFolder({ HOME: '/Users/ada' }, 'darwin')).toBe('/Users/ada/Library/Caches/leakgate');
  });
});
