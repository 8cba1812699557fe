import { INTEGER, OID, oidText, readElement, readElements, SEQUENCE } from '../keys/der.ts';
import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { keystoreBytes } from './keystore-bytes.ts';

const VERSION = 3;
/** data and signedData: what the content may be (RFC 7292 section 4). */
const CONTENTS: ReadonlySet<string> = new Set(['1.2.840.113549.1.7.1', '1.2.840.113549.1.7.2']);
/** The identifiers of bags that hold a private key, in DER: in the clear, and encrypted (RFC 7292 section 4.2). */
const KEY_BAG = Buffer.from('060b2a864886f70d010c0a0101', 'hex');
const SHROUDED_KEY_BAG = Buffer.from('060b2a864886f70d010c0a0102', 'hex');

/**
 * PKCS#12 files (`.p12`, `.pfx`) in base64: version 3, content and MAC in DER (RFC 7292). Nothing is decrypted; where the bags are not
 * encrypted themselves, as is usual for keys, it is told whether one holds a private key.
 */
export const pkcs12: Check = (secret) => {
  const bytes = secret.startsWith('MI') ? keystoreBytes(secret) : undefined;
  const outer = bytes === undefined ? undefined : readElement(bytes, 0);
  if (outer?.tag !== SEQUENCE) return NOT_APPLICABLE;
  const [version, content] = readElements(outer.content).elements;
  if (version?.tag !== INTEGER || version.content.length !== 1 || version.content[0] !== VERSION) return NOT_APPLICABLE;
  const type = content?.tag === SEQUENCE ? readElement(content.content, 0) : undefined;
  if (type?.tag !== OID || !CONTENTS.has(oidText(type.content))) return NOT_APPLICABLE;
  if (outer.end > bytes!.length) return { proof: 'invalid', reason: 'the end of the PKCS#12 file is missing' };
  return described(outer.content, content!.content.subarray(type.end));
};

function described(file: Buffer, content: Buffer): CheckResult {
  const key = file.includes(SHROUDED_KEY_BAG) ? 'encrypted' : file.includes(KEY_BAG) ? 'in the clear' : undefined;
  const isWhole = readElement(content, 0) !== undefined && readElements(file).whole;
  if (!isWhole) return { proof: 'invalid', reason: 'it is not the structure of a PKCS#12 file' };
  return {
    proof: 'valid',
    ...(key === undefined ? {} : { details: { privateKey: key } }),
    reason: key === undefined ? 'it is a whole PKCS#12 file' : 'it is a whole PKCS#12 file with a private key',
  };
}
