/** Digits in groups of three, the same in every locale: `12,345`. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `1 place`, `2 places`; `plural` for words that don't just take an s. */
export const counted = (value: number, one: string, plural = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : plural}`;

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units with one digit: `12.3 MB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
};

/** Milliseconds as a duration: `85 ms`, `2.4 s`, `3 min 5 s`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** The first characters of an object id, enough to name it to a reader. */
export const shortId = (oid: string): string => oid.slice(0, 8);

/** `3 blobs, 1 tag-message`: entries by count (falling), then name. */
export const tally = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${grouped(count)} × ${name}`)
    .join(', ');

/** The day of an ISO 8601 date, in its own zone. */
export const dayOf = (isoDate: string): string => isoDate.slice(0, 10);
