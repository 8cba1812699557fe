const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  green: [32, 39],
} as const;

export type Style = keyof typeof CODES;

/** Puts a text into ANSI styles (ECMA-48 SGR), or leaves it as it is. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

export const createPaint = (color: boolean): Paint =>
  color
    ? (text, ...styles) =>
        styles.reduce((inner, style) => `\x1b[${CODES[style][0]}m${inner}\x1b[${CODES[style][1]}m`, text)
    : (text) => text;

/** Links a text in terminals that know OSC 8; the address must have passed `safeLink`. */
export const hyperlink = (text: string, address: string): string => `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\`;
