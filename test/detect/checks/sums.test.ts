import { describe, expect, test } from 'vitest';
import { crc16, crc32 } from '../../../src/detect/checks/crc32.ts';
import { marvin32, marvin64 } from '../../../src/detect/checks/marvin32.ts';

const DIGITS = Buffer.from('123456789');

describe('checksums agree with published values', () => {
  test('CRC-32/ISO-HDLC and CRC-16/XMODEM of the digits 1 to 9 (catalogue of parametrised CRC algorithms)', () => {
    expect(crc32(DIGITS)).toBe(0xcbf43926);
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32('')).toBe(0);
    expect(crc16(DIGITS)).toBe(0x31c3);
  });

  // the known answers of Microsoft's SymCrypt and .NET's tests, seed 004fb61a001bdbcc
  test.each([
    ['', 0x30ed35c1, 0x00cd3c7d],
    ['af', 0x48e73fc7, 0x7d75ddc1],
    ['e70f', 0xb5f6e1fc, 0x485dbff8],
    ['37f495', 0xf0b07c78, 0x9b8cf7e8],
    ['8642dc59', 0x7008f2e8, 0x7e9cf556],
    ['153fb79826', 0xe6c08c6d, 0xa2afa997],
    ['0932e6246c47', 0x6f04bf1a, 0x5ea24060],
    ['ab427ea8d10fc7', 0xe11847e4, 0xf0678c41],
  ])('Marvin32 of %s', (hex, high, low) => {
    expect(marvin64(Buffer.from(hex, 'hex'), 0x001bdbcc, 0x004fb61a)).toEqual([low, high]);
  });

  test('Marvin32 takes its seed as eight characters, big-endian, and folds', () => {
    const [low, high] = marvin64(DIGITS, 0x756c7430, 0x44656661);
    expect(marvin32(DIGITS, 'Default0')).toBe((low ^ high) >>> 0);
  });
});
