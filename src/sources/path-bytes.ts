import { isUtf8 } from 'node:buffer';

/** Byte b >= 0x80 that is not part of UTF-8 text is kept as the lone surrogate ESCAPE + b: U+DC80 to U+DCFF. */
const ESCAPE = 0xdc00;

/**
 * Decodes a path as stored by git, tar or a file system. Valid UTF-8 decodes as such; any other byte becomes a lone
 * surrogate, as in Python's `surrogateescape` (PEP 383), so that `pathToBytes` gives back the same bytes.
 */
export function pathFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!);
    const sequence = bytes.subarray(at, at + length);
    if (sequence.length === length && isUtf8(sequence)) {
      parts.push(sequence.toString('utf8'));
      at += length;
    } else {
      parts.push(String.fromCharCode(ESCAPE + bytes[at]!));
      at++;
    }
  }
  return parts.join('');
}

/** The bytes of a path made by `pathFromBytes`. Other lone surrogates are encoded as U+FFFD. */
export function pathToBytes(path: string): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < path.length; at++) {
    const unit = path.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff && isLow(path.charCodeAt(at + 1))) at++;
    else if (unit >= ESCAPE + 0x80 && unit <= ESCAPE + 0xff) {
      parts.push(Buffer.from(path.slice(start, at), 'utf8'), Buffer.of(unit - ESCAPE));
      start = at + 1;
    }
  }
  parts.push(Buffer.from(path.slice(start), 'utf8'));
  return Buffer.concat(parts);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Bytes that the UTF-8 sequence starting with `first` should have (RFC 3629). */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
