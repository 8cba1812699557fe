import { adoCrc32 } from './ado-crc32.ts';
import { awsKeyId } from './aws-key-id.ts';
import { azureCask } from './azure-cask.ts';
import { azureMarvin32 } from './azure-marvin32.ts';
import { base58check } from './base58check.ts';
import { basicAuth } from './basic-auth.ts';
import { bech32 } from './bech32.ts';
import type { Check } from './check.ts';
import { nkeysCrc16, stellarCrc16 } from './crc16-base32.ts';
import {
  crc32Base62Tail,
  crc32Base62TailWithPrefix,
  crc32Base62TailWithPrefixLsd,
  vercelCrc32,
} from './crc32-base62.ts';
import {
  atlassianCrc32,
  cloudflareCrc32,
  confluentCrc32,
  crc32HexTail,
  grafanaCrc32,
  sanctumCrc32,
  zuploCrc32,
} from './crc32-hex.ts';
import { entraMarvin32 } from './entra-marvin32.ts';
import { gcpServiceAccount } from './gcp-service-account.ts';
import { gitlabRoutable } from './gitlab-routable.ts';
import { jsonBase64, sentryPayload } from './json-base64.ts';
import { jwt } from './jwt.ts';
import { pypiMacaroon } from './pypi-macaroon.ts';

export type { Check, CheckResult } from './check.ts';

const CHECKS: Readonly<Record<string, Check>> = {
  'ado-crc32': adoCrc32,
  'atlassian-crc32': atlassianCrc32,
  'aws-key-id': awsKeyId,
  'azure-cask': azureCask,
  'azure-marvin32': azureMarvin32,
  base58check,
  'basic-auth': basicAuth,
  bech32,
  'cloudflare-crc32': cloudflareCrc32,
  'confluent-crc32': confluentCrc32,
  'crc32-base62-tail': crc32Base62Tail,
  'crc32-base62-tail-with-prefix': crc32Base62TailWithPrefix,
  'crc32-base62-tail-with-prefix-lsd': crc32Base62TailWithPrefixLsd,
  'crc32-hex-tail': crc32HexTail,
  'entra-marvin32': entraMarvin32,
  'gcp-service-account': gcpServiceAccount,
  'gitlab-routable': gitlabRoutable,
  'grafana-crc32': grafanaCrc32,
  'json-base64': jsonBase64,
  jwt,
  'nkeys-crc16': nkeysCrc16,
  'pypi-macaroon': pypiMacaroon,
  'sanctum-crc32': sanctumCrc32,
  'sentry-payload': sentryPayload,
  'stellar-crc16': stellarCrc16,
  'vercel-crc32': vercelCrc32,
  'zuplo-crc32': zuploCrc32,
};

/** Names that a rule's `check` may have, sorted. */
export const CHECK_NAMES: readonly string[] = Object.keys(CHECKS).sort();

/** The check of that name, or undefined when there is none. */
export function checkNamed(name: string): Check | undefined {
  return Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
}
