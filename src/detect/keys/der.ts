/** A small reader and writer of DER (ITU-T X.690): definite lengths, one-byte tags. */

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const SEQUENCE = 0x30;

export interface Element {
  readonly tag: number;
  /** 0-based offsets in the bytes it was read from: of its content, and after it. */
  readonly start: number;
  readonly end: number;
  readonly content: Buffer;
}

/** The element at `at`, or undefined when none starts there. Its `end` may lie behind the bytes: then it is cut off. */
export function readElement(bytes: Buffer, at: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size < 1 || size > 4 || start + size > bytes.length) return undefined;
    length = bytes.readUIntBE(start, size);
    start += size;
  }
  return { tag, start, end: start + length, content: bytes.subarray(start, start + length) };
}

/** The elements that fill the bytes; `whole` is false when the last one is cut off or something else stands there. */
export function readElements(bytes: Buffer): { readonly elements: readonly Element[]; readonly whole: boolean } {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length && elements.length < 32) {
    const element = readElement(bytes, at);
    if (element === undefined) return { elements, whole: false };
    elements.push(element);
    if (element.end > bytes.length) return { elements, whole: false };
    at = element.end;
  }
  return { elements, whole: at === bytes.length };
}

/** An object identifier's content as dotted numbers. */
export function oidText(content: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length === 0) {
      const root = Math.min(Math.floor(value / 40), 2);
      numbers.push(root, value - root * 40);
    } else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

/** An INTEGER's content, or an SSH mpint, as a non-negative number. */
export function unsigned(content: Buffer): bigint {
  return content.length === 0 ? 0n : BigInt(`0x${content.toString('hex')}`);
}

/** Encodes one element. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const size = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

/** An INTEGER of a non-negative big-endian number. */
export function derInteger(magnitude: Buffer): Buffer {
  let from = 0;
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++;
  const digits = magnitude.subarray(from);
  return der(INTEGER, digits.length === 0 || digits[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}
