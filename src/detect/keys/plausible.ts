/** Judgements over a body that does not parse: is it random enough to be a key at all? */

/** Why a body is a placeholder, or undefined. `body` is base64 without padding. */
export function placeholderReason(body: string): string | undefined {
  const counts = new Map<string, number>();
  for (const letter of body) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  if (counts.size < 16 || Math.max(...counts.values()) > body.length / 3)
    return 'the body is filled with few characters';
  for (let period = 1; period <= Math.min(76, body.length / 2); period++) {
    if (body.startsWith(body.slice(period))) return 'the body repeats itself';
  }
  return undefined;
}

/** Whether the pieces look like base64 of random bytes rather than like words: long pieces of three kinds of characters. */
export function looksLikeBase64(pieces: readonly string[]): boolean {
  const body = pieces.join('');
  const short = pieces.slice(0, -1).reduce((sum, piece) => sum + (piece.length < 16 ? piece.length : 0), 0);
  const longest = Math.max(0, ...pieces.map((piece) => piece.length));
  if (longest < 24 || short > body.length / 4) return false;
  return [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(body));
}

/** Whether something in the text says that the body was shortened or left out by hand. */
export function isElided(text: string): boolean {
  return /\.{3}|\xe2\x80\xa6|\*{3}|<(?!\/?(?:br|p|div|span|code|pre|li|tr|td|b|i|em)\b)[A-Za-z][^<>\n]{2,60}>|\$\{|\{\{|(?<![A-Za-z\d+/])(?:redacted|snip|snipped|omitted)(?![A-Za-z\d+/])/i.test(
    text,
  );
}
