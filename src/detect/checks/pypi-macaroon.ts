import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeBase64, isoDate } from './codec.ts';

/** Field types of a version 2 macaroon (libmacaroons, doc/format.txt). */
const END = 0;
const LOCATION = 1;
const IDENTIFIER = 2;
const SIGNATURE = 6;

interface Field {
  readonly type: number;
  readonly data: Buffer;
}

/** PyPI tokens: `pypi-` and a base64url macaroon of version 2 for pypi.org or test.pypi.org; its caveats tell the scope. */
export const pypiMacaroon: Check = (secret) => {
  const bytes = secret.startsWith('pypi-') ? decodeBase64(secret.slice(5)) : undefined;
  if (bytes === undefined) return NOT_APPLICABLE;
  const fields = bytes[0] === 2 ? readFields(bytes.subarray(1)) : undefined;
  const location = fields?.find((field) => field.type === LOCATION)?.data.toString('latin1');
  if (fields === undefined || !/^(?:test\.)?pypi\.org$/.test(location ?? '')) {
    return { proof: 'invalid', reason: 'it is not a complete macaroon of PyPI' };
  }
  return described(fields, location!);
};

/** All fields, or undefined when a length does not fit or no 32-byte signature closes them. */
function readFields(bytes: Buffer): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const type = bytes[at++]!;
    if (type === END) {
      fields.push({ type, data: Buffer.alloc(0) });
      continue;
    }
    let size = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80 && shift < 28);
    if (at + size > bytes.length) return undefined;
    fields.push({ type, data: bytes.subarray(at, at + size) });
    at += size;
  }
  const last = fields.at(-1);
  return last?.type === SIGNATURE && last.data.length === 32 ? fields : undefined;
}

/** The identifiers after the header's end are caveats, each a JSON text. */
function described(fields: readonly Field[], location: string): CheckResult {
  const details: Record<string, string> = { location };
  const headerEnd = fields.findIndex((field) => field.type === END);
  for (const field of fields.slice(headerEnd + 1)) {
    if (field.type === IDENTIFIER) readCaveat(field.data.toString('utf8'), details);
  }
  return { proof: 'valid', details, reason: 'it is a complete macaroon' };
}

/** Caveats of warehouse/macaroons/caveats: `[0, expiry, not before]`, `[1, projects]`, `[3, user]`, and the older objects. */
function readCaveat(text: string, details: Record<string, string>): void {
  let caveat: unknown;
  try {
    caveat = JSON.parse(text);
  } catch {
    // a caveat of a form yet unknown: the token stays valid, only its scope is not told
    return;
  }
  if (Array.isArray(caveat)) {
    if (caveat[0] === 0) details.expiry = isoDate(caveat[1]) ?? 'never';
    if (caveat[0] === 1 && Array.isArray(caveat[1])) details.projects = clip(caveat[1].join(', '));
    if (caveat[0] === 3) details.scope = 'user';
  } else if (typeof caveat === 'object' && caveat !== null && 'permissions' in caveat) {
    if (caveat.permissions === 'user') details.scope = 'user';
    else if (isProjects(caveat.permissions)) details.projects = clip(caveat.permissions.projects.join(', '));
  }
}

const isProjects = (value: unknown): value is { projects: unknown[] } =>
  typeof value === 'object' && value !== null && 'projects' in value && Array.isArray(value.projects);
