import { type Check, type CheckResult, NOT_APPLICABLE } from './check.ts';
import { clip, decodeBase64 } from './codec.ts';
import { END, IDENTIFIER, LOCATION, type MacaroonField, readFields, readPackets } from './macaroon-fields.ts';

/** The longest that is decoded, in characters. */
const LONGEST = 65_536;

/**
 * Macaroons of any service in base64 or hex: version 1 (packets) and version 2 (binary), as libmacaroons, go-macaroon and lnd write
 * them (libmacaroons, doc/format.txt). The signature cannot be checked: nobody has the root key here.
 */
export const macaroon: Check = (secret) => {
  const bytes = secret.length > LONGEST ? undefined : decode(secret);
  if (bytes === undefined) return NOT_APPLICABLE;
  const isBinary = bytes[0] === 2 && (bytes[1] === LOCATION || bytes[1] === IDENTIFIER);
  const isPackets = /^[0-9a-f]{4}(?:location|identifier) /.test(bytes.toString('latin1', 0, 16));
  if (!isBinary && !isPackets) return NOT_APPLICABLE;
  const fields = isBinary ? readFields(bytes) : readPackets(bytes);
  return fields === undefined ? { proof: 'invalid', reason: 'it is not a complete macaroon' } : described(fields);
};

const decode = (secret: string): Buffer | undefined =>
  /^(?:[0-9a-f]{2}){40,}$/i.test(secret) ? Buffer.from(secret, 'hex') : decodeBase64(secret);

function described(fields: readonly MacaroonField[]): CheckResult {
  const sections = fields.filter((field) => field.type !== END);
  const location = sections[0]?.type === LOCATION ? sections[0].data.toString('utf8') : '';
  const caveats = sections.filter((field) => field.type === IDENTIFIER).slice(1);
  const expiry = caveats.map((caveat) => expiryOf(caveat.data.toString('latin1'))).find((date) => date !== undefined);
  return {
    proof: 'valid',
    details: {
      ...(location === '' ? {} : { location: clip(location) }),
      caveats: String(caveats.length),
      ...(expiry === undefined ? {} : { expiry }),
    },
    reason: 'it is a complete macaroon',
  };
}

/** `time-before 2026-…` (go-macaroon-bakery, lnd) or `time < <milliseconds>` (Matrix Synapse). */
function expiryOf(caveat: string): string | undefined {
  const date = /^time-before (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(caveat)?.[1];
  if (date !== undefined) return `${date}Z`;
  const milliseconds = /^time < (\d{12,14})$/.exec(caveat)?.[1];
  return milliseconds === undefined ? undefined : new Date(Number(milliseconds)).toISOString();
}
