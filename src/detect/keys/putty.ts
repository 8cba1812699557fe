import { crypto } from '../crypto.ts';
import { trimNoise } from './fields.ts';
import { type KeyExtraction, type KeyRefusal, LONGEST_BODY, SMALLEST_KEY } from './key.ts';
import { readLines } from './lines.ts';
import { dsaBelongs, ed25519Belongs, rsaBelongs } from './openssh.ts';
import { sha256 } from './public-key.ts';
import { ecPoint, readSshPublicKey, type SshPublicKey, sshFingerprint, WireReader, writeStrings } from './ssh-wire.ts';

export const PUTTY_MARK = 'PuTTY-User-Key-File-';

/** The file's text with line breaks as meant; each character knows where it ends in the source. */
interface Flat {
  readonly text: string;
  readonly ends: readonly number[];
}

interface Fields {
  readonly version: string;
  readonly type: string;
  readonly encryption: string;
  readonly comment: string;
  readonly publicBlob: Buffer;
  readonly privateBlob: Buffer;
  readonly mac: string | undefined;
  /** Offset in the flat text after the last thing that belongs to the key. */
  readonly end: number;
  readonly whole: boolean;
}

/**
 * Reads a PuTTY key file, versions 1 to 3 (PuTTY manual, appendix C).
 * @param from 0-based offset of `PuTTY-User-Key-File-`
 */
export function readPutty(text: string, from: number): KeyExtraction | KeyRefusal | undefined {
  const flat = flatten(text, from);
  const head = /^PuTTY-User-Key-File-([123]): ?([\w@.-]{1,64})/.exec(flat.text);
  if (head === null) return undefined;
  const fields = readFields(flat.text, head);
  const end = flat.ends[Math.max(fields.end, head[0].length) - 1]!;
  if (fields.privateBlob.length === 0 || fields.publicBlob.length + fields.privateBlob.length < SMALLEST_KEY) {
    return { start: from, end, refused: 'no key follows the header' };
  }
  return extraction(fields, from, end);
}

function flatten(text: string, from: number): Flat {
  const limit = Math.min(text.length, from + LONGEST_BODY);
  const next = text.indexOf(PUTTY_MARK, from + 1);
  const ends: number[] = [];
  let flat = '';
  for (const line of readLines(text, from, from, next < 0 ? limit : Math.min(next, limit), false)) {
    flat += `${line.text}\n`;
    for (const end of line.ends) ends.push(end);
    ends.push(ends.at(-1) ?? from);
    if (/Private-(?:MAC|Hash): ?[0-9a-f]{40}/.test(line.text)) break;
  }
  return { text: flat, ends };
}

/** The comment: up to the line's end, or to the next header where line breaks became blanks. */
function commentOf(text: string): string {
  const from = text.indexOf('Comment: ') + 'Comment: '.length;
  if (from < 'Comment: '.length) return '';
  const line = text.slice(from, text.indexOf('\n', from));
  const next = line.indexOf(' Public-Lines: ');
  return trimNoise(next < 0 ? line : line.slice(0, next));
}

function readFields(text: string, head: RegExpExecArray): Fields {
  const publicPart = section(text, 'Public-Lines', /Key-Derivation|Private-Lines/g);
  const privatePart = section(text, 'Private-Lines', /Private-(?:MAC|Hash)/g);
  const mac = /Private-(?:MAC|Hash): ?([0-9a-f]{40,64})/.exec(text);
  return {
    version: head[1]!,
    type: head[2]!,
    encryption: /Encryption: ?([\w-]+)/.exec(text)?.[1] ?? '',
    comment: commentOf(text),
    publicBlob: publicPart.bytes,
    privateBlob: privatePart.bytes,
    mac: mac?.[1],
    end: mac === null ? Math.max(publicPart.end, privatePart.end) : mac.index + mac[0].length,
    whole: mac !== null && publicPart.whole && privatePart.whole,
  };
}

interface Section {
  readonly bytes: Buffer;
  readonly end: number;
  readonly whole: boolean;
}

