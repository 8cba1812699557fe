import { adoCrc32 } from './ado-crc32.ts';
import { atlassianDcPat } from './atlassian-dc-pat.ts';
import { awsKeyId } from './aws-key-id.ts';
import { azureCask } from './azure-cask.ts';
import { azureMarvin32 } from './azure-marvin32.ts';
import { base58check } from './base58check.ts';
import { base64Of32Bytes } from './base64-32bytes.ts';
import { base64HostDollar } from './base64-host-dollar.ts';
import { base64Uuid } from './base64-uuid.ts';
import { basicAuth } from './basic-auth.ts';
import { bech32 } from './bech32.ts';
import { bip39 } from './bip39.ts';
import { cephKey } from './ceph-key.ts';
import type { Check } from './check.ts';
import { ciscoType7 } from './cisco-type7.ts';
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
import { discordSnowflake } from './discord-snowflake.ts';
import { ed25519Keypair, solanaEd25519Pair } from './ed25519-pair.ts';
import { entraMarvin32 } from './entra-marvin32.ts';
import { flyMacaroon } from './fly-macaroon.ts';
import { gcpServiceAccount } from './gcp-service-account.ts';
import { gitlabRoutable } from './gitlab-routable.ts';
import { grafanaCloud } from './grafana-cloud.ts';
import { jks } from './jks.ts';
import { jsonBase64, sentryPayload } from './json-base64.ts';
import { jwk } from './jwk.ts';
import { jwt } from './jwt.ts';
import { macaroon } from './macaroon.ts';
import { pkcs12 } from './pkcs12.ts';
import { pypiMacaroon } from './pypi-macaroon.ts';
import { supabaseSha256Ref } from './supabase-sha256-ref.ts';
import { twitterOauth2Text } from './twitter-oauth2-text.ts';
import { workosBase64 } from './workos-base64.ts';
import { x25519Clamp } from './x25519-clamp.ts';

export type { Check, CheckResult } from './check.ts';

const CHECKS: Readonly<Record<string, Check>> = {
  'ado-crc32': adoCrc32,
  'atlassian-crc32': atlassianCrc32,
  'atlassian-dc-pat': atlassianDcPat,
  'aws-key-id': awsKeyId,
  'azure-cask': azureCask,
  'azure-marvin32': azureMarvin32,
  base58check,
  'base64-32bytes': base64Of32Bytes,
  'base64-host-dollar': base64HostDollar,
  'base64-uuid': base64Uuid,
  'basic-auth': basicAuth,
  bech32,
  bip39,
  'ceph-key': cephKey,
  'cisco-type7': ciscoType7,
  'cloudflare-crc32': cloudflareCrc32,
  'confluent-crc32': confluentCrc32,
  'crc32-base62-tail': crc32Base62Tail,
  'crc32-base62-tail-with-prefix': crc32Base62TailWithPrefix,
  'crc32-base62-tail-with-prefix-lsd': crc32Base62TailWithPrefixLsd,
  'crc32-hex-tail': crc32HexTail,
  'discord-snowflake': discordSnowflake,
  'ed25519-keypair': ed25519Keypair,
  'entra-marvin32': entraMarvin32,
  'fly-macaroon': flyMacaroon,
  'gcp-service-account': gcpServiceAccount,
  'gitlab-routable': gitlabRoutable,
  'grafana-cloud': grafanaCloud,
  'grafana-crc32': grafanaCrc32,
  jks,
  'json-base64': jsonBase64,
  jwk,
  jwt,
  macaroon,
  'nkeys-crc16': nkeysCrc16,
  pkcs12,
  'pypi-macaroon': pypiMacaroon,
  'sanctum-crc32': sanctumCrc32,
  'sentry-payload': sentryPayload,
  'solana-ed25519-pair': solanaEd25519Pair,
  'stellar-crc16': stellarCrc16,
  'supabase-sha256-ref': supabaseSha256Ref,
  'twitter-oauth2-text': twitterOauth2Text,
  'vercel-crc32': vercelCrc32,
  'workos-base64': workosBase64,
  'x25519-clamp': x25519Clamp,
  'zuplo-crc32': zuploCrc32,
};

/** Names that a rule's `check` may have, sorted. */
export const CHECK_NAMES: readonly string[] = Object.keys(CHECKS).sort();

/** The check of that name, or undefined when there is none. */
export function checkNamed(name: string): Check | undefined {
  return Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
}
