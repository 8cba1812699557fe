import type { Assignment } from './assignment.ts';

const ESCAPES = /\\(?:[abefnrtv0\\]|x..|u[\da-f]{4}|\d{1,3})/gi;
const CODE =
  /^\s*[+.,)&|]\s|^["'`] ?[.+]|\s[+.&|]\s*$|^\$\(|\b(?:function|return|require|import)\b.*[({]|<\/[a-z]+>|\$\{[A-Z_]+:?[?-]/;

/**
 * Why a value is a piece of something larger (code between two literals, text in another language, one of several
 * arguments), as a short phrase; undefined when it stands for itself.
 */
export function fragmentReason(assignment: Assignment, before: string, after: string): string | undefined {
  const { value, quoted, style } = assignment;
  if (value.includes('\\') && value.replace(ESCAPES, '').length * 2 <= value.length) return 'mostly escapes';
  if (/[\x80-\xff]/.test(value) && isForeignText(value)) return 'text for people';
  if (/^[a-z][a-z\d+.-]{1,15}:\/\//i.test(value)) return 'a URL';
  if (/^[{[] *\\*["'{[]/.test(value)) return 'a structure';
  if (/^[\x80-\xff\W_]+$/.test(value)) return 'no letters or digits';
  if (CODE.test(value)) return 'code';
  if (!quoted && /\s\S+\s+\S/.test(value)) return 'text for people';
  if (/\s/.test(value) && /(?:^|\s)--?[a-z][\w-]*\s/i.test(value)) return 'a command';
  if (/:\/\/$/.test(before)) return 'part of a URL';
  if (/\w $/.test(before) && /^[A-Za-z ]+$/.test(value) && (style === 'json' || (!quoted && /^ [a-z]/.test(after))))
    return 'text for people';
  if (!quoted && style === 'yaml' && /^ [a-z]+\b/.test(after) && /^[A-Za-z]+$/.test(value)) return 'text for people';
  if (style === 'call' && /^["'`)\s]*,/.test(after) && !/(?:^|[._])(?:set|with|add|put)\w*$/i.test(assignment.name))
    return 'one of several arguments';
  if (quoted && /^["'`]?(?:\s*[+%]\s*[\w"'`(]|\s+\.\s)/.test(after)) return 'part of a longer text';
  if (!quoted && /^[[(]/.test(after)) return 'a call or a lookup';
  if (/\btypeof [\w.]*$|\b(?:type|kind) *={2,3} *$/.test(before)) return 'a type name';
  return undefined;
}

/** Whether UTF-8 text is words of a language: letters beyond Latin, or an accented letter and a space. */
function isForeignText(value: string): boolean {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return /[\u0370-\u1fff\u2e80-\uffdc]/.test(text) || (/[\u00c0-\u024f]/.test(text) && /\s/.test(text.trim()));
}
