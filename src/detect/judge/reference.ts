const SCHEMES =
  /^(?:op|vault|ssm|secretsmanager|secretmanager|awssm|awsps|gcpsm|azkv|keyvault|akv|kms|awskms|gcpkms|sops|doppler|infisical|bw|bws|keyring|keychain|credhub|berglas|conjur|encrypted|enc|sealed|secret|ref|env|file|fd|cmd|exec|classpath|resource|urn)\+?[\w-]*:(?!$)/i;

const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^arn:aws[\w-]*:/, 'an AWS resource name'],
  [/^projects\/[^/\s]+\/(?:secrets|locations)\//, 'a Google Cloud resource name'],
  [/^ENC[[(]/, 'encrypted in place'],
  [
    /^\$ANSIBLE_VAULT|^!vault|^!secret\b|^!Ref\b|^!Sub\b|^!ImportValue\b|^\{cipher\}|^\{(?:DES|AES|3DES|SSHA|SHA|MD5|xor)\}/i,
    'encrypted or a reference',
  ],
  [/^AQAAABAAAA|^\{[\w+/]{20,}={0,2}\}$/, 'encrypted by Jenkins or Maven'],
  [/^@Microsoft\.KeyVault\(/, 'an Azure Key Vault reference'],
  [/^\{\{resolve:/, 'a CloudFormation reference'],
  [/^(?:\/var)?\/run\/secrets\//, 'a mounted secret file'],
  [/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)[\w.\\/ -]+$/, 'a file path'],
];

const LOOKUPS =
  /\b(?:process\.env|import\.meta\.env|Deno\.env|os\.environ|os\.getenv|os\.Getenv|System\.getenv|System\.getProperty|Environment\.Get\w+|getenv|env)\b[.([]|^\$?(?:_?ENV|_SERVER|_POST|_GET|_REQUEST|params|argv|args|secrets|vars?|data|module|local|each|settings|config(?:uration)?|cfg|conf|options|opts|props|ctx|self|this|request|req|github|inputs|env|steps|parameters|variables|Rails|ENV)\b *(?:\.|\[|->|::|\()/;

const CALLS =
  /^(?:[\w$]+(?:\.|::|->))*(?:get|fetch|read|load|lookup|find|resolve|retrieve|decrypt|generate|create|make|random|prompt|ask|input|config|env|secret|vault|getpass|readline)\w*\(/i;

/**
 * Why a value only points at a secret kept elsewhere (a secret store, a file, the environment), as a short phrase;
 * undefined when it does not.
 */
export function referenceReason(value: string): string | undefined {
  const text = value.trim();
  if (text.length < 4) return undefined;
  if (SCHEMES.test(text)) return 'a reference to a secret store';
  for (const [pattern, reason] of PLACES) if (pattern.test(text)) return reason;
  if (!/[.[(>:]/.test(text)) return undefined;
  if (LOOKUPS.test(text)) return 'read from the environment or the configuration';
  return CALLS.test(text) ? 'the result of a call' : undefined;
}
