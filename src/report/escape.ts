/** Controls (C0, DEL, C1), invisible and direction-changing format characters, lone surrogates, line separators. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const LONE_SURROGATE = /\p{Cs}/gu;

/** Bytes that are not UTF-8 are kept in paths as U+DC80 to U+DCFF, the low byte being the byte itself. */
export const rawByteOf = (code: number): number | undefined =>
  code >= 0xdc80 && code <= 0xdcff ? code & 0xff : undefined;

const visible = (char: string): string => {
  const code = char.codePointAt(0) ?? 0;
  const byte = rawByteOf(code) ?? (code < 0x80 ? code : undefined);
  return byte === undefined ? `\\u{${code.toString(16)}}` : `\\x${byte.toString(16).padStart(2, '0')}`;
};

/**
 * Makes a string from outside safe to print: nothing in it can move the cursor, change colours, forge a line or turn the
 * reading direction (CVE-2021-42574). ASCII controls and raw bytes become `\xNN`, other unsafe characters `\u{…}`.
 * The result is one line.
 */
export const forTerminal = (text: string): string => text.replace(UNSAFE, visible);

/** Replaces lone surrogates by U+FFFD, so that the text can be encoded as UTF-8. */
export const wellFormed = (text: string): string => text.replace(LONE_SURROGATE, '\ufffd');

const unicodeEscape = (char: string): string => {
  let escaped = '';
  for (let i = 0; i < char.length; i++) escaped += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escaped;
};

/** JSON (RFC 8259) of a value in which unsafe characters are escaped too, so that showing the file is harmless. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(/[\x7f-\x9f\p{Cf}\u2028\u2029]/gu, unicodeEscape);

/** UTF-8 bytes of one code point; a raw byte stands for itself, other lone surrogates get their WTF-8 bytes. */
const bytesOf = (char: string): readonly number[] => {
  const code = char.codePointAt(0) ?? 0;
  const raw = rawByteOf(code);
  if (raw !== undefined) return [raw];
  if (code < 0xd800 || code > 0xdfff) return [...new TextEncoder().encode(char)];
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
};

const percent = (char: string): string =>
  bytesOf(char)
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

const NOT_UNRESERVED = /[^A-Za-z0-9\-._~/]/gu;

/**
 * A path as a URI reference (RFC 3986): every byte but unreserved characters and '/' percent-encoded, bytes that are
 * not UTF-8 included. An absolute path becomes a `file:` URI.
 */
export const toUri = (path: string): string => {
  const encoded = path.replace(NOT_UNRESERVED, percent);
  return path.startsWith('/') ? `file://${encoded}` : encoded;
};

/** The address when it is http(s) and holds nothing a terminal or Markdown would act on, else undefined. */
export const safeLink = (address: string | undefined): string | undefined =>
  address !== undefined && /^https?:\/\/[A-Za-z0-9\-._~:/?#@!$&+,;=%]+$/.test(address) ? address : undefined;
