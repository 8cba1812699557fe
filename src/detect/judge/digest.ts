const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const PASSWORD_HASH =
  /^\$(?:2[abxy]?|1|5|6|y|7|argon2\w*|scrypt|pbkdf2[\w-]*|apr1)\$|^\{(?:SSHA|SHA|MD5|CRYPT|BCRYPT)\w*\}|^pbkdf2[_:]|^scrypt:|^argon2/i;
const INTEGRITY = /^(?:sha1|sha224|sha256|sha384|sha512|md5)[-:=][A-Za-z0-9+/=]{20,}$/i;
const HEX = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;
const DIGEST_NAME =
  /(?:sha\d*|md5|crc32|hash|digest|checksum|integrity|etag|commit|revision|rev|oid|fingerprint|thumbprint|signature|sig|uuid|guid|build_?id|nonce)[\])'"]*$/i;

/** Whether a value has the shape of a UUID (RFC 9562), braces allowed. */
export function isUuid(value: string): boolean {
  return value.length >= 36 && value.length <= 38 && UUID.test(value);
}

/**
 * Why a value is a digest or an identifier rather than a secret, as a short phrase; undefined when it is not. Plain hex
 * of a digest's length and UUIDs count only under a `name` that says digest or identifier; without a name they count.
 */
export function digestReason(value: string, name?: string): string | undefined {
  if (PASSWORD_HASH.test(value)) return 'a password hash';
  if (INTEGRITY.test(value)) return 'an integrity hash';
  const named = name === undefined || DIGEST_NAME.test(name);
  if (!named) return undefined;
  if (isUuid(value)) return 'a UUID';
  return HEX.test(value) ? 'a digest' : undefined;
}
