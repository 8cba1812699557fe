import { letterParts } from '../judge/words.ts';
import {
  AUTH,
  GENERIC_AUTH,
  HEADS,
  KEY,
  KEY_HEADS,
  PASSWORD,
  SECRET,
  SPOILERS,
  TAILS,
  TEXTS,
  TOKEN,
  VARIANTS,
} from './name-words.ts';

/** What a name promises: the kinds differ in what values are believable under them. `vague` ones need a random value. */
export type NameKind = 'password' | 'secret' | 'token' | 'key' | 'auth' | 'vague';

/** A name judged: its kind, or why it does not name a secret. */
export type NameVerdict = { readonly kind: NameKind } | { readonly refused: string };

/**
 * Keywords whose occurrences (in any case) are worth a call of `readAssignments`. Together they stand in every name
 * that `judgeName` takes.
 */
export const ASSIGNMENT_ANCHORS: readonly string[] = [
  'pass',
  'pwd',
  'psw',
  'secret',
  'token',
  'key',
  'cred',
  'auth',
  'bearer',
  'identified',
  'kennwort',
  'geheim',
  'contrase',
  'senha',
  'clave',
  'segredo',
  'jeton',
  'mdp',
  'chave',
];

/** Names repeat: their verdicts are remembered, up to this many. */
const REMEMBERED = 1000;
const judged = new Map<string, NameVerdict>();

const NO_PASS = /(?:by|com|sur|tres|under|over|render|low|high|band|single|multi)pass$/;
const NO_KEY =
  /(?:mon|don|tur|jock|whis|hoc|hot|keyboard|foreign|primary|sort|partition|cache|pub|public|row|field|map|object)key$/;

/**
 * Judges whether a name is one that secrets are kept under. The last part decides (`token_type` is a type), some other
 * parts spoil it (`public_key`, `next_token`).
 */
export function judgeName(name: string): NameVerdict {
  let verdict = judged.get(name);
  if (verdict === undefined) {
    if (judged.size >= REMEMBERED) judged.clear();
    verdict = judgeParts(name);
    judged.set(copied(name), verdict);
  }
  return verdict;
}

/** A copy of its own: a slice would keep the whole text it was cut from in memory. */
function copied(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1');
}

function judgeParts(name: string): NameVerdict {
  if (name === 'PWD' || name === 'OLDPWD') return { refused: 'the working directory' };
  const parts = nameParts(name);
  let last = parts.length - 1;
  while (last > 0 && VARIANTS.has(parts[last]!) && !isKeyword(parts[last]!)) last--;
  const word = parts[last];
  if (word === undefined) return { refused: 'not the name of a secret' };
  const kind = kindOf(parts, last);
  if (kind === undefined) return lastButOne(parts, last);
  if (HEADS.has(parts[last - 1]!) || parts.some((part) => SPOILERS.has(part)))
    return { refused: 'not the name of a secret' };
  return { kind: parts.some((part) => TEXTS.has(part)) ? 'vague' : kind };
}

/** `api_key_stripe`: a keyword with a word after it that does not make it something else. */
function lastButOne(parts: readonly string[], last: number): NameVerdict {
  if (TAILS.has(parts[last]!)) return { refused: 'a name about a secret' };
  const kind = last > 0 ? kindOf(parts, last - 1) : undefined;
  const spoiled = parts.some((part) => SPOILERS.has(part)) || HEADS.has(parts[last - 2] ?? '');
  return kind === undefined || kind === 'vague' || kind === 'auth' || spoiled
    ? { refused: 'not the name of a secret' }
    : { kind: 'vague' };
}

/** The words of a name in lower case, UTF-8 letters made plain: `DB_contraseña[0]` → `db`, `contrasena`. */
function nameParts(name: string): string[] {
  let text = name;
  if (/[\x80-\xff]/.test(name)) {
    text = Buffer.from(name, 'latin1')
      .toString('utf8')
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '');
  }
  const parts = letterParts(text).map((part) => part.toLowerCase());
  return joined(parts);
}

/** `pass word`, `pass phrase`, `mot de passe`, `passe` and the like come apart at underscores and case. */
function joined(parts: string[]): string[] {
  const out: string[] = [];
  for (const part of parts) {
    const before = out[out.length - 1];
    if (before === 'pass' && /^(?:word|phrase|code|wd|wort)$/.test(part)) out[out.length - 1] = before + part;
    else if (part === 'passe' && before === 'de') out.splice(-2, 2, 'motdepasse');
    else out.push(part);
  }
  return out;
}

function isKeyword(part: string): boolean {
  return PASSWORD.has(part) || SECRET.has(part) || TOKEN.has(part) || AUTH.has(part) || part === 'key';
}

function kindOf(parts: readonly string[], last: number): NameKind | undefined {
  const word = parts[last]!;
  if (PASSWORD.has(word) || /pass(?:word|wd|phrase|wort)$/.test(word)) return 'password';
  if (word.endsWith('pass') && !NO_PASS.test(word)) return 'password';
  if (SECRET.has(word) || word.endsWith('secret')) return 'secret';
  if (TOKEN.has(word) || (word.endsWith('token') && word.length > 7)) return 'token';
  if (KEY.has(word)) return 'key';
  if (word.endsWith('key') && word !== 'key') return NO_KEY.test(word) ? undefined : 'vague';
  if (word === 'key' || word === 'keys') return keyKind(parts, last);
  if (AUTH.has(word) && !(GENERIC_AUTH.has(word) && last === 0 && parts.length > 1)) return 'auth';
  return undefined;
}

function keyKind(parts: readonly string[], last: number): NameKind | undefined {
  const head = parts[last - 1];
  if (head === 'socket' || head === 'websocket') return undefined;
  if (head === 'secret') return 'secret';
  return head !== undefined && KEY_HEADS.has(head) ? 'key' : 'vague';
}
