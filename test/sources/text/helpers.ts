import type { Encoding } from '../../../src/sources/text/encoding.ts';

export const WIDE = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const satisfies readonly Encoding[];

/** Encodes by Node's own UTF-16 and DataView, lone surrogates as they are: independent of the code under test. */
export function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text);
  const littleEndian = encoding.endsWith('le');
  if (encoding.startsWith('utf-16')) {
    const bytes = Buffer.from(text, 'utf16le');
    return littleEndian ? bytes : bytes.swap16();
  }
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, i) => {
    view.setUint32(4 * i, point, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

/** Cuts bytes at the given offsets (any numbers). */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i]!, end));
}