/** The base64 lines after `<name>: <count>`; each but the last has 64 characters, all of them a multiple of four. */
function section(text: string, name: string, closing: RegExp): Section {
  const head = new RegExp(`${name}: ?(\\d{1,4})`).exec(text);
  if (head === null) return { bytes: Buffer.alloc(0), end: 0, whole: false };
  const from = head.index + head[0].length;
  closing.lastIndex = from;
  const to = closing.exec(text)?.index ?? text.length;
  const wanted = Number(head[1]);
  const rows: string[] = [];
  let end = from;
  for (const row of text.slice(from, to).matchAll(/[A-Za-z0-9+/]{3,}={0,2}/g)) {
    if (rows.length === wanted || row[0].length % 4 !== 0) break;
    rows.push(row[0]);
    end = from + row.index + row[0].length;
  }
  return { bytes: Buffer.from(rows.join(''), 'base64'), end, whole: rows.length === wanted };
}

function extraction(fields: Fields, start: number, end: number): KeyExtraction {
  const publicKey = readSshPublicKey(fields.publicBlob);
  const encrypted = fields.encryption !== 'none';
  const proven =
    fields.whole && (encrypted || macFits(fields) || (publicKey !== undefined && belongs(fields, publicKey)));
  const grade = proven ? 'parsed' : fields.whole ? 'shape' : 'truncated';
  const inClear = grade === 'parsed' && !encrypted && publicKey !== undefined;
  return {
    start,
    end,
    kind: 'PuTTY',
    grade,
    encrypted,
    identity: inClear
      ? `spki:${publicKey.spki}`
      : `key:${sha256(Buffer.concat([fields.publicBlob, fields.privateBlob]))}`,
    details: {
      type: fields.type,
      ...publicKey?.details,
      ...(fields.publicBlob.length > 0 ? { fingerprint: sshFingerprint(fields.publicBlob) } : {}),
      ...(/^[\x20-\x7e]{1,100}$/.test(fields.comment) ? { comment: fields.comment } : {}),
      ...(encrypted ? { cipher: fields.encryption } : {}),
    },
    reasons: [reasonOf(grade, encrypted)],
  };
}

function reasonOf(grade: KeyExtraction['grade'], encrypted: boolean): string {
  if (grade === 'truncated') return 'the end of the private key is missing';
  if (encrypted) return 'the private key is encrypted with a passphrase';
  return grade === 'parsed' ? 'the private key parses' : 'its private and public halves do not belong together';
}

/** The file's own proof, which needs no passphrase when the key is in the clear. */
function macFits(fields: Fields): boolean {
  const text = [fields.type, fields.encryption, fields.comment].map((part) => Buffer.from(part, 'latin1'));
  const data = writeStrings(...text, fields.publicBlob, fields.privateBlob);
  const mac =
    fields.version === '3'
      ? crypto().createHmac('sha256', Buffer.alloc(0)).update(data)
      : crypto()
          .createHmac('sha1', crypto().createHash('sha1').update('putty-private-key-file-mac-key').digest())
          .update(data);
  return mac.digest('hex') === fields.mac;
}

/** Whether the private blob holds the private half of the public one. */
function belongs(fields: Fields, publicKey: SshPublicKey): boolean {
  const open = new WireReader(fields.publicBlob);
  const secret = new WireReader(fields.privateBlob);
  open.string();
  if (fields.type === 'ssh-rsa') {
    const [, n] = open.strings(2) ?? [];
    const [, p, q] = secret.strings(3) ?? [];
    return n !== undefined && p !== undefined && rsaBelongs(n, p, q!);
  }
  const first = secret.string();
  if (first === undefined) return false;
  if (fields.type === 'ssh-dss') return dsaBelongs([...(open.strings(4) ?? []), first]);
  if (fields.type === 'ssh-ed25519') return ed25519Belongs(first, publicKey);
  const [curve, point] = open.strings(2) ?? [];
  return point !== undefined && ecPoint(curve!.toString('latin1'), first)?.equals(point) === true;
}
