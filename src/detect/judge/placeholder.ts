import { repeatReason, sequenceCover } from './sequences.ts';
import { letterParts, WORD_LIKE, wordScore, wordShare } from './words.ts';

/** Words that mark a value as a stand-in wherever they are a whole part of it. */
const MARKERS = new Set(
  (
    'changeme changethis change replace replaceme replacethis placeholder example examples sample dummy fake fakes mock mocked ' +
    'stub bogus redacted masked hidden removed omitted censored todo fixme tbd your yours insert enter fill here invalid ' +
    'nonexistent notreal foobar lorem ipsum undefined null nil none unset empty blank notasecret expired wrong'
  ).split(' '),
);

/** Words that stand-ins are made of, besides the markers. They say nothing next to random characters. */
const FILLERS = new Set(
  (
    'a an the my our this that is it some any not no yes true false to be in of for with and or new old bad good real valid ' +
    'test tests testing tester demo foo bar baz qux quux abc def xyz asdf qwerty string value values text data name user users username ' +
    'admin administrator root guest default public private secret secrets password passwords passwd passphrase passcode pass pwd pw ' +
    'token tokens key keys apikey api auth oauth bearer basic access refresh client server app application service session cookie csrf id ' +
    'credential credentials creds login account host localhost database db postgres postgresql mysql mongo mongodb redis rabbitmq ' +
    'shared signing encryption jwt hmac aws azure google github gitlab slack twitter facebook consumer super very secure strong long ' +
    'production prod staging dev development local random generated goes please set use must use can anything something whatever ' +
    'var variable env environment config type field hash salt code number one two three first second other another mine own hello world'
  ).split(' '),
);

const TEMPLATES: readonly (readonly [RegExp, string])[] = [
  [/^\$\{.*\}$|^\$\(.*\)$|^`.*`$/, 'filled in by a shell'],
  [/^\$\{[\w:.-]+\}[/:.@_-]|^\$[A-Z][A-Z\d_]{2,}(?:[/:.@-]|$)|^\$\d[; /]/, 'filled in by a shell'],
  [/^\$\$?[A-Za-z_]\w*$|^\$env:\w+$/i, 'a variable'],
  [/^%[A-Za-z_]\w*%$/, 'a variable'],
  [/^%(?:\d+\$)?[-+0 #]*\d*(?:\.\d+)?[sdvqxfu@](?:%[sdvqxfu])*$/, 'a format directive'],
  [/^\{\{.*\}\}$|^\{%.*%\}$|^<%.*%>$/, 'filled in by a template'],
  [/^#\{.*\}$|^\{\w*\}$|^\\\(\w+\)$/, 'an interpolation'],
  [/^@[\w.-]+@$|^__\w+__$/, 'filled in by a build'],
  [/^<.*>$|^&lt;.*&gt;$/, 'a value in angle brackets'],
  [/^\[[\w .:-]*\]$/, 'a value in square brackets'],
  [/^:[a-z_]\w*$/, 'a symbol or bound parameter'],
];

/** A value that is put together from other values: `tok_${random(30)}`, cut by its reader or not. */
const INTERPOLATED = /\$\{ ?(?:[A-Za-z_$][\w$]*(?:[.?([ ]|\}|$)|['"`])|#\{\w/;

const EMBEDDED = /\$\{[\w.:-]+\}|\$\([\w .-]+\)|\{\{ ?[\w.$ -]+ ?\}\}|#\{[^}]*\}|%\([a-z_]+\)s|%\{\w+\}/gi;

/**
 * Why a value is only a stand-in for a secret, as a short phrase; undefined when nothing says so. Placeholder words count
 * where they are whole parts of the value or make up most of it, never as chance letters of a random string.
 */
export function placeholderReason(value: string): string | undefined {
  const text = value.trim();
  if (text === '') return 'empty';
  if (text.includes('EXAMPLE')) return 'marked as an example';
  if (!/[A-Za-z\d\x80-\xff]/.test(text)) return 'no letters or digits';
  if (/\b(?:your|my|the|some)[-_ ]?(?:api|access|secret|auth|bot)?[-_ ]?(?:token|key|secret|password)\b/i.test(text))
    return 'placeholder words';
  return (
    maskReason(text) ??
    templateReason(text) ??
    dominantReason(text) ??
    repeatReason(text) ??
    sequenceReason(text) ??
    wordReason(text)
  );
}

function maskReason(text: string): string | undefined {
  if (/\*{3}|\.{3}|\u2026|\u00e2\u0080\u00a6|(?:\u00e2\u0080\u00a2){2}|#{4}|\?{3}|_{5}|-{5}/.test(text))
    return 'masked or shortened';
  const crosses = /x{4,}/i.exec(text) ?? /(?:^|[^A-Za-z0-9])x{3}(?![A-Za-z0-9])/i.exec(text);
  if (crosses && (text.length < 48 || crosses[0].length >= 8)) return 'masked with x';
  return undefined;
}

/** One character is most of it: the nil UUID, a key filled up with zeros. */
function dominantReason(text: string): string | undefined {
  const letters = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (letters.length < 16) return undefined;
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return Math.max(...counts.values()) * 3 > letters.length * 2 ? 'mostly one character' : undefined;
}

function templateReason(text: string): string | undefined {
  for (const [pattern, reason] of TEMPLATES) if (pattern.test(text)) return reason;
  if (!/[{(]/.test(text)) return undefined;
  if (INTERPOLATED.test(text)) return 'an interpolation';
  const rest = text.replace(EMBEDDED, '');
  return rest.length < text.length && rest.length < 12 ? 'filled in by a template' : undefined;
}

function sequenceReason(text: string): string | undefined {
  const lower = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (lower.length < 3) return undefined;
  const covered = sequenceCover(lower, lower.length <= 6 ? 3 : 4);
  return covered >= lower.length * 0.75 ? 'a keyboard, alphabet or digit sequence' : undefined;
}

function wordReason(text: string): string | undefined {
  if (text.length > 80) return undefined;
  let marked = 0;
  let covered = 0;
  let letters = 0;
  for (const part of letterParts(text)) {
    const word = part.toLowerCase();
    letters += word.length;
    if (MARKERS.has(word)) marked += word.length;
    if (MARKERS.has(word) || FILLERS.has(word)) covered += word.length;
  }
  if (letters === 0) return undefined;
  if (marked > 0 && (marked * 3 >= text.length || wordShare(text) >= 0.6)) return 'a placeholder word';
  const others = text.length - letters;
  if (covered === letters && others <= Math.max(4, letters / 3)) return 'placeholder words only';
  return joinedReason(text, letters);
}

/** Words run together: `somefakekey`, `MYPASSWORD1`. Only when they cover nearly all letters. */
function joinedReason(text: string, letters: number): string | undefined {
  if (text.length > 40 || letters * 4 < text.length * 3) return undefined;
  const lower = text.toLowerCase().replace(/[^a-z]/g, '');
  if (wordScore(lower) < WORD_LIKE - 0.8) return undefined;
  const cover = new Uint8Array(lower.length + 1);
  for (let end = 1; end <= lower.length; end++) {
    let best = cover[end - 1]!;
    for (let size = 2; size <= 14 && size <= end; size++) {
      const reached = cover[end - size]! + size;
      if (reached > best && isListed(lower.slice(end - size, end), size)) best = reached;
    }
    cover[end] = best;
  }
  return cover[lower.length]! >= lower.length * 0.9 ? 'placeholder words only' : undefined;
}

function isListed(word: string, size: number): boolean {
  return MARKERS.has(word) || (FILLERS.has(word) && (size > 2 || word === 'my' || word === 'id' || word === 'is'));
}
