import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { hex32, littleEndian32 } from './codec.ts';
import { crc32 } from './crc32.ts';

/** Atlassian (`ATATT3…`, `ATCTT3…`): eight upper-case hex digits of the CRC-32 of everything before them, `=` included. */
export const atlassianCrc32: Check = (secret) => {
  const parts = /^(AT[A-Z]TT3[\w+/=-]{20,400}=)([0-9A-F]{8})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  return checksumResult(hex32(crc32(parts[1]!)).toUpperCase() === parts[2], 'CRC-32');
};

/** Grafana service accounts: `glsa_` + 32 + `_` + little-endian hex of the CRC-32 of the first two (satokengen/tokengen.go). */
export const grafanaCrc32: Check = (secret) => {
  const parts = /^(glsa_[0-9A-Za-z]{32})_([0-9A-Fa-f]{8})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  return checksumResult(littleEndian32(crc32(parts[1]!)).toString('hex') === parts[2]!.toLowerCase(), 'CRC-32');
};

/** Zuplo: `zpka_` + 32 + `_` + hex of the CRC-32 of the 32 (zuplo.com/docs/articles/api-key-leak-detection). */
export const zuploCrc32: Check = (secret) => {
  const parts = /^zpka_([0-9A-Za-z]{32})_([0-9a-f]{8})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  return checksumResult(hex32(crc32(parts[1]!)) === parts[2], 'CRC-32');
};

/** Laravel Sanctum since 3.3: hex of the CRC-32 of the 40 random characters before it (laravel/sanctum HasApiTokens.php). */
export const sanctumCrc32: Check = (secret) => {
  const parts = /([0-9A-Za-z]{40})([0-9a-f]{8})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  return checksumResult(hex32(crc32(parts[1]!)) === parts[2], 'CRC-32');
};

/** Eight lower-case hex digits of the CRC-32 of everything before them (Yandex SmartCaptcha server keys). */
export const crc32HexTail: Check = (secret) => {
  if (!/^\w{16,400}$/.test(secret) || !/[0-9a-f]{8}$/.test(secret)) return NOT_APPLICABLE;
  return checksumResult(hex32(crc32(secret.slice(0, -8))) === secret.slice(-8), 'CRC-32');
};

/**
 * Cloudflare's `cfk_`, `cfut_`, `cfat_`. The vendor says that a checksum exists but not how it is made: the CRC-32 of the 40
 * characters is an observation, so it can confirm a token but never refute one.
 */
export const cloudflareCrc32: Check = (secret) => {
  const parts = /^cf[a-z]{1,2}_([0-9A-Za-z]{40})([0-9a-f]{8})$/.exec(secret);
  if (parts === null || hex32(crc32(parts[1]!)) !== parts[2]) return NOT_APPLICABLE;
  return checksumResult(true, 'CRC-32');
};

/** Confluent: `cflt` + 54 + the first six base64 digits of the little-endian CRC-32 of the 54. */
export const confluentCrc32: Check = (secret) => {
  const parts = /^cflt([0-9A-Za-z+/]{54})([0-9A-Za-z+/]{6})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  const digits = littleEndian32(crc32(parts[1]!)).toString('base64').slice(0, 6);
  return checksumResult(digits === parts[2], 'CRC-32');
};
