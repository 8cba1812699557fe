import { LONGEST_BODY } from './key.ts';

/** The line that opens an armoured key. */
export interface Armour {
  /** `RSA PRIVATE KEY`, `PGP PRIVATE KEY BLOCK` … */
  readonly label: string;
  readonly start: number;
  /** Offset after the header's last dash. */
  readonly bodyStart: number;
  /** What stands before and after the label of the closing line. */
  readonly endOpens: string;
  readonly endCloses: string;
}

/** Where the search for the body stops. */
export interface Stop {
  /** Offset of the first character that is no body. */
  readonly at: number;
  /** Set when an END of the same label stands there: offset after it. */
  readonly end: number | undefined;
  /** The body was cut by the limit, not by the text. */
  readonly limited: boolean;
}

const PEM = { opens: '-----BEGIN ', closes: '-----', endOpens: '-----END ' } as const;
const SSH2 = { opens: '---- BEGIN ', closes: ' ----', endOpens: '---- END ' } as const;
const LONGEST_LABEL = 80;

/** The header at `from` (RFC 7468, RFC 4716, RFC 9580), or undefined when none of a private key starts there. */
export function readHeader(text: string, from: number): Armour | undefined {
  for (const style of [PEM, SSH2]) {
    if (!text.startsWith(style.opens, from)) continue;
    const labelStart = from + style.opens.length;
    const window = text.slice(labelStart, labelStart + LONGEST_LABEL + style.closes.length);
    const label = window.slice(0, Math.max(0, window.indexOf(style.closes)));
    if (!/^[A-Z0-9][A-Z0-9 _-]*$/.test(label) || !label.includes('PRIVATE KEY')) return undefined;
    const bodyStart = labelStart + label.length + style.closes.length;
    return { label, start: from, bodyStart, endOpens: style.endOpens, endCloses: style.closes };
  }
  return undefined;
}

/** The END, the next BEGIN or the limit, whichever comes first. */
export function findStop(text: string, armour: Armour): Stop {
  const limit = Math.min(text.length, armour.start + LONGEST_BODY);
  let at = armour.bodyStart;
  while ((at = text.indexOf('----', at)) >= 0 && at < limit) {
    const word = /-{4,5} ?(END|BEGIN) /y;
    word.lastIndex = at;
    const boundary = word.exec(text)?.[1];
    if (boundary === 'END') return { at, end: ownEnd(text, at, armour), limited: false };
    if (boundary === 'BEGIN') return { at, end: undefined, limited: false };
    at += 1;
  }
  return { at: limit, end: undefined, limited: limit < text.length };
}

/** Offset after the closing line when its label is that of the header; missing last dashes are forgiven. */
function ownEnd(text: string, at: number, armour: Armour): number | undefined {
  const closing = armour.endOpens + armour.label;
  if (!text.startsWith(closing, at)) return undefined;
  let end = at + closing.length;
  for (const letter of armour.endCloses) {
    if (text[end] !== letter) break;
    end++;
  }
  return /[A-Za-z0-9]/.test(text[end] ?? '') ? undefined : end;
}
