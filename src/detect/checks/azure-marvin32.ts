import { type Check, type CheckResult, checksumResult, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';
import { marvin32 } from './marvin32.ts';

/** What a fitting seed tells of the key. */
type Seeds = Readonly<Record<string, string>>;

const MESSAGING: Seeds = { Send0000: 'send', Listen00: 'listen', Manage00: 'manage' };

/** Length of the key in base64, offset of its mark, mark, service, seeds (microsoft/security-utilities IdentifiableMetadata.cs). */
const FAMILIES: readonly (readonly [number, number, string, string, Seeds])[] = [
  [88, 76, '+ASt', 'Storage', { Default0: 'account' }],
  [
    88,
    76,
    'ACDb',
    'Cosmos DB',
    {
      MastRW00: 'read-write',
      MastRO00: 'read-only',
      SystRW00: 'system read-write',
      SystRO00: 'system read-only',
      SysAll00: 'system',
      Resour00: 'resource',
      Encryp00: 'encryption',
    },
  ],
  [88, 76, '+ABa', 'Batch', { AbAcct00: 'account' }],
  [88, 76, '+AMC', 'Machine Learning (classic)', { Classic0: 'web service' }],
  [
    88,
    76,
    'APIM',
    'API Management',
    { Tenant00: 'direct management', IoTHub00: 'subscription', Gatewy00: 'gateway', GitKey00: 'repository' },
  ],
  [56, 44, 'AzFu', 'Functions', { Functi00: 'function', System00: 'system', Master00: 'master' }],
  [44, 33, 'AzCa', 'Cache for Redis', { Access00: 'access' }],
  [44, 33, '+ASb', 'Service Bus', { ...MESSAGING, System00: 'system' }],
  [44, 33, '+AEh', 'Event Hubs', MESSAGING],
  [44, 33, '+ARm', 'Relay', MESSAGING],
  [44, 33, 'AIoT', 'IoT', { IoTHub00: 'hub', DpsKey00: 'provisioning', Device00: 'device' }],
  // the mark is known, the seed of this form is not published
  [44, 33, 'AZEG', 'Event Grid', {}],
  [52, 42, '+ACR', 'Container Registry', { ACRDflt0: 'access' }],
  [52, 42, 'AzSe', 'AI Search', { PAdmin00: 'admin', Query000: 'query' }],
];

/**
 * Microsoft's identifiable keys: a mark at a fixed place, and Marvin32 of all bytes but the last four in those four
 * (little-endian). The seed that fits names the kind of key.
 */
export const azureMarvin32: Check = (secret) => {
  for (const [length, at, mark, service, seeds] of FAMILIES) {
    if (secret.length === length && secret.startsWith(mark, at)) return judge(secret, service, seeds);
  }
  return secret.includes('+SQL') ? judge(secret, 'SQL', { UsrPwd00: 'user password' }, 'only confirm') : NOT_APPLICABLE;
};

/** @param strict 'only confirm' where the key's length is not published, so that a mismatch says nothing */
function judge(secret: string, service: string, seeds: Seeds, strict?: 'only confirm'): CheckResult {
  const names = Object.keys(seeds);
  if (names.length === 0) return { proof: 'not applicable', details: { service } };
  for (const candidate of spellings(secret, service)) {
    const seed = fittingSeed(candidate, names);
    if (seed !== undefined) return checksumResult(true, 'Marvin32', { service, key: seeds[seed]! });
  }
  return strict === undefined ? checksumResult(false, 'Marvin32', { service }) : NOT_APPLICABLE;
}

function fittingSeed(text: string, seeds: readonly string[]): string | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined || bytes.length < 8) return undefined;
  const data = bytes.subarray(0, -4);
  const stored = bytes.readUInt32LE(bytes.length - 4);
  return seeds.find((seed) => marvin32(data, seed) === stored);
}

/**
 * The texts to try. Redis writes P for `+` and F for `/` in some keys after the checksum is taken: each such letter may be
 * either, up to ten of them (1,024 spellings, still one false pass in four million).
 */
function* spellings(secret: string, service: string): Generator<string> {
  yield secret;
  if (service !== 'Cache for Redis') return;
  const places = [...secret.matchAll(/[PF]/g)].map((match) => match.index).slice(0, 10);
  for (let mask = 1; mask < 1 << places.length; mask++) {
    const letters = [...secret];
    places.forEach((place, bit) => {
      if ((mask >> bit) & 1) letters[place] = letters[place] === 'P' ? '+' : '/';
    });
    yield letters.join('');
  }
}
