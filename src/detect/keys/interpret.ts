import type { Interpretation } from './key.ts';
import { interpretOpenSsh, isOpenSsh } from './openssh.ts';
import { interpretPgp } from './pgp.ts';
import { interpretDer } from './pkcs.ts';
import { WireReader } from './ssh-wire.ts';

export interface Context {
  /** The header's label. */
  readonly label: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly checksum: string | undefined;
  /** Whether an END closes the body. */
  readonly closed: boolean;
}

/** Says what the decoded body is, by the bytes themselves first and by the label where they do not tell. */
export function interpret(bytes: Buffer, context: Context): Interpretation {
  const { label, fields } = context;
  if (isOpenSsh(bytes)) return interpretOpenSsh(bytes);
  if (/ENCRYPTED/i.test(fields.get('proc-type') ?? '')) return interpretTraditional(bytes, context);
  if (label.startsWith('PGP')) return interpretPgp(bytes, context.checksum);
  if (label.startsWith('SSH2') || bytes.subarray(0, 4).equals(SSH2_MAGIC)) return interpretSsh2(bytes);
  if (/(?:COSIGN|SIGSTORE)/.test(label)) return interpretSigstore(bytes);
  const found = interpretDer(bytes, kindOf(label));
  return label.startsWith('ENCRYPTED') ? { ...found, encrypted: true } : found;
}

const LABELS: Readonly<Record<string, string>> = {
  '': 'PKCS#8',
  ENCRYPTED: 'PKCS#8',
  OPENSSH: 'OpenSSH',
  ED25519: 'Ed25519',
  X25519: 'X25519',
};

function kindOf(label: string): string {
  const name = label.replace(/ ?PRIVATE KEY.*$/, '');
  return LABELS[name] ?? name;
}

/** OpenSSL's own encryption (RFC 1421 header lines): the body tells nothing, its length must be that of whole cipher blocks. */
function interpretTraditional(bytes: Buffer, { label, fields, closed }: Context): Interpretation {
  const cipher = fields.get('dek-info')?.split(',')[0]?.toUpperCase() ?? '';
  const block = cipher.startsWith('DES') ? 8 : 16;
  const whole = closed && cipher !== '' && bytes.length % block === 0;
  return {
    state: whole ? 'proven' : closed ? 'unknown' : 'incomplete',
    kind: kindOf(label),
    encrypted: true,
    details: { type: kindOf(label), ...(cipher === '' ? {} : { cipher }) },
    reason:
      whole || closed ? 'the private key is encrypted with a passphrase' : 'the end of the private key is missing',
  };
}

const SSH2_MAGIC = Buffer.from([0x3f, 0x6f, 0xf9, 0xeb]);

/** SSH.com's format: magic, length of the whole, key type, cipher, encrypted or plain key. */
function interpretSsh2(bytes: Buffer): Interpretation {
  const base = { kind: 'SSH2', encrypted: true, details: {} };
  if (!bytes.subarray(0, 4).equals(SSH2_MAGIC)) {
    return { ...base, state: 'unknown', reason: 'its body is not the structure of a known private key' };
  }
  const reader = new WireReader(bytes.subarray(4));
  const length = reader.number() ?? 0;
  const type = reader.string()?.toString('latin1') ?? '';
  const cipher = reader.string()?.toString('latin1') ?? '';
  const encrypted = cipher !== 'none';
  const details = {
    ...(/^[\x21-\x7e]{1,100}$/.test(type) ? { type } : {}),
    ...(/^[\w-]{1,40}$/.test(cipher) ? { cipher } : {}),
  };
  if (length > bytes.length)
    return { ...base, encrypted, details, state: 'incomplete', reason: 'the end of the private key is missing' };
  const reason = encrypted ? 'the private key is encrypted with a passphrase' : 'the private key is not encrypted';
  return { kind: 'SSH2', encrypted, details, length, state: encrypted ? 'proven' : 'complete', reason };
}

/** Sigstore's cosign: JSON with kdf, cipher and ciphertext. */
function interpretSigstore(bytes: Buffer): Interpretation {
  const text = bytes.toString('latin1');
  const whole = text.startsWith('{') && /"kdf"/.test(text) && /"ciphertext"/.test(text) && text.trimEnd().endsWith('}');
  return {
    state: whole ? 'proven' : text.startsWith('{"kdf"') ? 'incomplete' : 'unknown',
    kind: 'Sigstore',
    encrypted: true,
    details: {},
    reason: whole
      ? 'the private key is encrypted with a passphrase'
      : 'its body is not the structure of a known private key',
  };
}
