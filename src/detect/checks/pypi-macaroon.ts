import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeBase64, isoDate } from './codec.ts';
import { END, IDENTIFIER, LOCATION, type MacaroonField, readFields } from './macaroon-fields.ts';

/** PyPI tokens: `pypi-` and a base64url macaroon of version 2 for pypi.org or test.pypi.org; its caveats tell the scope. */
export const pypiMacaroon: Check = (secret) => {
  const bytes = secret.startsWith('pypi-') ? decodeBase64(secret.slice(5)) : undefined;
  if (bytes === undefined) return NOT_APPLICABLE;
  const fields = bytes[0] === 2 ? readFields(bytes) : undefined;
  const location = fields?.find((field) => field.type === LOCATION)?.data.toString('latin1');
  if (fields === undefined || !/^(?:test\.)?pypi\.org$/.test(location ?? '')) {
    return { proof: 'invalid', reason: 'it is not a complete macaroon of PyPI' };
  }
  return described(fields, location!);
};

/** The identifiers after the header's end are caveats, each a JSON text. */
function described(fields: readonly MacaroonField[], location: string): CheckResult {
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
