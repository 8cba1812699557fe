import { letterParts, WORD_LIKE, wordScore, wordShare } from './words.ts';

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^[A-Z]{2,10}\d?(?:_[A-Z]{1,10}\d{0,3}){1,6}$/, 'a constant'],
  [/^[\w.]+\([\w,. ]*\)(?:\.[\w.]+\([\w,. ]*\))*$/, 'a call'],
  [/^(?:true|false|null|nil|none|undefined|nan|yes|no|on|off)$/i, 'a keyword'],
  [/^[a-z][a-z\d+.-]{1,15}:\/\/(?![^/\s]*:[^/\s]*@)\S*$/i, 'a URL without a password'],
  [
    /^(?:www\.)?[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|io|dev|local|localhost|internal|gov|edu|html?|aspx?|php|jsp)(?:[/:?#]\S*)?$/i,
    'a host name or page',
  ],
  [/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/, 'an e-mail address'],
  [/^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$/, 'an IP address'],
  // Also the ranges of package managers: ^1.2, >=2 <3, 1.x || 2.x, npm:^3.0.0.
  [
    /^(?:[a-z]{2,9}:)?(?:(?:[\^~=<>v]{0,3} ?v?\d+(?:\.(?:\d+|[x*])){1,3}(?:[-+][\w.]+)?)(?: ?(?:\|\||[,-])? ?|$)){1,6}$/,
    'a version',
  ],
  [/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?$|^\d\d?[/.]\d\d?[/.]\d{2,4}$/, 'a date'],
  [/^(?:application|text|image|audio|video|multipart|font)\/[\w.+*-]+(?:;.*)?$/, 'a media type'],
  [
    /^(?:rgba?|hsla?)\(|^#[0-9a-f]{3}(?:[0-9a-f]{3}){0,1}$|^-?[\d.]+(?:px|em|rem|vh|vw|%|ms|s|m|h|d|kb|mb|gb)$/i,
    'a style or a quantity',
  ],
  [/^[),;}\]].*[=;(){}]|^[A-Za-z_$][\w$]*\?\.[[\w]/, 'code'],
  [/^\??(?:[\w.-]+=[\w.%:-]*&){2,}[\w.-]+(?:=|$)/, 'a query string'],
  [/^--?[a-z][a-z\d]*(?:[-=][\w-]*)*$/, 'a command-line option'],
  [/^[A-Z][A-Z\d_]{2,}=/, 'another assignment'],
  [/^@[a-z\d][\w.-]*\/[\w.-]+$/, 'a package name'],
  [
    /^\/\^?.*\/[gimsuy]*$|^\/\^?\[|^\.\*|[\w\])]\{\d+(?:,\d*)?\}|^\^.*\$$|\(\?[:=!<]|\[\^?[a-z\d]-[a-z\d]\S*\][+*{]/i,
    'a regular expression',
  ],
  [/^(?:\/|\.{1,2}\/|~\/|[A-Za-z]:[\\/]|\\\\)[\w .@~%\\/{}-]*$/, 'a file path'],
  [
    /^@?%?[\w.-]+(?:\/[\w.-]+)*\.(?:json|ya?ml|xml|txt|pem|crt|cer|key|pub|p12|pfx|jks|js|mjs|ts|tsx|jsx|py|rb|go|java|php|cs|kt|c|h|cpp|rs|sh|ini|conf|cfg|toml|properties|env|log|md|png|svg|css|scss|db|sql|erb|enc|keystore|dat|bin)$/i,
    'a file name',
  ],
];

const CODE: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:new|await|async|return|typeof|function|lambda|func|def|class|const|let|var|static|public|private|not|sizeof|yield|throw)\b[ (]/,
    'code',
  ],
  [/^[&*!]*[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)*!?\s*[([]/, 'a call or a lookup'],
  [/^\\?[&*][A-Za-z_]\w*[,;]?$/, 'a reference'],
  [/^[&*!]*[A-Za-z_$][\w$]*(?:(?:::|->|\?\.)[A-Za-z_$][\w$]*)+$/, 'a member access'],
  [/^[([{]|[([{]$|=>|&&|\|\| | \+ |^\+|\)\.|;\s*$/, 'code'],
  [/^\$?[A-Za-z_][\w\\]*(?:::|->)/, 'a member access'],
  [/^[A-Z][\w.]*<.*>\??$|^\w+\[\]$/, 'a type'],
];

/**
 * Why a value is a name, a path, a sentence or code rather than a secret, as a short phrase; undefined when it is not.
 * `quoted` false adds the shapes that only unquoted text can have (calls, operators, types).
 */
export function identifierReason(value: string, quoted = true): string | undefined {
  const text = value.trim();
  for (const [pattern, reason] of SHAPES) if (pattern.test(text)) return reason;
  if (!quoted) for (const [pattern, reason] of CODE) if (pattern.test(text)) return reason;
  return memberReason(text) ?? colonReason(text) ?? pathReason(text) ?? sentenceReason(text) ?? nameReason(text);
}

/** `user.password`, `a.b.c`: words joined by dots. */
function memberReason(text: string): string | undefined {
  if (!/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(text)) return undefined;
  return wordShare(text) >= 0.6 ? 'a member access' : undefined;
}

/** `tls:gtls:x509:share`, `builtin:test_1:0`: words and numbers joined by colons. */
function colonReason(text: string): string | undefined {
  if (!/^[A-Za-z][\w.-]*(?::[\w.-]+){2,}$/.test(text)) return undefined;
  return wordShare(text) >= 0.5 || text.split(':').every((part) => part.length <= 5) ? 'an identifier' : undefined;
}

/** `data/user/a.b`: words joined by slashes, without a leading one. */
function pathReason(text: string): string | undefined {
  if (!/^[@%]?\w[\w.-]*(?:\/[\w.@%-]+){2,}$/.test(text)) return undefined;
  return wordShare(text) >= 0.3 || /\/\d{8}\//.test(text) ? 'a path' : undefined;
}

/** Three words or more that read like a sentence, or two with nothing else in them. */
function sentenceReason(text: string): string | undefined {
  if (!/\s/.test(text)) return undefined;
  const words = text.split(/\s+/);
  const plain = words.filter((word) => /^["'(]?[A-Za-z][a-z'-]*[.,:;!?)"']*$/.test(word) && likeWord(word)).length;
  if (words.length >= 3 && plain * 2 >= words.length) return 'a sentence';
  return plain === words.length ? 'words' : undefined;
}

function likeWord(word: string): boolean {
  return word.length <= 3 || wordScore(word) > WORD_LIKE;
}

/** Two word-like parts or more in camel, snake or kebab case with at most two digits, as programmers name things. */
function nameReason(text: string): string | undefined {
  if (!/^[\w$:./-]+$/.test(text) || (text.match(/\d/g)?.length ?? 0) > 2) return undefined;
  const parts = letterParts(text);
  if (parts.length < 2 || parts.some((part) => part.length > 16)) return undefined;
  const long = parts.filter((part) => part.length > 2);
  const wordy = long.filter((part) => wordScore(part) > WORD_LIKE + (part.length < 5 ? 0.8 : 0)).length;
  return long.length > 0 && wordy === long.length && (parts.length - long.length) * 2 <= parts.length
    ? 'an identifier'
    : undefined;
}
