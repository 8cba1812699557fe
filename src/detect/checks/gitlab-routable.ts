import { type Check, checksumResult, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';
import { crc32 } from './crc32.ts';

/** Keys of the routing lines in the payload (GitLab handbook, routable tokens). */
const ROUTES: Readonly<Record<string, string>> = {
  c: 'cell',
  g: 'group',
  o: 'organization',
  p: 'project',
  t: 'topLevelGroup',
  u: 'user',
};

/**
 * GitLab's routable tokens of version 01: `<prefix><payload>.<version 2>.<length 2><crc 7>`, length and CRC in base36, the CRC
 * over everything before it (Authn::TokenField::Generator::RoutableToken). The older form without a version is not checked.
 */
export const gitlabRoutable: Check = (secret) => {
  const parts =
    /^((?:gl[a-z]{1,12}-)(?:t[0-9a-f]{1,2}_)?([\w-]{27,300})\.[0-9a-z]{2}\.([0-9a-z]{2}))([0-9a-z]{7})$/.exec(secret);
  if (parts === null) return NOT_APPLICABLE;
  const [, covered, payload, length, crc] = parts;
  const passed = crc32(covered!).toString(36).padStart(7, '0') === crc && parseInt(length!, 36) === payload!.length;
  return checksumResult(passed, 'CRC-32', passed ? routes(payload!) : {});
};

/** The routing lines, whose values are base36 ids. Random bytes follow them. */
function routes(payload: string): Record<string, string> {
  const details: Record<string, string> = {};
  const text = decodeBase64(payload)?.toString('latin1') ?? '';
  const lines =
    /^(?:[cgoptu]:[0-9a-z]{1,12}\n)*[cgoptu]:[0-9a-z]{1,12}(?=\n|[^0-9a-z]|$)/.exec(text)?.[0].split('\n') ?? [];
  for (const line of lines) details[ROUTES[line[0]!]!] = String(parseInt(line.slice(2), 36));
  return details;
}
